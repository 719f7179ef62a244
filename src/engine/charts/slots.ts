/** The slots of a chart over time: those of a schedule where there was one, else equal ones of a round width. */
import { SLOT_EVENT } from "../../model/schedule";
import { timeOfDay, wallMicros } from "../../model/wall-clock";
import type { DayAxis } from "../../protocol/charts";
import type { Chosen } from "./chosen";
import { Columns } from "./columns";

const MOST_SLOTS = 48;
const MINUTE = 60e6;

export interface Slots {
  scheduled: boolean;
  /** µs. */
  width: number;
  /** Beginnings on the chart's axis, ascending. */
  starts: Float64Array;
  /** Where on the axis each of the rows is: µs since midnight, or relative to base. */
  at: Float64Array;
  /** Slot of each of the rows; −1 where it is in none. */
  slot: Int32Array;
}

/** `starts`: when each row was wanted, µs since the epoch on the axis. */
export function slotsOf({ store, scope }: Chosen, starts: Float64Array, over: DayAxis): Slots {
  const place = (time: number): number =>
    over === "day" ? timeOfDay(wallMicros(time, scope.zone)) : time - store.base;
  const at = starts.map(place);
  const events = store.events.filter(({ name }) => name === SLOT_EVENT).sort((a, b) => a.time - b.time);
  return events.length > 0 ? scheduledSlots(events, starts, at, over, place) : equalSlots(at);
}

function equalSlots(at: Float64Array): Slots {
  const columns = Columns.over(at, MOST_SLOTS);
  return {
    scheduled: false,
    width: columns.width,
    starts: Float64Array.from({ length: columns.length }, (_, slot) => columns.from + slot * columns.width),
    at,
    slot: Int32Array.from(at, (time) => columns.at(time)),
  };
}

/** A request belongs to the slot that had begun last when it was wanted; slots of several days at one time are one. */
function scheduledSlots(
  events: readonly { time: number }[],
  starts: Float64Array,
  at: Float64Array,
  over: DayAxis,
  place: (time: number) => number,
): Slots {
  const begun = Float64Array.from(events, ({ time }) => time);
  // The event is written a moment after the slot's time of day, which is a whole minute.
  const places = begun.map((time) => (over === "day" ? Math.floor(place(time) / MINUTE) * MINUTE : place(time)));
  const distinct = Float64Array.from(new Set(places)).sort();
  const number = new Map([...distinct].map((start, slot) => [start, slot]));
  const gaps = distinct.subarray(1).map((start, slot) => start - distinct[slot]!);
  return {
    scheduled: true,
    width: gaps.length ? Math.min(...gaps) : MINUTE,
    starts: distinct,
    at,
    slot: Int32Array.from(starts, (time) => {
      const last = lastBegun(begun, time);
      return last < 0 ? -1 : number.get(places[last]!)!;
    }),
  };
}

/** The last of ascending times that is not after `time`; −1 where all are. */
function lastBegun(begun: Float64Array, time: number): number {
  let low = 0;
  let high = begun.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (begun[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
