// The door "rapport/plugins/crypto-sodium-native": the suite on the native sodium-native, an optional dependency.
export { sodiumNative } from "./plugin.ts";
export { createSodiumNative, isSodiumNativeInstalled } from "./suite.ts";
