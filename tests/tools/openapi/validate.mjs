// usage: node validate.mjs DOCUMENT...   prints what is wrong with OpenAPI documents; ends with 1 where something is
import { readFile } from "node:fs/promises";
import { Validator } from "@seriousme/openapi-schema-validator";

// This validator takes every member called $ref for a reference, also where that is the name of an input or of a member of an example.
function hideNames(value) {
  if (value === null || typeof value !== "object") {
    return;
  }
  if (!Array.isArray(value) && "$ref" in value && !(typeof value.$ref === "string" && value.$ref.startsWith("#/components/"))) {
    value.hidden_ref = value.$ref;
    delete value.$ref;
  }
  Object.values(value).forEach(hideNames);
}

let failed = false;
for (const file of process.argv.slice(2)) {
  const document = JSON.parse(await readFile(file, "utf8"));
  hideNames(document);
  const validator = new Validator();
  const { valid, errors } = await validator.validate(document);
  if (!valid || validator.version !== "3.1") {
    failed = true;
    console.log(`${file}: version ${validator.version}, ${JSON.stringify(errors, null, 1)}`);
    continue;
  }
  // Every reference must lead somewhere.
  validator.resolveRefs();
}
process.exit(failed ? 1 : 0);
