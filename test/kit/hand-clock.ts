import type { ClockPort } from "rapport/core";

/** A clock that stands still until somebody moves it. */
export interface HandClock extends ClockPort {
  /** Moves on by that many milliseconds. */
  advance(ms: number): void;
}

/**
 * A clock at an instant. Whoever sleeps moves it on, so nothing in a test ever waits. A sleep that can be stopped is a
 * time limit: it first lets everything run that is ready, and moves the clock only when nobody stopped it meanwhile.
 */
export function createHandClock(startIso = "2030-01-01T00:00:00.000Z"): HandClock {
  let nowMs = Date.parse(startIso);
  if (Number.isNaN(nowMs)) throw new TypeError(`"${startIso}" is not an instant.`);
  return {
    now: () => nowMs,
    advance: (ms) => {
      nowMs += ms;
    },
    sleep: async (ms, stop) => {
      for (let round = 0; stop?.aborted === false && round < roundsBeforeLate; round += 1) await nextRound();
      if (stop?.aborted !== true) nowMs += ms;
    },
  };
}

const roundsBeforeLate = 20;

function nextRound(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
