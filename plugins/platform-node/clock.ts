import { setMaxListeners } from "node:events";
import type { ClockPort } from "rapport/core";

/** Node fires longer timers at once, so a long sleep is taken in parts. */
const timerMsMax = 2 ** 31 - 1;

/** The system's time. A sleep that can be stopped never keeps the process alive; one that cannot is waited for, and does. */
export function systemClock(): ClockPort {
  return { now: () => Date.now(), sleep };
}

async function sleep(ms: number, stop?: AbortSignal): Promise<void> {
  for (let left = ms; left > 0 && stop?.aborted !== true; left -= timerMsMax) {
    await pause(Math.min(left, timerMsMax), stop);
  }
}

function pause(ms: number, stop?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      stop?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    // Somebody waits between two tries: without this, a program with nothing else to do yet would end here without a word.
    if (stop === undefined) return;
    timer.unref();
    // A thousand may sleep until the same engine stops; Node would take that for a leak.
    setMaxListeners(0, stop);
    stop.addEventListener("abort", done);
  });
}
