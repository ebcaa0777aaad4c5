// docs/proof.md. `npm run docs` sets RAPPORT_WRITE_DOCS and so writes it instead of comparing.
import { readFileSync, writeFileSync } from "node:fs";
import {
  blobsLaws,
  cryptoLaws,
  itemKindLaws,
  publisherLaws,
  ruleLaws,
  storeLaws,
  transportLaws,
  wakeUpsLaws,
} from "rapport/testkit";
import { expect, test } from "vitest";
import { goldenVersions } from "../golden/golden-versions.ts";
import { brokenCryptos } from "./contracts/broken-cryptos.ts";
import { brokenItemKinds } from "./contracts/broken-item-kinds.ts";
import { brokenPublishers } from "./contracts/broken-publishers.ts";
import { brokenRules } from "./contracts/broken-rules.ts";
import { brokenStores } from "./contracts/broken-stores.ts";
import { brokenTransports } from "./contracts/broken-transports.ts";
import { proofPage } from "./page.ts";
import { keptResults, parts } from "./results.ts";

const file = new URL("../../docs/proof.md", import.meta.url);

const laws = {
  store: storeLaws,
  blobs: blobsLaws,
  transport: transportLaws,
  crypto: cryptoLaws,
  "wake-ups": wakeUpsLaws,
  rule: ruleLaws,
  "item kind": itemKindLaws,
  publisher: publisherLaws,
};

const samples = [brokenCryptos, brokenItemKinds, brokenPublishers, brokenRules, brokenStores, brokenTransports];

test("docs/proof.md says what the proofs found; else run npm run docs", () => {
  const page = proofPage(keptResults(), {
    laws: Object.fromEntries(Object.entries(laws).map(([port, book]) => [port, book.laws.length])),
    brokenSamples: samples.reduce((sum, list) => sum + list.length, 0),
    goldenVersions,
  });
  if (process.env["RAPPORT_WRITE_DOCS"] === "1") writeFileSync(file, page);

  expect(readFileSync(file, "utf8")).toBe(page);
});

test("every part of the proof has been run, and found nothing", () => {
  expect(Object.keys(keptResults())).toEqual([...parts]);
});
