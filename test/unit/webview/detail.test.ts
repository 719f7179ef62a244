import assert from "node:assert/strict";
import { MARKS } from "../../../src/model/marks";
import { asJson, asText } from "../../../webview/detail/copy";
import { formulas } from "../../../webview/detail/formulas";
import { marksTable } from "../../../webview/detail/marks-table";
import { generate } from "../../ui/fixture/columns";
import { Store } from "../../ui/fixture/store";

const store = new Store(generate(200));
const detail = store.detail(9, 200);

describe("marks of a request", () => {
  it("are the eight, lane by lane, under their symbols and captions", () => {
    const lines = marksTable(detail, true).flatMap((lane) => lane.lines);
    assert.deepEqual(lines.map((line) => line.symbol).sort(), MARKS.map((mark) => mark.symbol).sort());
  });

  it("last until the next mark of their own lane, and their shares make up the whole", () => {
    for (const { clock, lines } of marksTable(detail, true)) {
      const { durations } = detail.request;
      const whole = clock === "client" ? durations.clientResponse! : durations.serverResponse!;
      const inside = lines.filter((line) => line.share !== null);
      assert.equal(
        inside.reduce((sum, line) => sum + line.lasts!, 0),
        whole,
      );
      assert.ok(Math.abs(inside.reduce((sum, line) => sum + line.share!, 0) - 1) < 1e-9);
    }
  });

  it("puts server marks on the client's axis only when aligned", () => {
    const ahead = { ...detail, offset: { value: 3_000_000, uncertainty: 40 } };
    const since = (aligned: boolean) =>
      marksTable(ahead, aligned)[1]!.lines.find((line) => line.key === "parseStart")!.since!;
    assert.equal(since(false) - since(true), 3_000_000);
  });

  it("says of an arrival what the queue does when aligned, and the interval as logged when not", () => {
    const { request } = detail;
    const of = (aligned: boolean) => {
      const arrival: [number, number] = [request.marks.parseStart! - 900, request.marks.parseStart! - 100];
      const durations = { ...request.durations, queue: 150 };
      const known = { ...request, marks: { ...request.marks, arrival }, durations, uncertainty: { queue: 50 } };
      return marksTable({ ...detail, request: known }, aligned)[1]!.lines.find(({ key }) => key === "arrival")!;
    };
    assert.deepEqual([of(true).lasts, of(true).half], [150, 50]);
    assert.deepEqual([of(false).lasts, of(false).half], [500, 400]);
  });

  it("counts from the lane's own start where the clocks cannot be compared", () => {
    const [, server] = marksTable({ ...detail, offset: null }, true);
    assert.equal(server!.lines.find((line) => line.key === "parseStart")!.since, 0);
  });

  it("leaves out a lane that has no mark", () => {
    const failed = Array.from({ length: 200 }, (_, at) => store.detail(at, 200)).find(
      ({ request }) => request.state === "failed",
    )!;
    assert.deepEqual(
      marksTable(failed, true).map(({ clock }) => clock),
      ["client"],
    );
  });
});

describe("formulas", () => {
  it("hold: R C = R S + network, with the numbers of the request", () => {
    const values = Object.fromEntries(formulas(detail).map(({ name, value }) => [name, value!]));
    assert.equal(values["R C"], values["R S"]! + values.Network!);
  });

  it("tell of a direction that is less than its uncertainty only the most that it can be", () => {
    const { request } = detail;
    const network = (networkUp: number, networkDown: number, half: number) => {
      const durations = { ...request.durations, networkUp, queue: 0, networkDown };
      const uncertainty = { networkUp: half, networkDown: half };
      return formulas({ ...detail, request: { ...request, durations, uncertainty } }).find(
        ({ name }) => name === "Network",
      )!.numbers;
    };
    assert.equal(network(4_000, 3_000, 0), "= up 4.0 + down 3.0");
    assert.equal(network(4_000, 3_000, 200), "= up 4.0 ± 0.2 + down 3.0 ± 0.2");
    assert.equal(network(4_000, 200, 1_000), "= up 4.0 ± 1.0 + down under 1.2");
    assert.equal(network(4_000, 3_000, 5_000), "= up under 9.0 + down under 8.0");
  });
});

describe("copy", () => {
  it("gives text with every known mark, and JSON that is the report's request", () => {
    const text = asText(detail, true);
    for (const { symbol } of MARKS) assert.ok(text.includes(symbol), symbol);
    assert.deepEqual(JSON.parse(asJson(detail)), detail.request);
  });
});
