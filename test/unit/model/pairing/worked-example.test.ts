import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { joinClientStamps } from "../../../../src/model/pairing/client-stamps";
import { pairByOrder } from "../../../../src/model/pairing/order";
import { joinServerStamps } from "../../../../src/model/pairing/server-stamps";
import { decode } from "../../formats/stamps";

const example = JSON.parse(readFileSync("test/fixtures/thesis/worked_example.json", "utf8"));
const code: Record<string, string> = example.raw_per_code;
const SECOND = 918_666_940_000_000;

describe("the worked example", () => {
  const spellings: Record<string, [client: string, server: string]> = {
    "as listed": [
      `${example.raw_listing_as_printed.browser.join("\n")}\n`,
      `${example.raw_listing_as_printed.server.join("\n")}\n`,
    ],
    "as the code writes it": [
      code.browser_time_txt_appendix_I!,
      code.server_projlog2_appendix_H_strict! + code.server_http_log_appendix_G_F_shape!,
    ],
    "with two-line transactions": [
      code.browser_time_txt_appendix_I!.replaceAll("\n", "\r\n"),
      code.server_projlog2_appendix_H_names_as_listed! + code.server_http_log_if_timestamp_is_appendix_A!,
    ],
  };
  for (const [name, [browser, server]] of Object.entries(spellings))
    it(`${name}: one pair with its seven stamps`, () => {
      const clients = joinClientStamps(decode(browser).stamps);
      const servers = joinServerStamps(decode(server).stamps);
      assert.deepEqual([...clients.orphans, ...servers.orphans], []);
      assert.equal(clients.requests.length, 1);
      assert.equal(servers.requests.length, 1);
      const [c, s] = [clients.requests[0]!, servers.requests[0]!];
      const { requestStart, responseStart, responseEnd } = c;
      const { parseStart, parseEnd, processEnd, sendEnd } = s;
      assert.deepEqual(
        [requestStart, parseStart, parseEnd, processEnd, sendEnd, responseStart, responseEnd].map((t) => t! - SECOND),
        [80_000, 171_298, 178_134, 308_017, 308_993, 570_000, 2_000_000],
      );
      assert.equal(responseEnd! - requestStart, 1_920_000);
      assert.equal(sendEnd! - parseStart!, 137_695);
      assert.deepEqual([...pairByOrder(clients.requests, servers.requests).peers], [0]);
    });
});
