// What is to be seen on the photographs: the mountains, the buildings, people. Each draws itself into a canvas.
import { random } from "./canvas.mjs";

const SKY = [
  [96, 150, 214],
  [226, 236, 244],
];

function mountains(canvas, base, height, colour, seed) {
  const next = random(seed);
  let ridge = height * (0.4 + next() * 0.4);
  const steps = [];
  for (let x = 0; x < canvas.width; x++) {
    if (x % 24 === 0) steps.push((next() - 0.5) * height * 0.09);
    ridge = Math.max(height * 0.15, Math.min(height, ridge + steps.at(-1) / 3));
    for (let y = base - ridge; y < base; y++) {
      const snow = base - y > height * 0.62 && (x * 7 + Math.floor(y) * 3) % 11 > 3;
      canvas.set(x, y, snow ? [238, 242, 247] : colour);
    }
  }
}

function tree(canvas, x, ground, size, seed) {
  const next = random(seed);
  canvas.rectangle(x - size / 16, ground - size * 0.4, size / 8, size * 0.4, [92, 66, 44]);
  for (let i = 0; i < 26; i++) {
    const shade = 70 + next() * 70;
    const radius = size * (0.08 + next() * 0.09);
    canvas.disc(x + (next() - 0.5) * size * 0.6, ground - size * (0.4 + next() * 0.5), radius, [shade / 2, shade, 40]);
  }
}

function building(canvas, x, y, width, height, colour, floors) {
  canvas.gradient(
    x,
    y,
    width,
    height,
    colour,
    colour.map((value) => value * 0.75),
  );
  const columns = Math.max(2, Math.round(width / 22));
  for (let floor = 0; floor < floors; floor++)
    for (let column = 0; column < columns; column++) {
      const [w, h] = [width / columns, height / floors];
      const lit = (floor * 5 + column * 3) % 4 === 0;
      canvas.rectangle(
        x + column * w + w / 4,
        y + floor * h + h / 4,
        w / 2,
        h / 2,
        lit ? [240, 222, 150] : [52, 70, 96],
      );
    }
}

function person(canvas, x, ground, size, coat, skin) {
  canvas.polygon(
    [
      [x - size * 0.16, ground],
      [x - size * 0.2, ground - size * 0.62],
      [x, ground - size * 0.74],
      [x + size * 0.2, ground - size * 0.62],
      [x + size * 0.16, ground],
    ],
    coat,
  );
  canvas.disc(x, ground - size * 0.84, size * 0.12, skin);
  canvas.paint(x - size * 0.13, ground - size * 0.98, size * 0.26, size * 0.1, (px, py) =>
    (px - x) ** 2 + (py - ground + size * 0.84) ** 2 < (size * 0.135) ** 2 ? [54, 38, 28] : null,
  );
}

const lawn = (canvas, from) =>
  canvas.gradient(0, from, canvas.width, canvas.height - from, [112, 152, 74], [66, 108, 46]);

function outdoors(canvas, horizon, seed) {
  canvas.gradient(0, 0, canvas.width, horizon, ...SKY);
  mountains(canvas, horizon, horizon * 0.7, [108, 122, 148], seed);
  mountains(canvas, horizon, horizon * 0.4, [82, 104, 100], seed + 1);
  lawn(canvas, horizon);
}

/** The banner above the main page. */
export function header(canvas) {
  outdoors(canvas, canvas.height * 0.8, 11);
  for (let i = 0; i < 7; i++)
    building(
      canvas,
      30 + i * 84,
      canvas.height * (0.36 + (i % 3) * 0.12),
      54,
      canvas.height * 0.5,
      [176, 148 - i * 6, 118],
      4,
    );
}

/** Students around a television set. */
export function television(canvas) {
  const { width, height } = canvas;
  canvas.gradient(0, 0, width, height, [214, 204, 184], [146, 130, 108]);
  canvas.rectangle(width * 0.3, height * 0.14, width * 0.4, height * 0.42, [44, 40, 42]);
  canvas.gradient(width * 0.33, height * 0.18, width * 0.34, height * 0.34, [60, 130, 190], [200, 220, 140]);
  canvas.rectangle(width * 0.46, height * 0.56, width * 0.08, height * 0.14, [44, 40, 42]);
  canvas.rectangle(0, height * 0.7, width, height * 0.3, [118, 84, 58]);
  for (let i = 0; i < 4; i++)
    person(canvas, width * (0.14 + i * 0.24), height, height * 0.55, [60 + i * 40, 80, 140 - i * 24], [208, 166, 134]);
}

/** The campus from the south. */
export function campus(canvas) {
  const { width, height } = canvas;
  outdoors(canvas, height * 0.5, 29);
  building(canvas, width * 0.08, height * 0.3, width * 0.3, height * 0.4, [182, 128, 100], 5);
  building(canvas, width * 0.44, height * 0.2, width * 0.18, height * 0.5, [206, 190, 160], 8);
  building(canvas, width * 0.68, height * 0.38, width * 0.26, height * 0.32, [166, 112, 92], 3);
  for (let i = 0; i < 9; i++)
    tree(canvas, width * (0.05 + i * 0.115), height * (0.78 + (i % 2) * 0.12), height * 0.26, 40 + i);
}

/** A portrait in an office. */
export function portrait(canvas) {
  const { width, height } = canvas;
  canvas.gradient(0, 0, width, height, [92, 76, 62], [58, 46, 40]);
  for (let row = 0; row < 3; row++)
    for (let book = 0; book < 14; book++)
      canvas.rectangle(book * (width / 14) + 2, row * height * 0.2 + 8, width / 18, height * 0.16, [
        90 + ((book * 37 + row * 11) % 120),
        60 + ((book * 17) % 70),
        50 + ((row * 41 + book) % 60),
      ]);
  person(canvas, width / 2, height * 1.05, height * 0.95, [44, 52, 92], [222, 182, 150]);
}

/** The student association's fair. */
export function fair(canvas) {
  const { width, height } = canvas;
  outdoors(canvas, height * 0.45, 53);
  for (let i = 0; i < 5; i++) {
    const x = width * (0.04 + i * 0.2);
    canvas.rectangle(x, height * 0.5, width * 0.15, height * 0.22, [226, 218, 204]);
    canvas.polygon(
      [
        [x - 8, height * 0.5],
        [x + width * 0.075, height * 0.34],
        [x + width * 0.15 + 8, height * 0.5],
      ],
      [
        [190, 60, 52],
        [58, 108, 170],
        [214, 164, 52],
      ][i % 3],
    );
  }
  for (let i = 0; i < 14; i++)
    person(
      canvas,
      width * (0.03 + i * 0.072),
      height * (0.86 + (i % 3) * 0.05),
      height * 0.26,
      [(i * 53) % 200, (i * 91) % 180, (i * 31) % 220],
      [212, 170, 140],
    );
}

/** The plaza in the evening. */
export function plaza(canvas) {
  const { width, height } = canvas;
  canvas.gradient(0, 0, width, height * 0.6, [44, 38, 84], [232, 148, 92]);
  mountains(canvas, height * 0.6, height * 0.24, [56, 50, 80], 71);
  for (let i = 0; i < 6; i++)
    building(
      canvas,
      width * (i * 0.17),
      height * (0.24 + ((i * 5) % 4) * 0.07),
      width * 0.15,
      height * 0.5,
      [96, 84, 98],
      7,
    );
  canvas.gradient(0, height * 0.7, width, height * 0.3, [150, 132, 124], [92, 82, 86]);
  for (let i = 0; i < 8; i++) {
    canvas.rectangle(width * (0.06 + i * 0.125), height * 0.56, 3, height * 0.3, [30, 30, 34]);
    canvas.disc(width * (0.06 + i * 0.125) + 1, height * 0.55, 7, [255, 236, 176]);
  }
}

/** The physical education centre, with its pool. */
export function pool(canvas) {
  const { width, height } = canvas;
  outdoors(canvas, height * 0.4, 97);
  building(canvas, width * 0.2, height * 0.22, width * 0.6, height * 0.3, [198, 202, 206], 2);
  canvas.paint(width * 0.1, height * 0.6, width * 0.8, height * 0.32, (x, y) => {
    const wave = Math.sin(x / 9 + Math.sin(y / 5) * 2) * 14;
    return [52 + wave, 148 + wave, 196 + wave];
  });
  for (let lane = 1; lane < 5; lane++)
    canvas.paint(width * 0.1, height * (0.6 + lane * 0.064), width * 0.8, 3, (x) =>
      Math.floor(x / 8) % 2 ? [232, 76, 60] : [250, 250, 250],
    );
  for (let i = 0; i < 5; i++) canvas.disc(width * (0.18 + i * 0.16), height * (0.635 + i * 0.062), 6, [210, 168, 138]);
}
