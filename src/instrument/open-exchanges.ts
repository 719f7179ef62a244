/** All exchanges that have begun and not ended, oldest first: linked through the exchanges, so that it costs no object. */
import type { Exchange } from "./exchange";

export class OpenExchanges {
  oldest: Exchange | null = null;
  private youngest: Exchange | null = null;

  add(exchange: Exchange): void {
    exchange.older = this.youngest;
    if (this.youngest) this.youngest.younger = exchange;
    else this.oldest = exchange;
    this.youngest = exchange;
  }

  remove(exchange: Exchange): void {
    if (exchange.older) exchange.older.younger = exchange.younger;
    else this.oldest = exchange.younger;
    if (exchange.younger) exchange.younger.older = exchange.older;
    else this.youngest = exchange.older;
    exchange.older = null;
    exchange.younger = null;
  }
}
