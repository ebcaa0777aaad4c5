// The promises of a publisher: at least once, in order, and honest about what was taken.
import { type OfferedEvent, type PublishedEvent, RapportError } from "rapport/core";
import { expect } from "vitest";
import { copied, frozen } from "./frozen.ts";
import type { Law } from "./law.ts";
import type { PublisherPlace, PublisherWorld } from "./publisher.ts";

/** Turns of the event loop after which whoever says something too early has said it. */
const patience = 30;

const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);

function eventOf(entity: string, number: number): PublishedEvent {
  return frozen({
    id: `law-${entity}-${number}`,
    account: "did:e:relay.test:dids:1111111111111111111111",
    accountName: "law",
    name: "consumption.incomingRequestReceived",
    at: "2030-01-01T00:00:00.000Z",
    data: { entity, number, text: "ä\u{1F600}\"'\n", list: [1, [null, true, {}]] },
    correlationId: `cause-${number}`,
    attempt: 1,
  });
}

const offered = ({ id: _id, attempt: _attempt, ...event }: PublishedEvent): OfferedEvent => frozen(event);

function subscriberOf({ publisher }: PublisherPlace): string {
  const [first] = publisher.subscribers?.(offered(eventOf("a", 0))) ?? [publisher.name];
  if (first === undefined) throw new Error("the publisher has no subscriber for consumption.incomingRequestReceived");
  return first;
}

const publish = (place: PublisherPlace, event: PublishedEvent) => place.publisher.publish(event, subscriberOf(place));

/** Publishes until it was taken, as the engine does, and gives the number of failures. */
async function publishUntilTaken(place: PublisherPlace, event: PublishedEvent, mend: () => unknown): Promise<number> {
  for (let failures = 0; failures < 50; failures += 1) {
    const attempt = { ...event, attempt: failures + 1 };
    const isTaken = await publish(place, attempt).then(
      () => true,
      () => false,
    );
    if (isTaken) return failures;
    await mend();
  }
  throw new Error("the event was not taken in 50 tries");
}

/** The numbers of an entity's events as they arrived first. */
async function arrivals(place: PublisherPlace, entity: string, atLeast: number): Promise<unknown[]> {
  const taken = await place.taken(atLeast);
  return [...new Set(taken.filter(({ data }) => data["entity"] === entity).map(({ data }) => data["number"]))];
}

/** The laws of every publisher. */
export const publisherLawList: readonly Law<PublisherWorld>[] = [
  {
    law: "a publisher has a name, and limits above zero if any",
    check: ({ place: { publisher } }) => {
      const { name, attemptsMax = 1, waitMs = 1, waitMaxMs = 1, publishMaxMs = 1 } = publisher;

      expect(name).toMatch(/\S/);
      expect([attemptsMax, waitMs, waitMaxMs, publishMaxMs].filter((limit) => !(limit > 0))).toEqual([]);
    },
  },
  {
    law: "subscribers are names, the same for the same event, and mean the same after a restart",
    check: async ({ place, another }) => {
      const restarted = await another();
      for (const name of ["consumption.incomingRequestReceived", "transport.messageReceived", "something.new"]) {
        const event = offered({ ...eventOf("a", 0), name });
        const ask = ({ publisher }: PublisherPlace) => publisher.subscribers?.(event);
        const first = ask(place);

        expect((first ?? []).filter((one) => typeof one !== "string" || one === "")).toEqual([]);
        expect(ask(place)).toEqual(first);
        expect(ask(restarted)).toEqual(first);
      }
    },
  },
  {
    law: "an event arrives with its data, and with its id where receivers see ids",
    check: async ({ place }) => {
      const event = eventOf("a", 0);
      await publish(place, event);

      const [taken, ...more] = await place.taken(1);
      expect(more).toEqual([]);
      expect(taken?.data).toEqual(event.data);
      expect(taken?.id ?? event.id).toBe(event.id);
    },
  },
  {
    law: "publishing resolves only after the event was taken",
    needs: ["hold", "release"],
    check: async ({ place }) => {
      let isOver = false;
      await place.hold?.();
      const publishing = publish(place, eventOf("a", 0)).then(() => {
        isOver = true;
      });
      for (let turn = 0; turn < patience; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      const wasEarly = isOver;
      await place.release?.();
      await publishing;

      expect(wasEarly, "it resolved while nobody had taken the event").toBe(false);
      expect(await place.taken(1)).toHaveLength(1);
    },
  },
  {
    law: "while nobody takes events, publishing throws what may be tried again",
    needs: ["fail", "mend"],
    check: async ({ place }) => {
      await place.fail?.();
      const problem: unknown = await publish(place, eventOf("a", 0)).then(
        () => "it resolved",
        (reason: unknown) => reason,
      );
      await place.mend?.();

      expect(problem).toBeInstanceOf(Error);
      expect(problem instanceof RapportError ? problem.retry : true, "a fault that may be tried again").toBe(true);
    },
  },
  {
    law: "an event that was not taken arrives when it is tried again, under the same id",
    needs: ["fail", "mend"],
    check: async ({ place }) => {
      const event = eventOf("a", 0);
      await place.fail?.();
      const failures = await publishUntilTaken(place, event, () => place.mend?.());

      const taken = await place.taken(1);
      expect(failures).toBeGreaterThan(0);
      expect(taken.map(({ data }) => data)).toEqual(taken.map(() => event.data));
      expect(taken.map(({ id }) => id ?? event.id)).toEqual(taken.map(() => event.id));
    },
  },
  {
    law: "an event is not held back by one that came before it: publishing the same again resolves, too",
    check: async ({ place }) => {
      const event = eventOf("a", 0);
      await publish(place, event);
      await publish(place, { ...event, attempt: 2 });
      await publish(place, eventOf("a", 1));

      expect(await arrivals(place, "a", 2)).toEqual([0, 1]);
    },
  },
  {
    law: "events of one entity arrive in their order",
    check: async ({ place }) => {
      for (const number of numbers(20)) await publish(place, eventOf("a", number));

      expect(await arrivals(place, "a", 20)).toEqual(numbers(20));
    },
  },
  {
    law: "events of one entity keep their order when some have to be tried again",
    needs: ["fail", "mend"],
    check: async ({ place }) => {
      for (const number of numbers(9)) {
        if (number % 4 === 2) await place.fail?.();
        await publishUntilTaken(place, eventOf("a", number), () => place.mend?.());
      }

      expect(await arrivals(place, "a", 9)).toEqual(numbers(9));
    },
  },
  {
    law: "events of different entities go out side by side, each in its own order, and all arrive",
    check: async ({ place }) => {
      const lane = async (entity: string) => {
        for (const number of numbers(5)) await publish(place, eventOf(entity, number));
      };
      await Promise.all(["a", "b", "c", "d"].map(lane));

      for (const entity of ["a", "b", "c", "d"]) expect(await arrivals(place, entity, 20)).toEqual(numbers(5));
    },
  },
  {
    law: "publishing changes nothing in the event",
    check: async ({ place }) => {
      const event = copied(eventOf("a", 0));
      await publish(place, event);

      expect(event).toEqual(eventOf("a", 0));
    },
  },
  {
    law: "opening again does no harm",
    check: async ({ place }) => {
      await place.publisher.open?.();
      await publish(place, eventOf("a", 0));

      expect(await arrivals(place, "a", 1)).toEqual([0]);
    },
  },
  {
    law: "closing comes to an end, twice does no harm, and nothing is published afterwards",
    check: async ({ place }) => {
      const { publisher } = place;
      const subscriber = subscriberOf(place);
      if (publisher[Symbol.asyncDispose] === undefined) return;
      for (let times = 0; times < 2; times += 1) await publisher[Symbol.asyncDispose]?.();

      await expect(publisher.publish(eventOf("a", 0), subscriber)).rejects.toThrow();
      expect(await place.taken(0)).toEqual([]);
    },
  },
];
