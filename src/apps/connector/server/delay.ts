// Makes guessing slow, without letting those who guess keep us busy.
import { randomInt } from "node:crypto";
import { refusalsWaitingMax, unauthorizedDelayMsMax, unauthorizedDelayMsMin } from "../limits.ts";

/** Lets answers to wrong credentials wait; a bounded number at a time. */
export interface Delay {
  /** Resolves after the delay with true, and at once with false when too many wait already. */
  wait(): Promise<boolean>;
}

/** Makes one; the time is random unless told otherwise. */
export function createDelay(delayMs: () => number = usualDelayMs, waitingMax: number = refusalsWaitingMax): Delay {
  let waiting = 0;
  return {
    wait: async () => {
      if (waiting >= waitingMax) return false;
      waiting += 1;
      await new Promise((resolve) => setTimeout(resolve, delayMs()));
      waiting -= 1;
      return true;
    },
  };
}

const usualDelayMs = () => randomInt(unauthorizedDelayMsMin, unauthorizedDelayMsMax);
