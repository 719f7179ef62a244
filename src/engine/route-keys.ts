/** Routes as numbers: method and route, else method and path without its query. Each distinct one is a text once. */
import { Column } from "./column";
import { PairKeys } from "./groups";
import type { RowFacts } from "./row-facts";
import type { Strings } from "./strings";

/** `?` */
const QUERY = 63;

export class RouteKeys {
  private readonly keys = new PairKeys();
  /** Number among the texts, of a target's path and of a route: a route that is spelt like a path is one with it. */
  private readonly paths = new Column("u32");
  private readonly routes = new Column("u32");

  constructor(
    private readonly strings: Strings,
    private readonly facts: RowFacts,
  ) {}

  get bytes(): number {
    return this.keys.bytes + this.paths.bytes + this.routes.bytes;
  }

  number(row: number): number {
    const route = this.facts.ofServer(row, "route");
    const place = Number.isNaN(route) ? this.path(this.facts.shared(row, "target")) : this.route(route);
    return this.keys.key(this.facts.shared(row, "method"), place);
  }

  /** As `GET /users/:id`. */
  text(number: number): string {
    const [method, place] = this.keys.pair(number);
    return `${this.strings.names.text(method)} ${this.strings.texts.text(place)}`.trim();
  }

  private path(target: number): number {
    const known = this.paths.get(target);
    if (!Number.isNaN(known)) return known;
    const path = this.strings.texts.before(target, QUERY);
    this.paths.set(target, path);
    return path;
  }

  private route(name: number): number {
    const known = this.routes.get(name);
    if (!Number.isNaN(known)) return known;
    const route = this.strings.texts.add(this.strings.names.text(name));
    this.routes.set(name, route);
    return route;
  }
}
