/** Source locations of a session: each place once, whichever process named it. */
import type { SourceRecord } from "../model/record";
import type { SourceLocation } from "../model/request";

export class Sources {
  private readonly places: SourceLocation[] = [];
  private readonly numbers = new Map<string, number>();

  get length(): number {
    return this.places.length;
  }

  add(record: SourceRecord): number {
    const place: SourceLocation = {
      name: record.name ?? null,
      file: record.file,
      line: record.line ?? null,
      column: record.column ?? null,
      confidence: record.confidence,
      ...(record.hash === undefined ? {} : { hash: record.hash }),
    };
    const key = JSON.stringify(place);
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.places.push(place) - 1;
      this.numbers.set(key, number);
    }
    return number;
  }

  /** All places, by their numbers. */
  list(): readonly SourceLocation[] {
    return this.places;
  }

  restore(places: readonly SourceLocation[]): void {
    for (const place of places) this.numbers.set(JSON.stringify(place), this.places.push(place) - 1);
  }

  location(number: number): SourceLocation | null {
    return this.places[number] ?? null;
  }

  /** What a row shows of a place: its name, else its file and line. */
  label(number: number): string | null {
    const place = this.places[number];
    return place ? (place.name ?? sourceLabel(place)) : null;
  }
}

export const sourceLabel = (place: SourceLocation): string =>
  place.line === null ? place.file : `${place.file}:${place.line}`;
