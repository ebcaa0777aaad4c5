// docs/proof.md. `npm run docs` sets RAPPORT_WRITE_DOCS and so writes it instead of comparing.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
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
import { proofPage } from "./page.ts";
import { keptResults } from "./results.ts";

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
