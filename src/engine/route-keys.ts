/** Routes as numbers: method and route, else method and path without its query. Each distinct one is a text once. */
import { Column } from "./column";
import { PairKeys } from "./groups";
import type { RowFacts } from "./row-facts";
import type { Strings } from "./strings";

/** `?` */
const QUERY = 63;

export class RouteKeys {
  private readonly keys = new PairKeys();
  /** Target → number of its path among the texts. */
  private readonly paths = new Column("u32");

  constructor(
    private readonly strings: Strings,
    private readonly facts: RowFacts,
  ) {}

  get bytes(): number {
    return this.keys.bytes + this.paths.bytes;
  }

  number(row: number): number {
    const { facts } = this;
    const route = facts.ofServer(row, "route");
    const method = facts.shared(row, "method");
    // An odd number is a route's, an even one a path's.
    const what = Number.isNaN(route) ? this.path(facts.shared(row, "target")) * 2 : route * 2 + 1;
    return this.keys.key(method, what);
  }

  /** As `GET /users/:id`. */
  text(number: number): string {
    const [method, what] = this.keys.pair(number);
    const { names, texts } = this.strings;
    const place = what % 2 === 1 ? names.text((what - 1) / 2) : texts.text(what / 2);
    return `${names.text(method)} ${place}`.trim();
  }

  private path(target: number): number {
    const known = this.paths.get(target);
    if (!Number.isNaN(known)) return known;
    const path = this.strings.texts.before(target, QUERY);
    this.paths.set(target, path);
    return path;
  }
}
