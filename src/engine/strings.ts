/** The session's interned strings, apart by how many differ, so that columns of the few can be narrow. */
import { Ids } from "./ids";
import { Interner } from "./interner";
import { TextRanks } from "./text-order";

export class Strings {
  /** Methods, hosts, routes, protocols: few. */
  readonly names = new Interner();
  /** Targets, connections, errors: many. */
  readonly texts = new Interner();
  /** Request ids: about one a request, so their number is what joins the two sides. */
  readonly ids = new Ids();

  /** Their order, for sorting by them. */
  readonly nameRanks = new TextRanks(this.names);
  readonly textRanks = new TextRanks(this.texts);

  get bytes(): number {
    return this.names.bytes + this.texts.bytes + this.ids.bytes + this.nameRanks.bytes + this.textRanks.bytes;
  }

  name(number: number): string | null {
    return Number.isNaN(number) ? null : this.names.text(number);
  }

  text(number: number): string | null {
    return Number.isNaN(number) ? null : this.texts.text(number);
  }

  id(number: number): string | null {
    return Number.isNaN(number) ? null : this.ids.text(number);
  }
}
