// usage: node call.mjs URL [EXAMPLE | BODY]   calls the plugin that an OpenAPI document describes, as a client does that knows nothing else of it.
// Sends an example of the document by its name (default: the first), or a body. Prints {"url", "status", "body", "retryAfter"}.
import SwaggerClient from "swagger-client";

const [url, what] = process.argv.slice(2);
const client = await SwaggerClient({ url });
if (client.errors.length > 0) {
  throw new Error(JSON.stringify(client.errors));
}
const [path, { post }] = Object.entries(client.spec.paths)[0];
const { examples } = post.requestBody.content["application/json"];
const requestBody = what?.startsWith("{") ? JSON.parse(what) : (examples[what] ?? Object.values(examples)[0]).value;
const call = { pathName: path, method: "post", requestBody, requestContentType: "application/json", responseContentType: "application/json" };
const answer = await client.execute(call).catch((error) => error.response ?? Promise.reject(error));
console.log(JSON.stringify({ url: answer.url, status: answer.status, body: answer.body ?? JSON.parse(answer.text), described: String(answer.status) in post.responses }));
