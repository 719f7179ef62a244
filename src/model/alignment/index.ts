/** Clock alignment (reference: Marzullo's bounds, a line per epoch). What other rooms need of it. */
export { type AlignOptions, align } from "./align";
export { Aligner } from "./aligner";
export { type Alignment, type Offset, offsetsOf, UNALIGNED } from "./alignment";
export type { Exchanges } from "./events";
export { grainOf } from "./grain";
export { clockSentence } from "./words";
