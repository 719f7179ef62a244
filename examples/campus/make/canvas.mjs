// A picture in memory (RGBA) with the few strokes that the campus pictures are drawn with.

/** Reproducible random numbers in [0, 1): the pictures are the same on every machine. */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const mix = (a, b, t) => a.map((value, i) => value + (b[i] - value) * t);

export class Canvas {
  constructor(width, height) {
    this.width = width;
    this.height = height;
    this.data = new Uint8Array(width * height * 4).fill(255);
  }

  set(x, y, [r, g, b]) {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const at = (Math.floor(y) * this.width + Math.floor(x)) * 4;
    this.data[at] = r;
    this.data[at + 1] = g;
    this.data[at + 2] = b;
  }

  /** Calls `colour(x, y)` for each pixel of the rectangle; null leaves the pixel as it is. */
  paint(x0, y0, width, height, colour) {
    for (let y = Math.floor(y0); y < y0 + height; y++)
      for (let x = Math.floor(x0); x < x0 + width; x++) {
        const value = colour(x, y);
        if (value) this.set(x, y, value);
      }
  }

  rectangle(x, y, width, height, colour) {
    this.paint(x, y, width, height, () => colour);
  }

  /** From `top` to `bottom`, vertically. */
  gradient(x, y, width, height, top, bottom) {
    this.paint(x, y, width, height, (_, py) => mix(top, bottom, (py - y) / height));
  }

  disc(cx, cy, radius, colour) {
    this.paint(cx - radius, cy - radius, 2 * radius + 1, 2 * radius + 1, (x, y) =>
      (x - cx) ** 2 + (y - cy) ** 2 <= radius ** 2 ? colour : null,
    );
  }

  /** A closed outline of [x, y] points, filled by the even-odd rule. */
  polygon(points, colour) {
    const inside = (x, y) => {
      let odd = false;
      for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
        const [xi, yi] = points[i];
        const [xj, yj] = points[j];
        if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
      }
      return odd;
    };
    const xs = points.map(([x]) => x);
    const ys = points.map(([, y]) => y);
    const [left, top] = [Math.min(...xs), Math.min(...ys)];
    this.paint(left, top, Math.max(...xs) - left + 1, Math.max(...ys) - top + 1, (x, y) =>
      inside(x, y) ? colour : null,
    );
  }

  /** The grain of film, which is also what gives a JPEG its size. */
  grain(amount, next) {
    for (let i = 0; i < this.data.length; i += 4) {
      const shift = (next() - 0.5) * amount;
      for (let c = 0; c < 3; c++) this.data[i + c] = Math.max(0, Math.min(255, this.data[i + c] + shift));
    }
  }
}
