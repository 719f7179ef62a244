/** The head of a request as bytes. Under load the same go out again and again, and only the trace id in them is written anew. */
import { traceparent } from "../trace-id";

const BEFORE_ID = "traceparent: ";
const VERSION_CHARS = traceparent("").indexOf("-") + 1;

export class RequestHead {
  private readonly bytes: Buffer;
  private readonly idAt: number;

  /** `fixed`: request line and fields as Latin-1 text, each with its line end. `id`: "" for a request that carries none. */
  constructor(fixed: string, id: string) {
    const trace = id === "" ? "" : `${BEFORE_ID}${traceparent(id)}\r\n`;
    this.bytes = Buffer.from(`${fixed}${trace}\r\n`, "latin1");
    this.idAt = id === "" ? 0 : fixed.length + BEFORE_ID.length + VERSION_CHARS;
  }

  /** With another id, which is as long as the first; valid until the next call. */
  with(id: string): Buffer {
    if (this.idAt > 0) this.bytes.write(id, this.idAt, "latin1");
    return this.bytes;
  }
}
