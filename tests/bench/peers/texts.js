// Takes the first COUNT texts out of a dump of Reddit comments: one per line, line breaks as blanks.
//
//     node texts.js FILE COUNT
const fs = require('node:fs');
const readline = require('node:readline');

const [file, count] = process.argv.slice(2);
const lines = readline.createInterface({ input: fs.createReadStream(file) });
const texts = [];
lines.on('line', (line) => {
  if (texts.length === Number(count)) return;
  texts.push(JSON.parse(line).body.replace(/\s+/g, ' '));
  if (texts.length === Number(count)) lines.close();
});
lines.on('close', () => {
  process.stdout.write(`${texts.join('\n')}\n`, () => process.exit(0));
});
