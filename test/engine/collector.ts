import type { Account, DeadLetterRecord } from "rapport";
import { type Plugin, type PublishedEvent, Publisher, type PublisherPort } from "rapport/core";

/** How a collector differs from one that takes everything at once. */
export interface CollectorOptions {
  /** Says no to a try. */
  readonly refuse?: (event: PublishedEvent, tries: number, subscriber: string) => boolean;
  readonly subscribers?: NonNullable<PublisherPort["subscribers"]>;
  readonly attemptsMax?: number;
  readonly waitMs?: number;
  readonly waitMaxMs?: number;
  /** By default none for one that waits: it is the test that ends the wait. */
  readonly publishMaxMs?: number;
  /** What a try waits for before it says anything. */
  readonly until?: (event: PublishedEvent, subscriber: string) => Promise<void> | undefined;
}

/** An event as a subscriber took it. */
export type Taken = PublishedEvent & { readonly subscriber: string };

/** A publisher that keeps what it is given, says no as often as it is told to, and can be waited for. */
export function collector(name: string, options: CollectorOptions = {}) {
  const { refuse = () => false, until: waiting, ...settings } = options;
  const taken: Taken[] = [];
  const tries = new Map<string, number>();
  let atOnce = 0;
  const most = { atOnce: 0 };
  let arrived = () => {};
  const publisher: PublisherPort = {
    name,
    ...(waiting === undefined ? {} : { publishMaxMs: Number.POSITIVE_INFINITY }),
    ...settings,
    async publish(event, subscriber) {
      const key = subscriber === name ? event.id : `${subscriber} ${event.id}`;
      const count = (tries.get(key) ?? 0) + 1;
      tries.set(key, count);
      arrived();
      atOnce += 1;
      most.atOnce = Math.max(most.atOnce, atOnce);
      try {
        await waiting?.(event, subscriber);
        if (refuse(event, count, subscriber)) throw new Error("not now");
        taken.push({ ...event, subscriber });
      } finally {
        atOnce -= 1;
        arrived();
      }
    },
  };
  const until = async (isDone: () => boolean) => {
    while (!isDone()) {
      await new Promise<void>((resolve) => {
        arrived = resolve;
      });
    }
  };
  const plugin: Plugin = {
    name: `publisher-${name}`,
    register: ({ contribute }) => contribute(Publisher, () => publisher),
  };
  return { plugin, taken, tries, until, most, names: () => taken.map((event) => event.name) };
}

/** The names of events about the same thing, in the order in which they came; the things in the order of their names. */
export function byThing(events: readonly PublishedEvent[]): string[][] {
  const named = new Map<string, string[]>();
  for (const { name, data } of events) {
    const wrapped = (data["request"] ?? data["template"] ?? data) as { readonly id?: string };
    const thing = wrapped.id ?? name;
    named.set(thing, [...(named.get(thing) ?? []), name]);
  }
  return [...named.values()].toSorted((one, other) => (one.join() < other.join() ? -1 : 1));
}

/** The dead letters, once there are so many. */
export async function lettersOf({ deadLetters }: Account, count: number): Promise<DeadLetterRecord[]> {
  for (;;) {
    const letters = await deadLetters.list();
    if (letters.length === count) return letters;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Attributes of their own: each one is an entity, and each change of it is an event. */
export async function createNames(account: Account, count: number, word = "name"): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const value = { "@type": "GivenName", value: `${word} ${n}` };
    const content = { "@type": "IdentityAttribute", owner: account.address, value };
    ids.push((await account.attributes.create({ content })).id);
  }
  return ids;
}
