import { Crypto, type Plugin } from "rapport/core";
import { createSodiumNative } from "./suite.ts";

/** Provides the suite on sodium-native. Ask `isSodiumNativeInstalled` first, or opening fails. */
export function sodiumNative(): Plugin {
  return { name: "crypto-sodium-native", register: ({ provide }) => provide(Crypto, () => createSodiumNative()) };
}
