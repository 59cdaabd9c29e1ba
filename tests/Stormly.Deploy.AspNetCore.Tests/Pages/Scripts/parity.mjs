// Reads cases, and answers with what the page's script makes of them: the C# tests compare it with what the server makes of them.
import { readFileSync } from "node:fs";
const assets = process.argv[2];
const { layOut, quote, requestText, show } = await import(`${assets}/json.js`);
const { writers } = await import(`${assets}/snippets.js`);
const { texts, values, bodies, address } = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify({
  quoted: texts.map(quote),
  shown: values.map(show),
  laidOut: values.map((v) => layOut(v, 200)),
  written: bodies.map((b) => requestText(b)),
  programs: bodies.map((b) => Object.entries(writers).map(([key, write]) => [key, write(address, requestText(b))])),
}));
