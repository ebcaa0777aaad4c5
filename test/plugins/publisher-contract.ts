// The laws of a broker's publisher; each test file gives a way to the real broker that can be broken.
import type { PublisherPort } from "rapport/core";
import { expect, test } from "vitest";
import { publisherContract } from "../kit/contracts/publisher.ts";
import { eventOf, firstArrivals, publishAll, until, upTo } from "./publishing.ts";

/** What was heard on the other side. */
export interface Heard {
  readonly entity: string;
  readonly number: number;
}

/** A publisher, a listener behind the broker, and the line between publisher and broker. */
export interface Place extends AsyncDisposable {
  readonly publisher: PublisherPort & AsyncDisposable & { open(): Promise<void> };
  readonly heard: readonly Heard[];
  /** Ends all connections. */
  breakAll(): void;
  /** Ends all connections and takes no new ones until `restore`. */
  cut(): Promise<void>;
  restore(): Promise<void>;
}

const entities = ["a", "b", "c", "d"];

/** States the laws for one kind of broker. */
export function brokerContract(name: string, place: () => Promise<Place>): void {
  publisherContract(name, {
    place: async () => {
      const at = await place();
      const taken = async (atLeast: number) => {
        await until(() => at.heard.length >= atLeast);
        return at.heard.map((data) => ({ data: { ...data } }));
      };
      const remove = () => at[Symbol.asyncDispose]();
      return { publisher: at.publisher, taken, fail: at.cut, mend: at.restore, remove };
    },
    waived: {
      "publishing resolves only after the event was taken":
        "nobody can make a broker wait; whether it confirms first is seen below, where connections break",
    },
  });

  test(`${name}: connections that break again and again cost no event and no order`, async () => {
    await using at = await place();
    const count = 60;

    const failures = await publishAll(at.publisher, {
      entities,
      count,
      taken: (number) => {
        if (number % 15 === 7) at.breakAll();
      },
    });
    await until(() => entities.every((entity) => firstArrivals(at.heard, entity).length === count));

    for (const entity of entities) expect(firstArrivals(at.heard, entity)).toEqual(upTo(count));
    expect(failures).toBeGreaterThan(0);
  });

  test(`${name}: a broker that is away for a while gets everything afterwards, in order`, async () => {
    await using at = await place();
    const count = 30;

    await at.publisher.open();
    await at.cut();
    const refused = () => expect(at.publisher.publish(eventOf("away", 0), "")).rejects.toMatchObject({ retry: true });
    await refused();
    const publishing = publishAll(at.publisher, { entities, count });
    await refused();
    await at.restore();
    await publishing;
    await until(() => entities.every((entity) => firstArrivals(at.heard, entity).length === count));

    for (const entity of entities) expect(firstArrivals(at.heard, entity)).toEqual(upTo(count));
  });

  test(`${name}: a broker that is not there fails the start`, async () => {
    await using at = await place();
    await at.cut();

    await expect(at.publisher.open()).rejects.toMatchObject({ code: "publisher.failed", retry: true });
  });
}
