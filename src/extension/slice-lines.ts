/** Lines of a slice: what the editor shows at once of a log that is too large for it. About 2 MB of the native log. */
export const SLICE_LINES = 5_000;
