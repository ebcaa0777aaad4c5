/**
 * The laws of the WakeUps port, for every adapter: what is told arrives while nothing breaks, and again after something
 * broke. An adapter's test is one call; a law it cannot keep is waived by name with a reason.
 */
import type { WakeUpsPort } from "rapport/core";
import { expect, vi } from "vitest";
import { type Law, type LawBook, registerLaws, type Waivers } from "./law.ts";

/** Somewhere that processes meet. */
export interface WakeUpsPlace {
  /** One process's end, not opened yet. */
  readonly wakeUps: () => WakeUpsPort;
  /** Breaks all connections that are open now; new ones can be opened. */
  readonly breakAll?: () => void;
  readonly remove?: () => Promise<void>;
}

/** How the contract gets its places, and which laws are waived, by name, with the reason. */
export interface WakeUpsContractOptions extends Waivers {
  readonly place: () => WakeUpsPlace | Promise<WakeUpsPlace>;
}

/** One end that is open, and what it has heard so far. */
export interface WakeUpsEnd {
  readonly wakeUps: WakeUpsPort;
  readonly heard: string[];
  /** Resolves when it has heard the topic. */
  hears(topic: string): Promise<void>;
}

/** What a law works with: a place, and the way to one more open end in it. */
export interface WakeUpsWorld {
  readonly place: WakeUpsPlace;
  open(): Promise<WakeUpsEnd>;
}

const patience = { timeout: 20_000, interval: 20 };

const laws: readonly Law<WakeUpsWorld>[] = [
  {
    law: "what one tells all others hear",
    check: async ({ open }) => {
      const [teller, ...others] = [await open(), await open(), await open()];

      teller?.wakeUps.tell(["acme", "other"]);

      for (const other of others) {
        await Promise.all([other.hears("acme"), other.hears("other")]);
        expect(other.heard.toSorted()).toEqual(["acme", "other"]);
      }
    },
  },
  {
    law: "a topic that is told many times in one go is told once",
    check: async ({ open }) => {
      const [teller, other] = [await open(), await open()];

      for (let times = 0; times < 500; times += 1) teller.wakeUps.tell(["often", `rarely-${times % 2}`]);
      await other.hears("often");
      teller.wakeUps.tell(["last"]);
      await other.hears("last");

      expect(other.heard.filter((topic) => topic === "often")).toHaveLength(1);
      expect(other.heard.filter((topic) => topic === "rarely-1")).toHaveLength(1);
    },
  },
  {
    law: "more topics than fit one message all arrive",
    check: async ({ open }) => {
      const [teller, other] = [await open(), await open()];
      const topics = Array.from({ length: 4_000 }, (_, at) => `topic-${String(at).padStart(40, "0")}`);

      teller.wakeUps.tell(topics);
      await Promise.all([other.hears(topics[0] ?? ""), other.hears(topics.at(-1) ?? "")]);

      expect(other.heard.toSorted()).toEqual(topics);
    },
  },
  {
    law: "topics arrive as they were told, whatever they are made of",
    check: async ({ open }) => {
      const [teller, other] = [await open(), await open()];
      const topics = ["a b", "ä€\u{1F600}", `'"\`$1\\`, "did:e:example.org:dids:0123", ",", "{}", "*", ">"];

      teller.wakeUps.tell(topics);
      await Promise.all(topics.map((topic) => other.hears(topic)));

      expect(other.heard.toSorted()).toEqual(topics.toSorted());
    },
  },
  {
    law: "telling nothing, telling before opening and telling after closing does no harm",
    check: async ({ open, place }) => {
      const [teller, other] = [await open(), await open()];
      const closed = place.wakeUps();
      closed.tell(["too early"]);
      await closed.open(() => {});
      await closed[Symbol.asyncDispose]();
      await closed[Symbol.asyncDispose]();

      closed.tell(["too late"]);
      teller.wakeUps.tell([]);
      teller.wakeUps.tell(["in time"]);
      await other.hears("in time");

      expect(other.heard).toEqual(["in time"]);
    },
  },
  {
    law: "who has closed hears nothing more",
    check: async ({ open }) => {
      const [teller, leaver, stayer] = [await open(), await open(), await open()];
      await leaver.wakeUps[Symbol.asyncDispose]();

      teller.wakeUps.tell(["news"]);
      await stayer.hears("news");

      expect(leaver.heard).toEqual([]);
    },
  },
  {
    law: "after a lost connection news arrive again",
    needs: ["breakAll"],
    check: async ({ open, place }) => {
      const [teller, other] = [await open(), await open()];
      teller.wakeUps.tell(["before"]);
      await other.hears("before");

      place.breakAll?.();
      // What is told while there is no connection may be lost, so it is told until it is heard.
      await vi.waitFor(() => {
        teller.wakeUps.tell(["after"]);
        other.wakeUps.tell(["back"]);
        expect(other.heard).toContain("after");
        expect(teller.heard).toContain("back");
      }, patience);
    },
  },
  {
    law: "closing while there is no connection comes to an end",
    needs: ["breakAll"],
    check: async ({ open, place }) => {
      const { wakeUps } = await open();
      place.breakAll?.();

      wakeUps.tell(["nobody hears it"]);

      expect(await wakeUps[Symbol.asyncDispose]()).toBeUndefined();
    },
  },
];

/** The laws of all wake-ups. */
export const wakeUpsLaws: LawBook<Pick<WakeUpsContractOptions, "place">, WakeUpsWorld> = {
  of: "wake-ups",
  laws,
  within: async ({ place }, prove) => {
    const made = await place();
    const ends: WakeUpsEnd[] = [];
    const open = async () => {
      const end = await openEnd(made);
      ends.push(end);
      return end;
    };
    try {
      await prove({ place: made, open }, made);
    } finally {
      await Promise.all(ends.map(({ wakeUps }) => wakeUps[Symbol.asyncDispose]()));
      await made.remove?.();
    }
  },
};

/** Proves every law for the adapter. */
export function wakeUpsContract(name: string, { waived = {}, ...subject }: WakeUpsContractOptions): void {
  registerLaws(name, { book: wakeUpsLaws, subject, waived });
}

async function openEnd(place: WakeUpsPlace): Promise<WakeUpsEnd> {
  const wakeUps = place.wakeUps();
  const heard: string[] = [];
  await wakeUps.open((topics) => heard.push(...topics));
  return {
    wakeUps,
    heard,
    hears: (topic) => vi.waitFor(() => expect(heard).toContain(topic), patience),
  };
}
