import { createSodiumNative } from "rapport/plugins/crypto-sodium-native";
import { recordedCase } from "./recorded-case.ts";

console.log(await recordedCase(createSodiumNative(), { rounds: 9 }));
