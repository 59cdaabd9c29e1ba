// The same request in five languages: the same text as the server writes, with its reasons, see the classes in Snippets.

/** @typedef {(address: string, body: string) => string} Writer */

/** @param {string} text */
const single = (text) => text.replaceAll("\\", "\\\\").replaceAll("'", "\\'");

/** @param {string} text */
const double = (text) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\r", "\\r").replaceAll("\n", "\\n")}"`;

/** @param {string} text */
const shell = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** @type {Record<string, Writer>} */
export const writers = {
  curl: (address, body) => `curl ${shell(address)} \\
  -H 'Content-Type: application/json' \\
  -d ${shell(body)}`,

  csharp: (address, body) => `using System.Net.Http;
using System.Text;

using var http = new HttpClient();
var body = """
    ${body.replace(/\r\n|\r/g, "\n").replaceAll("\n", "\n    ")}
    """;
using var content = new StringContent(body, Encoding.UTF8, "application/json");
using var response = await http.PostAsync(${double(address)}, content);
Console.WriteLine(await response.Content.ReadAsStringAsync());`,

  python: (address, body) => `import json
import urllib.request

body = ${body.includes("'''") ? double(body) : `r'''${body}'''`}
request = urllib.request.Request(
    ${double(address)},
    body.encode(),
    {"Content-Type": "application/json"},
)
with urllib.request.urlopen(request) as response:
    print(json.load(response))`,

  javascript: (address, body) => `const response = await fetch(${double(address)}, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: ${body.includes("`") || body.includes("${") ? double(body) : `String.raw\`${body}\``},
});
console.log(response.status, await response.json());`,

  php: (address, body) => `<?php
$body = <<<'JSON'
${body}
JSON;
$context = stream_context_create(['http' => [
    'method' => 'POST',
    'header' => 'Content-Type: application/json',
    'content' => $body,
    'ignore_errors' => true,
]]);
echo file_get_contents('${single(address)}', false, $context), PHP_EOL;`,
};
