/** The native log as a `Format`: the general path, one JSON.parse a line. */
import type { Format, RecordSink } from "./format";
import { LineSplitter } from "./lines";
import { decodeNative, MAX_LINE_BYTES } from "./native";

const RECORD_START = '{"type":"';

/** One line into the sink. Where a writer appended after a crash, a whole record stands behind a torn one. */
export function decodeLine(text: string, number: number, sink: RecordSink): void {
  if (text.trim() === "") return;
  const record = decodeNative(text);
  if (!("problem" in record)) {
    sink.record(record, number);
    return;
  }
  sink.problem(number, record.problem);
  const behind = text.lastIndexOf(RECORD_START);
  const rest = behind > 0 ? decodeNative(text.slice(behind)) : null;
  if (rest && !("problem" in rest)) sink.record(rest, number);
}

export const nativeFormat: Format = {
  id: "native",
  label: "Request Timeline log",
  matches: (head) =>
    /^\uFEFF?\s*\{"type":"(header|server|client|pending|source|listen|anchor|event|cost|end)"/.test(head),
  open(sink) {
    return new LineSplitter(
      {
        line: (text, number) => decodeLine(text, number, sink),
        tooLong: (number) => sink.problem(number, `longer than ${MAX_LINE_BYTES} bytes`),
      },
      MAX_LINE_BYTES,
    );
  },
};
