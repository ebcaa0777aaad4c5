import type { ClockPort } from "rapport/core";

/** A clock that stands still until it is moved; nothing sleeps on it. */
export interface HandClock extends ClockPort {
  to(instant: string): void;
}

/** Makes one that shows this instant. */
export function handClock(instant: string): HandClock {
  let nowMs = Date.parse(instant);
  return {
    now: () => nowMs,
    sleep: async () => undefined,
    to: (next) => {
      nowMs = Date.parse(next);
    },
  };
}
