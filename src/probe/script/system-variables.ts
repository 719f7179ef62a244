/** The variables that begin with `$`, as REST Client's documentation has them. */
import { randomInt, randomUUID } from "node:crypto";

/** The value, undefined where there is no such variable; throws in words where it is used wrongly. */
export function systemVariable(text: string, dotenv: () => Map<string, string>): string | undefined {
  const [name, ...words] = text.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  switch (name) {
    case "$guid":
    case "$uuid":
      return randomUUID();
    case "$randomInt": {
      const [least, most] = words.map(Number);
      if (!Number.isSafeInteger(least) || !Number.isSafeInteger(most) || least! >= most!)
        throw new Error("$randomInt needs two whole numbers, the smaller first");
      return String(randomInt(least!, most!));
    }
    case "$timestamp":
      return String(Math.floor(shifted(words).getTime() / 1000));
    case "$datetime":
      return formatted(shifted(words.slice(1)), words[0] ?? "iso8601", true);
    case "$localDatetime":
      return formatted(shifted(words.slice(1)), words[0] ?? "iso8601", false);
    case "$processEnv":
      return required(process.env[words[0] ?? ""], `the environment has no variable ${words[0] ?? ""}`);
    case "$dotenv":
      return required(dotenv().get(words[0] ?? ""), `.env has no variable ${words[0] ?? ""}`);
  }
  return undefined;
}

function required(value: string | undefined, otherwise: string): string {
  if (value === undefined) throw new Error(otherwise);
  return value;
}

/** Now, or `[number, unit]` from now. */
function shifted([amount, unit]: string[]): Date {
  const date = new Date();
  if (amount === undefined) return date;
  const by = Number(amount);
  if (!Number.isInteger(by)) throw new Error(`${amount} is not a whole number`);
  switch (unit) {
    case "ms":
      date.setUTCMilliseconds(date.getUTCMilliseconds() + by);
      break;
    case "s":
      date.setUTCSeconds(date.getUTCSeconds() + by);
      break;
    case "m":
      date.setUTCMinutes(date.getUTCMinutes() + by);
      break;
    case "h":
      date.setUTCHours(date.getUTCHours() + by);
      break;
    case "d":
      date.setUTCDate(date.getUTCDate() + by);
      break;
    case "w":
      date.setUTCDate(date.getUTCDate() + 7 * by);
      break;
    case "M":
      date.setUTCMonth(date.getUTCMonth() + by);
      break;
    case "Q":
      date.setUTCMonth(date.getUTCMonth() + 3 * by);
      break;
    case "y":
      date.setUTCFullYear(date.getUTCFullYear() + by);
      break;
    default:
      throw new Error(`${unit ?? "nothing"} is not a unit of time (y, Q, M, w, d, h, m, s, ms)`);
  }
  return date;
}

function formatted(date: Date, format: string, utc: boolean): string {
  // Shifted by the zone, the UTC getters tell local time.
  const zone = utc ? 0 : -date.getTimezoneOffset();
  const local = new Date(date.getTime() + zone * 60_000);
  const offset = `${zone < 0 ? "-" : "+"}${pad(Math.floor(Math.abs(zone) / 60))}:${pad(Math.abs(zone) % 60)}`;
  if (format === "rfc1123")
    return utc ? date.toUTCString() : local.toUTCString().replace(/GMT$/, offset.replace(":", ""));
  if (format === "iso8601") return utc ? date.toISOString() : local.toISOString().replace("Z", offset);
  const quoted = /^(["'])(.*)\1$/.exec(format);
  if (!quoted) throw new Error(`${format} is not a format: rfc1123, iso8601 or one in quotation marks`);
  return custom(local, quoted[2]!, offset);
}

const pad = (value: number, width = 2): string => String(value).padStart(width, "0");

/** The tokens of Day.js that are numbers. */
function custom(date: Date, format: string, offset: string): string {
  const tokens: Record<string, () => string> = {
    YYYY: () => pad(date.getUTCFullYear(), 4),
    YY: () => pad(date.getUTCFullYear() % 100),
    MM: () => pad(date.getUTCMonth() + 1),
    M: () => String(date.getUTCMonth() + 1),
    DD: () => pad(date.getUTCDate()),
    D: () => String(date.getUTCDate()),
    HH: () => pad(date.getUTCHours()),
    H: () => String(date.getUTCHours()),
    mm: () => pad(date.getUTCMinutes()),
    m: () => String(date.getUTCMinutes()),
    ss: () => pad(date.getUTCSeconds()),
    s: () => String(date.getUTCSeconds()),
    SSS: () => pad(date.getUTCMilliseconds(), 3),
    Z: () => offset,
    ZZ: () => offset.replace(":", ""),
  };
  return format.replace(
    /\[([^\]]*)\]|YYYY|YY|MM|M|DD|D|HH|H|mm|m|ss|s|SSS|ZZ|Z/g,
    (token, literal?: string) => literal ?? tokens[token]!(),
  );
}
