// Reads base64 documents, one a line, and writes what the Node recipe of URLR's documentation makes of each, in base64, or "!".
const lines = require('fs').readFileSync(0, 'utf8').split('\n').slice(0, -1);
console.log(lines.map((line) => {
  try {
    const body = Buffer.from(line, 'base64').toString('utf8');
    return Buffer.from(JSON.stringify(JSON.parse(body)).replace(/\//g, '\\/')).toString('base64');
  } catch {
    return '!';
  }
}).join('\n'));
