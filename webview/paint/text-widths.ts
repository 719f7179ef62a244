/** Texts are measured once a font: measuring costs more than drawing. */
const REMEMBERED = 2_000;

export class TextWidths {
  readonly #widths = new Map<string, number>();
  #font = "";

  constructor(private readonly context: Pick<CanvasRenderingContext2D, "measureText" | "font">) {}

  width(text: string, font: string): number {
    if (font !== this.#font || this.#widths.size > REMEMBERED) {
      this.#widths.clear();
      this.#font = font;
    }
    let width = this.#widths.get(text);
    if (width === undefined) {
      this.context.font = font;
      width = this.context.measureText(text).width;
      this.#widths.set(text, width);
    }
    return width;
  }

  /** The text, or as much of it as fits with an ellipsis. */
  cut(text: string, room: number, font: string): string {
    if (this.width(text, font) <= room) return text;
    const each = this.width(text, font) / text.length;
    let length = Math.min(text.length - 1, Math.floor(room / each));
    while (length > 0 && this.width(`${text.slice(0, length)}…`, font) > room) length--;
    return length > 0 ? `${text.slice(0, length).trimEnd()}…` : "";
  }
}
