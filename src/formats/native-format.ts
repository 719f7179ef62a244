/** The native log as a `Format`: the general path, one JSON.parse a line. */
import type { Format } from "./format";
import { LineSplitter } from "./lines";
import { decodeNative, MAX_LINE_BYTES } from "./native";

export const nativeFormat: Format = {
  id: "native",
  label: "Request Timeline log",
  matches: (head) =>
    /^\uFEFF?\s*\{"type":"(header|server|client|pending|source|listen|anchor|event|cost|end)"/.test(head),
  open(sink) {
    return new LineSplitter(
      {
        line(text, number) {
          if (text.trim() === "") return;
          const record = decodeNative(text);
          if ("problem" in record) sink.problem(number, record.problem);
          else sink.record(record, number);
        },
        tooLong: (number) => sink.problem(number, `longer than ${MAX_LINE_BYTES} bytes`),
      },
      MAX_LINE_BYTES,
    );
  },
};
