import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Overload, Predicted } from "../../../src/model/queueing/predict";
import { clientRecord, EPOCH, header, logText, requestId, serverRecord } from "../engine/sample-logs";
import { random } from "../model/random";
import { cli, inFolder } from "./support";

/** Light load: an exponential R S of 20 ms, 5 ms of network. */
function session(folder: string): string {
  const dice = random(5);
  const clients = [];
  const servers = [];
  for (let number = 1; number <= 4000; number++) {
    const at = number * 200_000;
    const served = Math.round(dice.exponential(20_000)) + 3;
    const [id, start] = [requestId(number), EPOCH + at];
    clients.push(
      clientRecord(number, at, { id, responseStart: start + served + 4000, responseEnd: start + served + 5000 }),
    );
    const marks = {
      parseStart: start + 2500,
      parseEnd: start + 2501,
      processEnd: start + 2502,
      sendEnd: start + 2500 + served,
    };
    servers.push(serverRecord(number, at, { id, ...marks }));
  }
  const path = join(folder, "light");
  mkdirSync(path);
  writeFileSync(join(path, "client.ndjson"), logText(header("client"), ...clients));
  writeFileSync(join(path, "server.ndjson"), logText(header("server"), ...servers));
  return path;
}

describe("predict", () => {
  it("is the textbook's M/M/c on a measured exponential demand, and takes another network's delay", () =>
    inFolder(async (folder) => {
      const path = session(folder);
      const words = ["predict", path, "--workers", "1", "2", "--rate", "40", "80", "--json"];
      const { predicted, measured }: { predicted: Predicted[]; measured: { network: number } } = JSON.parse(
        await cli(...words),
      );
      assert.equal(measured.network, 5000);
      // Queue at one worker: 0.8 ÷ 0.2 services; at two workers with a load of 0.8: 0.19 services.
      const queues = predicted.map(({ queue }) => queue);
      assert.ok(Math.abs(queues[0]! / 80_000 - 1) < 0.2, `${queues[0]}`);
      assert.equal(queues[1], null);
      assert.ok(Math.abs(queues[2]! / 3810 - 1) < 0.2, `${queues[2]}`);
      const delayed = JSON.parse(await cli(...words, "--network-delay", "100")) as { predicted: Predicted[] };
      assert.equal(Math.round(delayed.predicted[0]!.clientResponse - predicted[0]!.clientResponse), 95_000);
      // One worker answers 50/s: at 100/s every second adds one of waiting, and admission at 80 % refuses three in five.
      const picture = join(folder, "curves.svg");
      const overloaded = ["predict", path, "--workers", "1", "4", "--rate", "100", "--max-load", "0.8"];
      const { overload }: { overload: Overload[] } = JSON.parse(
        await cli(...overloaded, "--svg", picture, "--measured", path, "--json"),
      );
      assert.deepEqual(
        overload.map(({ workers, growth, refused }) => [workers, growth.toFixed(1), refused.toFixed(1)]),
        [[1, "1.0", "0.6"]],
      );
      assert.match(await cli(...overloaded), /^100\/s are too many for 1: .* 60 % are refused/m);
      const svg = readFileSync(picture, "utf8");
      assert.deepEqual([svg.match(/<circle/g)?.length, svg.match(/ workers?<\/text>/g)?.length], [1, 2]);
      // Half of R S on one processor: four workers are hardly more than it can do, 100/s.
      const sharing = ["predict", path, "--workers", "1", "4", "--processors", "1"];
      const shared = await cli(...sharing, "--processor-time", "10");
      assert.match(shared, /^1 worker answers at most (49|50)(\.\d)?\/s; /m);
      assert.match(shared, /^4 workers answer at most (9\d\.\d|100)\/s, which their processors limit; /m);
      assert.doesNotMatch(shared, /no log tells/);
      await assert.rejects(cli(...sharing), /name both/);
      await assert.rejects(cli(...sharing, "--processor-time", "500"), /is more than R S/);
      assert.match(await cli("predict", path, "--workers", "2", "--clients", "1", "10"), /^ +2 +10 /m);
    }));
});
