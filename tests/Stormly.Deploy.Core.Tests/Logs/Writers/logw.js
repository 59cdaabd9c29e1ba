// Writes to LOG_FILE as Node does: flag (a or w), bytes per second, bytes in all. Each line has 1,000 bytes and its number.
const fs = require('fs');
const [flag, rate, total] = [process.argv[2], +process.argv[3], +process.argv[4]];
const stream = fs.createWriteStream(process.env.LOG_FILE, { flags: flag });
const pad = 'x'.repeat(989);
const lines = Math.floor(total / 1000);
let number = 0;
let last = Date.now();
(function go() {
  // What a busy machine held up is not caught up: the pace is never exceeded.
  const now = Date.now();
  const due = number + rate * Math.min(now - last, 50) / 1e6;
  last = now;
  for (; number < Math.min(due, lines); number++) {
    stream.write(String(number).padStart(9, '0') + ' ' + pad + '\n');
  }
  if (number < lines) setTimeout(go, 10); else stream.end();
})();
