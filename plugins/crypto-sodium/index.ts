// The door "rapport/plugins/crypto-sodium": the suite on libsodium compiled to WebAssembly; runs wherever Node runs.
export { sodium } from "./plugin.ts";
export { createSodium } from "./suite.ts";
