// A contract that nothing can fail says nothing: small broken plugins, each failed by the sentences that say what it broke.
import {
  brokenLaws,
  cryptoLaws,
  itemKindLaws,
  type LawBook,
  publisherLaws,
  ruleLaws,
  storeLaws,
  transportLaws,
} from "rapport/testkit";
import { describe, expect, test } from "vitest";
import { brokenCryptos } from "./broken-cryptos.ts";
import { brokenItemKinds } from "./broken-item-kinds.ts";
import { brokenPublishers } from "./broken-publishers.ts";
import { brokenRules } from "./broken-rules.ts";
import { brokenStores } from "./broken-stores.ts";
import { brokenTransports } from "./broken-transports.ts";
import type { Sample } from "./sample.ts";

function fails<S, W>(book: LawBook<S, W>, samples: readonly Sample<S>[]): void {
  describe(`what breaks the laws of ${book.of} is failed by their sentences`, () => {
    test.for(samples)("$name", async ({ subject, breaks, mayBreak = [] }) => {
      const broken = await brokenLaws(book, subject);

      expect(breaks.length).toBeGreaterThan(0);
      expect(broken.map(({ law }) => law).filter((law) => !mayBreak.includes(law))).toEqual(breaks);
    });
  });
}

fails(storeLaws, brokenStores);
fails(transportLaws, brokenTransports);
fails(cryptoLaws, brokenCryptos);
fails(ruleLaws, brokenRules);
fails(itemKindLaws, brokenItemKinds);
fails(publisherLaws, brokenPublishers);
