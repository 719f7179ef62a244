/**
 * Messages with typed arrays over HTTP, for the bench: a line of JSON in which each array is a placeholder, then the
 * arrays' bytes. What VS Code's channel does with a structured clone, close enough to count bytes and to wait for.
 */
const ARRAYS = { Uint8Array, Uint16Array, Uint32Array, Float32Array, Float64Array } as const;
type ArrayName = keyof typeof ARRAYS;
/** Typed arrays want aligned bytes. */
const ALIGN = 8;

interface Placeholder {
  $array: ArrayName;
  at: number;
  length: number;
}

const isPlaceholder = (value: unknown): value is Placeholder =>
  typeof value === "object" && value !== null && "$array" in value;

export function encode(message: unknown): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  let at = 0;
  const json = JSON.stringify(message, (_, value: unknown) => {
    if (!ArrayBuffer.isView(value)) return Number.isNaN(value) ? null : value;
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    const name = value.constructor.name as ArrayName;
    const placeholder: Placeholder = { $array: name, at, length: bytes.length / ARRAYS[name].BYTES_PER_ELEMENT };
    parts.push(bytes);
    at += Math.ceil(bytes.length / ALIGN) * ALIGN;
    return placeholder;
  });
  const text = new TextEncoder().encode(json);
  const head = Math.ceil((4 + text.length) / ALIGN) * ALIGN;
  const out = new Uint8Array(head + at);
  new DataView(out.buffer).setUint32(0, text.length);
  out.set(text, 4);
  let offset = head;
  for (const bytes of parts) {
    out.set(bytes, offset);
    offset += Math.ceil(bytes.length / ALIGN) * ALIGN;
  }
  return out;
}

export function decode(buffer: ArrayBuffer): unknown {
  const length = new DataView(buffer).getUint32(0);
  const head = Math.ceil((4 + length) / ALIGN) * ALIGN;
  return JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)), (_, value: unknown) =>
    isPlaceholder(value) ? new ARRAYS[value.$array](buffer, head + value.at, value.length) : value,
  );
}
