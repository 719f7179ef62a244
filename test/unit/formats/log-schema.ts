/** docs/log-format.schema.json as a check of one line. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv2020 from "ajv/dist/2020";

const file = join(__dirname, "../../../docs/log-format.schema.json");
const ajv = new Ajv2020({ discriminator: true, allowUnionTypes: true, strict: true, strictRequired: false });
const validate = ajv.compile(JSON.parse(readFileSync(file, "utf8")));

/** The schema's objections to a value; empty where it agrees. */
export function schemaFaults(value: unknown): string[] {
  return validate(value) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}
