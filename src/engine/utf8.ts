/** Texts as UTF-8 in one place that each text takes from the one before: no array is made for each. */

/** Readers of words look up to this many bytes beyond a text; what stands there means nothing. */
const BEYOND = 64;
const FIRST_BYTES = 1 << 10;

export class Utf8 {
  private readonly encoder = new TextEncoder();
  private bytes = new Uint8Array(FIRST_BYTES);
  /** Valid until the next `encode`. */
  view = new DataView(this.bytes.buffer);

  /** Puts a text at the view's beginning; its length in bytes. */
  encode(text: string): number {
    // A UTF-16 unit is at most three bytes of UTF-8.
    const most = text.length * 3 + BEYOND;
    if (this.bytes.length < most) {
      this.bytes = new Uint8Array(most * 2);
      this.view = new DataView(this.bytes.buffer);
    }
    return this.encoder.encodeInto(text, this.bytes).written;
  }
}
