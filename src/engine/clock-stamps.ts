/** What many pairs of records say of their logs' clocks: the same as one by one, column by column. */
import type { Exchanges } from "../model/alignment";
import type { Store } from "./store";

export interface PairExchanges extends Exchanges {
  clientLogs: Float64Array;
  serverLogs: Float64Array;
  clientStates: Float64Array;
  serverStates: Float64Array;
}

/** The client's and the server's record of each pair. Stamps in µs, NaN where unknown. */
export function exchangesOf(store: Store, clients: Uint32Array, servers: Uint32Array): PairExchanges {
  const { client, server, rows } = store;
  const answered = server.timesOf(servers, "processEnd");
  // A historical server says "processing complete" when the response is written: parsing is the last mark before it.
  rows.forEachByOrder(servers, (at) => {
    answered[at] = server.time(servers[at]!, "parseEnd");
  });
  return {
    clientLogs: client.column("log").gather(clients),
    serverLogs: server.column("log").gather(servers),
    clientStates: client.column("state").gather(clients),
    serverStates: server.column("state").gather(servers),
    sent: client.timesOf(clients, "requestStart"),
    received: server.timesOf(servers, "parseStart"),
    answered,
    seen: client.timesOf(clients, "responseStart"),
  };
}
