// Publishers that break one promise each, around one that keeps them all.
import type { PublisherPort } from "rapport/core";
import { createRecording, recordingPlace, type Taker } from "./recording.ts";
import type { Sample } from "./sample.ts";

const placeOf = (broken: (taker: Taker, honest: PublisherPort) => Partial<PublisherPort>) => ({
  place: () =>
    recordingPlace((taker) => {
      const honest = createRecording(taker);
      return { ...honest, ...broken(taker, honest) };
    }),
});

let started = 0;

/** Each with the sentences that it breaks. */
export const brokenPublishers: readonly Sample<ReturnType<typeof placeOf>>[] = [
  {
    name: "a publisher that resolves before the event was taken",
    subject: placeOf(({ take }) => ({
      publish: async (event) => {
        take(event).catch(() => undefined);
      },
    })),
    breaks: [
      "publishing resolves only after the event was taken",
      "while nobody takes events, publishing throws what may be tried again",
      "an event that was not taken arrives when it is tried again, under the same id",
      "events of one entity keep their order when some have to be tried again",
      "closing comes to an end, twice does no harm, and nothing is published afterwards",
    ],
  },
  {
    name: "a publisher that swallows failures",
    subject: placeOf((_taker, honest) => ({
      publish: (event, subscriber) => honest.publish(event, subscriber).catch(() => undefined),
    })),
    breaks: [
      "while nobody takes events, publishing throws what may be tried again",
      "an event that was not taken arrives when it is tried again, under the same id",
      "events of one entity keep their order when some have to be tried again",
      "closing comes to an end, twice does no harm, and nothing is published afterwards",
    ],
  },
  {
    name: "a publisher with another id for every try",
    subject: placeOf(({ take }) => ({ publish: ({ id, attempt, data }) => take({ id: `${id}-${attempt}`, data }) })),
    breaks: [
      "an event arrives with its data, and with its id where receivers see ids",
      "an event that was not taken arrives when it is tried again, under the same id",
      "closing comes to an end, twice does no harm, and nothing is published afterwards",
    ],
  },
  {
    name: "a publisher that goes on after its end",
    subject: placeOf(({ take }) => ({ publish: (event) => take(event) })),
    breaks: ["closing comes to an end, twice does no harm, and nothing is published afterwards"],
  },
  {
    name: "a publisher that takes the text out of the event",
    subject: placeOf((_taker, honest) => ({
      publish: async (event, subscriber) => {
        await honest.publish(event, subscriber);
        Reflect.deleteProperty(event.data, "text");
      },
    })),
    breaks: ["publishing changes nothing in the event"],
  },
  {
    name: "a publisher whose subscribers are called otherwise after a restart",
    subject: placeOf(() => {
      started += 1;
      const name = `reader-${started}`;
      return { subscribers: () => [name] };
    }),
    breaks: ["subscribers are names, the same for the same event, and mean the same after a restart"],
  },
  {
    name: "a publisher that takes every second event for a repeat",
    subject: placeOf((_taker, honest) => ({
      publish: async (event, subscriber) => {
        if (Number(event.data["number"]) % 2 === 0) await honest.publish(event, subscriber);
      },
    })),
    breaks: [
      "an event is not held back by one that came before it: publishing the same again resolves, too",
      "events of one entity arrive in their order",
      "events of one entity keep their order when some have to be tried again",
      "events of different entities go out side by side, each in its own order, and all arrive",
    ],
  },
];
