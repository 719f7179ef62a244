// Draws the site's pictures: `node examples/campus/make/images.mjs`. Each has exactly the size that the methodology's
// measurements name (K = 1024 bytes): the encoder's finest quality that fits, then a comment segment of the rest.
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import jpeg from "jpeg-js";
import omggif from "omggif";
import { Canvas, random } from "./canvas.mjs";
import { campus, fair, header, plaza, pool, portrait, television } from "./scenes.mjs";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../htdocs/images");
const K = 1024;

const PHOTOGRAPHS = [
  { name: "header.jpg", width: 600, height: 90, size: 11 * K, scene: header },
  { name: "tv-1.jpg", width: 320, height: 240, size: 19 * K, scene: television },
  { name: "campus.jpg", width: 420, height: 280, size: 25 * K, scene: campus },
  { name: "leshlaurie.jpg", width: 300, height: 380, size: 28 * K, scene: portrait },
  { name: "SA1.jpg", width: 480, height: 320, size: 30 * K, scene: fair },
  { name: "PL1.jpg", width: 480, height: 320, size: 34 * K, scene: plaza },
  { name: "PE1.jpg", width: 520, height: 360, size: 42 * K, scene: pool },
];

/** Buttons: a coloured plate with a mark of its own, `bars` from left to right in tenths of the height. */
const BUTTONS = [
  { name: "aboutcamp.gif", colour: [58, 96, 152], bars: [3, 6, 9, 6, 3], size: 365 },
  { name: "academics.gif", colour: [140, 58, 58], bars: [2, 4, 6, 8] },
  { name: "students.gif", colour: [64, 118, 74], bars: [8, 3, 8, 3, 8] },
  { name: "happenings.gif", colour: [166, 118, 44], bars: [5, 9, 2, 7] },
  { name: "search.gif", colour: [92, 74, 132], bars: [9, 1, 1, 1] },
  { name: "help.gif", colour: [52, 122, 130], bars: [1, 9, 1] },
  { name: "main.gif", colour: [96, 96, 104], bars: [7, 7, 7] },
];

const commentOf = (length) =>
  Buffer.from("Campus example of Request Timeline. ".repeat(length / 30 + 1)).subarray(0, length);

/** JPEG's comment segment is two bytes of marker, two of length and the text: it goes after the marker that starts the file. */
function padJpeg(bytes, size) {
  const text = commentOf(size - bytes.length - 4);
  const head = Buffer.from([0xff, 0xfe, (text.length + 2) >> 8, (text.length + 2) & 255]);
  return Buffer.concat([bytes.subarray(0, 2), head, text, bytes.subarray(2)]);
}

/** GIF's comment extension is two bytes of introducer, blocks of at most 255 bytes, a zero: it goes before the trailer. */
function padGif(bytes, size) {
  let rest = size - bytes.length - 3;
  const blocks = [];
  while (rest > 0) {
    const length = Math.min(255, rest - 1);
    blocks.push(Buffer.from([length]), commentOf(length));
    rest -= length + 1;
  }
  return Buffer.concat([bytes.subarray(0, -1), Buffer.from([0x21, 0xfe]), ...blocks, Buffer.from([0, 0x3b])]);
}

function photograph({ width, height, size, scene }, seed) {
  const canvas = new Canvas(width, height);
  scene(canvas);
  canvas.grain(10, random(seed));
  for (let quality = 95; quality > 0; quality--) {
    const { data } = jpeg.encode({ data: canvas.data, width, height }, quality);
    if (data.length + 4 <= size) return padJpeg(data, size);
  }
  throw new Error("too much picture for its size");
}

function button({ colour, bars, size }) {
  const [width, height] = [72, 24];
  const pixels = new Uint8Array(width * height);
  const step = width / bars.length;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const edge = x < 1 || y < 1 || x >= width - 1 || y >= height - 1;
      const bar = height - y < 3 + bars[Math.floor(x / step)] * 1.9 && x % step > step * 0.3 && x % step < step * 0.7;
      pixels[y * width + x] = edge ? 3 : bar ? 2 : y > height / 2 ? 1 : 0;
    }
  const [r, g, b] = colour;
  const hex = (scale) => (Math.min(255, r * scale) << 16) | (Math.min(255, g * scale) << 8) | Math.min(255, b * scale);
  const buffer = Buffer.alloc(4 * K);
  const writer = new omggif.GifWriter(buffer, width, height, { palette: [hex(1), hex(0.85), 0xf4f0e4, hex(0.5)] });
  writer.addFrame(0, 0, width, height, pixels);
  const bytes = buffer.subarray(0, writer.end());
  return size ? padGif(bytes, size) : bytes;
}

for (const [index, picture] of PHOTOGRAPHS.entries())
  writeFileSync(join(folder, picture.name), photograph(picture, index + 1));
for (const plate of BUTTONS) writeFileSync(join(folder, plate.name), button(plate));
