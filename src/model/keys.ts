// Keys and declared indexes of everything an account holds (docs/decisions/0002-one-batch.md).
/** Where the engine lists its accounts. */
export const accountsPath = "engine/accounts";

/** The key of an account by its id. */
export const accountKey = (id: string): string => `${accountsPath}/${id}`;

/** Where the processes on a shared store say that they are alive. */
export const processesPath = "engine/processes";

/** Where names of accounts are. */
export const accountNamesPath = "engine/names";

/** The key that makes an account's name unique. */
export const accountNameKey = (name: string): string => `${accountNamesPath}/${encodeURIComponent(name)}`;

/** Where is noted what repeatable creations of accounts were for. */
export const accountCommandsPath = "engine/commands";

/** The key of what a repeatable creation of an account was for. */
export const accountCommandKey = (commandId: string): string =>
  `${accountCommandsPath}/${encodeURIComponent(commandId)}`;

/** The key of the document that proves that the store key is the right one. */
export const storeKeyProofKey = "engine/proofs/store-key";

/** The key of the document that says which versions the collections have, where one is not the first. */
export const schemaKey = "engine/schema/versions";

/** Every kind of document inside an account. */
export const kinds = [
  "templates",
  "relationships",
  "peers",
  "requests",
  "messages",
  "notifications",
  "attributes",
  "attributeforwards",
  "attributevalues",
  "attributekeys",
  "files",
  "uploads",
  "metadata",
  "deletions",
  "tokens",
  "intents",
  "timers",
  "decisions",
  "rulesets",
  "deadletters",
  "commands",
  "secrets",
  "counters",
  "inbox",
  "sync",
  "leases",
  "outbox",
] as const;

/** One of them. */
export type Kind = (typeof kinds)[number];

/** The collection of a kind. */
export const pathOf = (account: string, kind: Kind): string => `${account}/${kind}`;

/** The key of one document of a kind. */
export const keyOf = (account: string, kind: Kind, id: string): string => `${account}/${kind}/${id}`;

/** Everybody whom a Message went to or came from. */
export const participantField = "createdBy|recipients.address";

/** Fields that queries are answered from without scanning; docs/plugins.md lists those that scan, and what it costs. */
export const collections: readonly {
  readonly kind: string;
  readonly indexes: readonly string[];
  readonly settled?: true;
  readonly inner?: readonly string[];
}[] = [
  { kind: "accounts", indexes: [], settled: true },
  { kind: "templates", indexes: ["createdBy", "isOwn"] },
  { kind: "relationships", indexes: ["status", "peer", "templateId"] },
  {
    kind: "requests",
    indexes: ["status", "peer", "source.reference", "createdAt", "isOwn", "ignored"],
    inner: ["state"],
  },
  { kind: "messages", indexes: ["createdBy", "recipients.address", participantField, "createdAt"], inner: [] },
  { kind: "notifications", indexes: ["status", "peer"] },
  { kind: "attributes", indexes: ["@type", "peer", "content.value.@type", "succeeds", "root"] },
  { kind: "attributeforwards", indexes: ["peer", "details.attributeId"] },
  { kind: "files", indexes: ["isOwn", "owner", "createdBy"] },
  { kind: "metadata", indexes: ["reference"] },
  { kind: "tokens", indexes: ["templateId"] },
  { kind: "intents", indexes: [] },
  { kind: "timers", indexes: ["dueAt"] },
  { kind: "decisions", indexes: ["peer"] },
  { kind: "deadletters", indexes: [] },
  { kind: "outbox", indexes: ["entity"] },
];
