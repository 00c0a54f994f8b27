// Something for node's trace: a file is read and a timer runs.
const fs = require('fs');
const text = fs.readFileSync('loom.cjs', 'utf8');
setTimeout(() => console.log(text.length), 1);
