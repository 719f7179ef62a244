/** Names of the event records that a schedule leaves in the client's log. */

/** Its `detail` is the schedule as JSON. */
export const SCHEDULE_EVENT = "schedule";
/** A slot has begun, or could not begin in time; the `detail` is its time of day. */
export const SLOT_EVENT = "slot";
export const MISSED_EVENT = "slot missed";
