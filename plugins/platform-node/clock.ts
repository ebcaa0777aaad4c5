import { setMaxListeners } from "node:events";
import type { ClockPort } from "rapport/core";

/** Node fires longer timers at once, so a long sleep is taken in parts. */
const timerMsMax = 2 ** 31 - 1;

/** The system's time. A sleep alone never keeps the process alive. */
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
    timer.unref();
    if (stop === undefined) return;
    // A thousand may sleep until the same engine stops; Node would take that for a leak.
    setMaxListeners(0, stop);
    stop.addEventListener("abort", done);
  });
}
