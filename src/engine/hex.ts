/** Lowercase hexadecimal digits ⇄ bits, four digits at a time. */

const DIGITS = new TextEncoder().encode("0123456789abcdef");

/** The 16 bits that four digits stand for; −1 where one of the four bytes is no digit or is uppercase. */
export function bitsOf(view: DataView, at: number): number {
  const word = view.getInt32(at, true);
  // Letters have bit 6 set: their low four bits begin at 1.
  const values = (word & 0x0f0f0f0f) + Math.imul((word >>> 6) & 0x01010101, 9);
  const letters = ((values + 0x06060606) >>> 4) & 0x01010101;
  // Spelt again it must be what it was; a value beyond 15 could be spelt as a byte that is no digit.
  const spelt = values + 0x30303030 + Math.imul(letters, 0x27);
  if ((values & 0xf0f0f0f0) !== 0 || spelt !== word) return -1;
  return ((values & 0xf) << 12) | (values & 0xf00) | ((values >>> 12) & 0xf0) | (values >>> 24);
}

/** Spells 32 bits as eight digits. */
export function spell(word: number, into: Uint8Array, at: number): void {
  for (let digit = 0; digit < 8; digit++) into[at + digit] = DIGITS[(word >>> (28 - digit * 4)) & 0xf]!;
}
