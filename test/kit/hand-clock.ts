import type { ClockPort } from "rapport/core";

/** A clock that stands still until somebody moves it. */
export interface HandClock extends ClockPort {
  /** Moves on by that many milliseconds. */
  advance(ms: number): void;
}

/** A clock at an instant. Whoever sleeps moves it on, so nothing in a test ever waits. */
export function createHandClock(startIso = "2030-01-01T00:00:00.000Z"): HandClock {
  let nowMs = Date.parse(startIso);
  if (Number.isNaN(nowMs)) throw new TypeError(`"${startIso}" is not an instant.`);
  return {
    now: () => nowMs,
    advance: (ms) => {
      nowMs += ms;
    },
    sleep: async (ms, stop) => {
      if (stop?.aborted !== true) nowMs += ms;
    },
  };
}
