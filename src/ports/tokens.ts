import { slot, slots } from "../di/token.ts";
import type { Blobs as BlobsPort } from "./blobs.ts";
import type { Clock as ClockPort } from "./clock.ts";
import type { Crypto as CryptoPort } from "./crypto.ts";
import type { Entropy as EntropyPort } from "./entropy.ts";
import type { ItemKind as ItemKindPort } from "./item-kind.ts";
import type { Log as LogPort } from "./log.ts";
import type { Publisher as PublisherPort } from "./publisher.ts";
import type { Rule as RulePort } from "./rule.ts";
import type { Store as StorePort } from "./store.ts";
import type { Transport as TransportPort } from "./transport.ts";
import type { WakeUps as WakeUpsPort } from "./wake-ups.ts";

/** Documents: one provider. */
export const Store = slot<StorePort>("Store");
/** The way to a relay: one provider. */
export const Transport = slot<TransportPort>("Transport");
/** The cryptographic suite: one provider. */
export const Crypto = slot<CryptoPort>("Crypto");
/** Time: one provider. */
export const Clock = slot<ClockPort>("Clock");
/** Randomness: one provider. */
export const Entropy = slot<EntropyPort>("Entropy");
/** Where entries go: one provider. */
export const Log = slot<LogPort>("Log");
/** Automatic decisions, in the order contributed. */
export const Rule = slots<RulePort>("Rule");
/** Request item types beyond the built-in ones. */
export const ItemKind = slots<ItemKindPort>("ItemKind");
/** Receivers of events. */
export const Publisher = slots<PublisherPort>("Publisher");
/** The bytes of Files: one provider. */
export const Blobs = slot<BlobsPort>("Blobs");
/** News between the processes of one relay: one provider. */
export const WakeUps = slot<WakeUpsPort>("WakeUps");
