import { Crypto, type Plugin } from "rapport/core";
import { createSodium } from "./suite.ts";

/** Provides the suite on libsodium-wrappers, with Argon2id in a worker thread. */
export function sodium(): Plugin {
  return { name: "crypto-sodium", register: ({ provide }) => provide(Crypto, () => createSodium()) };
}
