// The script stands in the picture, before what it draws anew.
const script = document.currentScript;
const picture = script.ownerSVGElement;
const told = JSON.parse(script.previousElementSibling.textContent);
picture.classList.add('pv', 'live');
if (document.readyState === 'loading')
  document.addEventListener('DOMContentLoaded', () => begin(picture, told, kind));
else
  begin(picture, told, kind);
