// The door "rapport/testkit": contracts for plugin authors, generators, and a world in one process.
export {
  arbitraryDecided,
  arbitraryFirstRequest,
  arbitraryRequest,
  arbitrarySpoiled,
  arbitraryTemplateContent,
} from "./arbitraries.ts";
export {
  type BlobsContractOptions,
  type BlobsPlace,
  type BlobsWorld,
  blobsContract,
  blobsLaws,
} from "./contracts/blobs.ts";
export { cryptoContract, cryptoLaws } from "./contracts/crypto.ts";
export {
  type ItemKindContractOptions,
  type ItemKindWorld,
  itemKindContract,
  itemKindLaws,
} from "./contracts/item-kind.ts";
export { type BrokenLaw, brokenLaws, type Law, type LawBook, type Waivers } from "./contracts/law.ts";
export {
  type PublisherContractOptions,
  type PublisherPlace,
  type PublisherWorld,
  publisherContract,
  publisherLaws,
  type TakenEvent,
} from "./contracts/publisher.ts";
export { type RuleContractOptions, type RuleWorld, ruleContract, ruleLaws } from "./contracts/rule.ts";
export {
  type StoreContractOptions,
  type StorePlace,
  type StoreWorld,
  storeContract,
  storeLaws,
} from "./contracts/store.ts";
export { type TransportSetting, transportContract, transportLaws } from "./contracts/transport.ts";
export {
  type WakeUpsContractOptions,
  type WakeUpsEnd,
  type WakeUpsPlace,
  type WakeUpsWorld,
  wakeUpsContract,
  wakeUpsLaws,
} from "./contracts/wake-ups.ts";
export { type CrashPoint, type CrashPoints, createCrashPoints } from "./crash-points.ts";
export { arbitraryRelationshipFacts, arbitraryRequestFacts } from "./fact-arbitraries.ts";
export { type FaultPlan, faultyStore, PlannedCrash } from "./faulty-store.ts";
export { foreignRelay } from "./foreign-relay.ts";
export { createHandClock, type HandClock } from "./hand-clock.ts";
export { type HistoryOptions, historyProperty } from "./histories.ts";
export { arbitraryHistory, type HistoryStep, playHistory } from "./history-arbitraries.ts";
export { type Answerable, answerableItems } from "./item-arbitraries.ts";
export { arbitraryId, arbitraryInstant, arbitraryJson } from "./json-arbitraries.ts";
export { type NonceWatch, watchNonces } from "./nonce-watch.ts";
export { type AnyRuleTable, arbitraryRuleTable } from "./rule-arbitraries.ts";
export { createSeededEntropy } from "./seeded-entropy.ts";
export {
  createWorld,
  type Person,
  type PersonOptions,
  unreliable,
  type Wire,
  type World,
  type WorldOptions,
} from "./world.ts";
