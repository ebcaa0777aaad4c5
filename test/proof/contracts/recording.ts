// Somebody who takes events into a list, and a publisher to them.
import { fault, type PublishedEvent, type PublisherPort } from "rapport/core";
import type { PublisherPlace, TakenEvent } from "rapport/testkit";

/** Takes events, or does not, or takes its time. */
export interface Taker {
  take(event: Pick<PublishedEvent, "id" | "data">): Promise<void>;
}

type Made = PublisherPlace["publisher"];

/** A publisher that gives every event to the taker, and nothing after its end. */
export function createRecording(taker: Taker): Made {
  let isEnded = false;
  return {
    name: "recording",
    publish: async (event) => {
      if (isEnded) throw fault("publisher.failed", "The publisher was closed.");
      await taker.take(event);
    },
    [Symbol.asyncDispose]: async () => {
      isEnded = true;
    },
  };
}

/** A place with a publisher that is made for its taker. */
export function recordingPlace(make: (taker: Taker) => Made & PublisherPort = createRecording): PublisherPlace {
  const list: TakenEvent[] = [];
  let isFailing = false;
  let held: Promise<void> = Promise.resolve();
  let release = () => {};
  const take: Taker["take"] = async ({ id, data }) => {
    await held;
    if (isFailing) throw new Error("Not now.");
    list.push({ id, data: structuredClone(data) });
  };
  return {
    publisher: make({ take }),
    taken: () => list,
    fail: () => {
      isFailing = true;
    },
    mend: () => {
      isFailing = false;
    },
    hold: () => {
      held = new Promise((resolve) => {
        release = resolve;
      });
    },
    release: () => release(),
  };
}
