// What all contracts are made of: sentences with their proofs, as data. Tests register them; anybody else may run them.
import { describe, expect, test } from "vitest";

/** A promise of a port as a sentence, and its proof, which throws when the promise is broken. */
export interface Law<W> {
  readonly law: string;
  readonly check: (world: W) => Promise<void> | void;
  /** What the author must offer, by the name of the option, so that the law can be proved. */
  readonly needs?: readonly string[];
}

/** The laws of a port, and how to make what one of them works with. */
export interface LawBook<S, W> {
  /** What keeps them, as "a store". */
  readonly of: string;
  readonly laws: readonly Law<W>[];
  /** Makes a world for one law, hands it over, and clears up. What it has under `offers` is what a law can need. */
  readonly within: (subject: S, prove: (world: W, offers: object) => Promise<void>) => Promise<void>;
}

/** Laws that a plugin cannot keep, by their sentences, each with the reason. */
export interface Waivers {
  readonly waived?: { readonly [law: string]: string };
}

/** A promise that was broken, and how that was seen. */
export interface BrokenLaw {
  readonly law: string;
  readonly problem: unknown;
}

/** Registers a test for every law; the sentence of a waived law must be known and have a reason. */
export function registerLaws<S, W>(name: string, { book, subject, waived = {} }: Registering<S, W>): void {
  describe(`${name} keeps the laws of ${book.of}`, () => {
    test("waived laws are known laws, each with a reason", () => {
      const known = book.laws.map(({ law }) => law);

      expect(Object.keys(waived).filter((law) => !known.includes(law))).toEqual([]);
      expect(Object.values(waived).filter((reason) => reason.trim() === "")).toEqual([]);
    });

    for (const law of book.laws) {
      if (!(law.law in waived)) test(law.law, () => prove(book, law, subject));
    }
  });
}

/** The laws that a plugin breaks, in the order of the book; those for which it does not offer what they need are left out. */
export async function brokenLaws<S, W>(book: LawBook<S, W>, subject: S): Promise<readonly BrokenLaw[]> {
  const broken: BrokenLaw[] = [];
  for (const law of book.laws) {
    try {
      await prove(book, law, subject);
    } catch (problem) {
      if (!(problem instanceof NotOffered)) broken.push({ law: law.law, problem });
    }
  }
  return broken;
}

interface Registering<S, W> extends Waivers {
  readonly book: LawBook<S, W>;
  readonly subject: S;
}

class NotOffered extends Error {}

async function prove<S, W>(book: LawBook<S, W>, { check, needs = [] }: Law<W>, subject: S): Promise<void> {
  await book.within(subject, async (world, offers) => {
    for (const part of needs) {
      if (!(part in offers)) throw new NotOffered(`give \`${part}\`, or waive the law by name with a reason`);
    }
    await check(world);
  });
}
