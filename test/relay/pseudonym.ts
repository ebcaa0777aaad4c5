import { readFileSync } from "node:fs";

const vectors = JSON.parse(readFileSync(new URL("../fixtures/crypto-vectors.json", import.meta.url), "utf8"));

/** What the relay of `localhost` shows instead of an address that the reader has left (captured). */
export const pseudonym: string = vectors.addressServerPseudonym.address;
