import { getRandomValues } from "node:crypto";
import type { ClockPort, EntropyPort } from "rapport/core";

/** The system's time. A sleep alone never keeps the process alive. */
export const systemClock: Pick<ClockPort, "now" | "sleep"> = {
  now: () => Date.now(),
  sleep: (ms, stop) =>
    new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        stop?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      timer.unref();
      if (stop?.aborted === true) done();
      else stop?.addEventListener("abort", done);
    }),
};

/** The system's randomness. */
export const systemEntropy: EntropyPort = { bytes: (count) => getRandomValues(new Uint8Array(count)) };
