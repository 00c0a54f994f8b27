document.documentElement.classList.add('live');
if (document.readyState === 'loading')
  document.addEventListener('DOMContentLoaded', begin);
else
  begin();
