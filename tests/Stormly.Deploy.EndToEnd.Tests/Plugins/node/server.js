// Answers every POST with the name of its server and the props that it got.
// --port N: where to listen. --idle N: after how many milliseconds an idle connection is closed.
const option = name => Number(process.argv[process.argv.indexOf(name) + 1]);

const server = require('http').createServer((request, response) => {
  const chunks = [];
  request.on('data', chunk => chunks.push(chunk));
  request.on('end', () => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ server: 'node', props: JSON.parse(Buffer.concat(chunks)).props }));
  });
});
if (process.argv.includes('--idle')) {
  server.keepAliveTimeout = option('--idle');
}
server.listen(option('--port'), '0.0.0.0');
