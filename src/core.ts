// The door "rapport/core": what plugins and the contract kit import. Tokens and the types of their occupants share names.
export type { Host, Plugin, Registry, Use } from "./di/host.ts";
export { createHost } from "./di/host.ts";
export type { Token } from "./di/token.ts";
export { slot, slots } from "./di/token.ts";
export { Bug, invariant } from "./errors/bug.ts";
export type { Code } from "./errors/catalogue.ts";
export { catalogue, isCode } from "./errors/catalogue.ts";
export { fault, hasCode, RapportError } from "./errors/rapport-error.ts";
export type { Outcome, Refusal } from "./errors/refusal.ts";
export type { Row as CatalogueRow } from "./errors/row.ts";
export type { Condition as FieldCondition, Scalar } from "./model/condition.ts";
export type { Decision, DecisionItem, ItemDecision } from "./model/decision.ts";
export { isIsoDate } from "./model/iso-date.ts";
export type { Json, JsonObject } from "./model/json.ts";
export { matches, pathsOfField, valuesAt, valuesIn } from "./model/matches.ts";
export { isSameJson } from "./model/same-json.ts";
export { existingSpellings, spellingsOf } from "./model/spellings.ts";
export type { Validation } from "./model/validation.ts";
export { assertBlobName, type Blobs as BlobsPort } from "./ports/blobs.ts";
export type { Clock as ClockPort } from "./ports/clock.ts";
export type {
  Cipher,
  Crypto as CryptoPort,
  Exchange,
  Hashing,
  KeyPair,
  PasswordCost,
  Signing,
} from "./ports/crypto.ts";
export type { Entropy as EntropyPort } from "./ports/entropy.ts";
export type { ItemEffects, ItemInfo, ItemKind as ItemKindPort, ItemMoment, RelayCall } from "./ports/item-kind.ts";
export type { Log as LogPort } from "./ports/log.ts";
export type { OfferedEvent, PublishedEvent, Publisher as PublisherPort } from "./ports/publisher.ts";
export { type Connections, type ConnectionsOptions, createConnections } from "./ports/publisher-connection.ts";
export { dataOf, type EventShape, namesOf } from "./ports/publisher-shape.ts";
export type {
  Condition as RuleCondition,
  Reasons,
  RelationshipFacts,
  RelationshipVerdict,
  RequestFacts,
  RequestVerdict,
  Rule as RulePort,
  TracedEntry,
} from "./ports/rule.ts";
export { acceptAll, type RuleParts, rejectAll, ruleOf } from "./ports/rule-of.ts";
export type {
  Batch,
  Collection,
  CommitResult,
  Document,
  Expect,
  Found,
  FoundPage,
  Query,
  Store as StorePort,
  Stored,
  Version,
} from "./ports/store.ts";
export { createDocumentCache, type DocumentCache, type DocumentCacheOptions } from "./ports/store-cache.ts";
export {
  assertBatch,
  collectionOf,
  type Judgement,
  judge,
  kindOf,
  type Present,
  type Writes,
} from "./ports/store-judge.ts";
export { type StoreKeyPlace, storeKeyFrom } from "./ports/store-key.ts";
export {
  type AsyncCommitQueue,
  type AsyncCommitQueueOptions,
  type CommitQueue,
  type CommitQueueOptions,
  createAsyncCommitQueue,
  createCommitQueue,
} from "./ports/store-queue.ts";
export { createDocumentTable, type DocumentTable } from "./ports/store-table.ts";
export {
  Blobs,
  Clock,
  Crypto,
  Entropy,
  ItemKind,
  Log,
  Publisher,
  Rule,
  Store,
  Transport,
  WakeUps,
} from "./ports/tokens.ts";
export type { Answer, Call, Session, Transport as TransportPort, WireError } from "./ports/transport.ts";
export {
  createTellings,
  type Tellings,
  type TellingsOptions,
  topicsIn,
  type WakeUps as WakeUpsPort,
} from "./ports/wake-ups.ts";
export { isOperationName, type Operation, type OperationName, operations } from "./wire/operations.ts";
