// Writes to LOG_FILE as Node does: flag (a or w), bytes per second, bytes in all. Each line has 1,000 bytes and its number.
const fs = require('fs');
const [flag, rate, total] = [process.argv[2], +process.argv[3], +process.argv[4]];
const stream = fs.createWriteStream(process.env.LOG_FILE, { flags: flag });
const pad = 'x'.repeat(989);
const begin = Date.now();
const lines = Math.floor(total / 1000);
let number = 0;
(function go() {
  while (number < lines && number * 1000 < rate * (Date.now() - begin) / 1000) {
    stream.write(String(number).padStart(9, '0') + ' ' + pad + '\n');
    number++;
  }
  if (number < lines) setTimeout(go, 10); else stream.end();
})();
