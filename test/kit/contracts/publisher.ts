/**
 * The laws of the Publisher port, for every publisher. A publisher's test is one call; a law it cannot keep is waived by name
 * with a reason.
 */
import type { JsonObject, PublisherPort } from "rapport/core";
import { type LawBook, registerLaws, type Waivers } from "./law.ts";
import { publisherLawList } from "./publisher-laws.ts";

/** An event as it arrived. */
export interface TakenEvent {
  /** Absent where receivers see no ids. */
  readonly id?: string;
  readonly data: JsonObject;
}

/** A publisher and whoever is at its other end, where nothing has arrived yet. */
export interface PublisherPlace {
  readonly publisher: PublisherPort & Partial<AsyncDisposable> & { readonly open?: () => Promise<void> };
  /** What has arrived, in that order; waits until that many have. */
  readonly taken: (atLeast: number) => Promise<readonly TakenEvent[]> | readonly TakenEvent[];
  /** From now on the other end takes nothing, until it is mended. */
  readonly fail?: () => unknown;
  readonly mend?: () => unknown;
  /** From now on the other end says only after `release` that it has taken something. */
  readonly hold?: () => unknown;
  readonly release?: () => unknown;
  readonly remove?: () => PromiseLike<unknown>;
}

/** How the contract gets its places. */
export interface PublisherContractOptions extends Waivers {
  readonly place: () => PublisherPlace | Promise<PublisherPlace>;
}

/** What a law works with: the place, its publisher opened, and the way to one more place of the same kind. */
export interface PublisherWorld {
  readonly place: PublisherPlace;
  another(): Promise<PublisherPlace>;
}

/** The laws of every publisher. */
export const publisherLaws: LawBook<Pick<PublisherContractOptions, "place">, PublisherWorld> = {
  of: "a publisher",
  laws: publisherLawList,
  within: async ({ place }, prove) => {
    const made: PublisherPlace[] = [];
    const another = async () => {
      const one = await place();
      made.push(one);
      await one.publisher.open?.();
      return one;
    };
    try {
      const first = await another();
      await prove({ place: first, another }, first);
    } finally {
      for (const one of made) {
        await one.publisher[Symbol.asyncDispose]?.();
        await one.remove?.();
      }
    }
  },
};

/** Proves every law for the publisher. */
export function publisherContract(name: string, { waived = {}, ...subject }: PublisherContractOptions): void {
  registerLaws(name, { book: publisherLaws, subject, waived });
}
