/**
 * The door "rapport": composes an engine from plugins and the defaults for empty slots.
 */
import {
  Clock,
  Crypto,
  createHost,
  Entropy,
  ItemKind,
  Log,
  type Plugin,
  Publisher,
  Rule,
  Store,
  Transport,
} from "rapport/core";
import { createSodium } from "rapport/plugins/crypto-sodium";
import { createSodiumNative, isSodiumNativeInstalled } from "rapport/plugins/crypto-sodium-native";
import { platformNode } from "rapport/plugins/platform-node";
import { createMemoryBlobs, createMemoryStore, memoryStorage } from "rapport/plugins/storage-memory";
import { createLoopbackTransport } from "rapport/plugins/transport-loopback";
import { createRelay, type Relay } from "rapport/relay";
import type { Accounts } from "./services/accounts.ts";
import { createEngine, type RelayClient } from "./services/engine.ts";

export { acceptAll, type RuleParts, rejectAll, ruleOf } from "rapport/core";
export type { CommandOptions } from "./engine/commands.ts";
export type { TriedDecision } from "./engine/dry-run.ts";
export type { EngineEvent } from "./engine/events.ts";
export type { Explanation } from "./engine/explain.ts";
export type { ExplainedItem } from "./engine/explained-items.ts";
export type { ExplainedRule } from "./engine/explained-rules.ts";
export type { FileView } from "./engine/file-view.ts";
export {
  type MessageView,
  olderChange,
  type Reference,
  type RelationshipView,
  type RequestView,
  type TemplateView,
  type TokenView,
} from "./engine/present.ts";
export type { Standing } from "./engine/standing.ts";
export { catalogue } from "./errors/catalogue.ts";
export { RapportError } from "./errors/rapport-error.ts";
export type { DeadLetterRecord } from "./model/records.ts";
export type { Account, IntentView, Synchronised } from "./services/account.ts";
export type { AccountSummary, Accounts, EraseOptions } from "./services/accounts.ts";
export type { AttributeCopies, AttributeCopy, CopiesAsked, Withdrawn } from "./services/attribute-copies.ts";
export type {
  AttributeListOptions,
  Attributes,
  CanCreate,
  ForwardingDetails,
  LocalAttribute,
  NewAttributeInput,
  Succeeded,
  SucceedInput,
} from "./services/attributes.ts";
export type { IqlVerdict } from "./services/attributes-queries.ts";
export type {
  Challenges,
  ChallengeValidation,
  ChallengeView,
  GivenChallenge,
  NewChallenge,
} from "./services/challenges.ts";
export type { DeadLetters } from "./services/dead-letters.ts";
export type { Deletion, DeletionProcessView, NewDeletion } from "./services/deletion.ts";
export type { RelayClient } from "./services/engine.ts";
export type { DownloadedFile, Files, LoadFile, NewFile } from "./services/files.ts";
export type { IdentityMetadata, IdentityMetadataService, MetadataPlace } from "./services/identity-metadata.ts";
export { type Listed, type ListOptions, pagesOf, type Query, textsOf } from "./services/listing.ts";
export type { Messages, NewMessage } from "./services/messages.ts";
export type {
  Announcements,
  AnnouncementView,
  BackboneNotifications,
  NewBackboneNotification,
} from "./services/notices.ts";
export type { Notifications, NotificationView } from "./services/notifications.ts";
export { openPast, type Past, type PastAccount, type Trial } from "./services/past.ts";
export type {
  AnswerOptions,
  NewRelationship,
  Possible,
  Relationships,
  Step,
} from "./services/relationships.ts";
export { requestFields } from "./services/request-fields.ts";
export type { Requests } from "./services/requests.ts";
export type { IncomingRequests } from "./services/requests-incoming.ts";
export type { NewRequest, OutgoingRequests } from "./services/requests-outgoing.ts";
export type { LoadTemplate, NewTemplate, Templates } from "./services/templates.ts";
export type { LoadToken, NewFileToken, NewTemplateToken, NewToken, Tokens } from "./services/tokens.ts";

/** What an engine is made of. Everything has a default: memory, a private relay in the process, the system's clock. */
export interface RapportOptions {
  readonly plugins?: readonly Plugin[];
  /** How this program names itself to the relay when it makes identities. */
  readonly client?: RelayClient;
  /** Runs deadlines and unfinished calls by itself while the process lives; default true. */
  readonly background?: boolean;
  /** Hears news of the relay in the background, and synchronises then; default true. Nothing without `background`. */
  readonly listening?: boolean;
  /** Holds answers to an IQLQuery against the query, given and received ones; by default it is a suggestion, as elsewhere. */
  readonly strictIql?: boolean;
}

/** A running engine. Close it, or let `await using` do so. */
export interface Rapport extends AsyncDisposable {
  readonly accounts: Accounts;
  close(): Promise<void>;
}

/** Opens an engine. Faults: those of plugins, `store.*`. */
export async function createRapport(options: RapportOptions = {}): Promise<Rapport> {
  const privateRelay: { relay?: Relay } = {};
  const host = createHost(options.plugins ?? [], defaults(privateRelay));
  const { use } = host;
  try {
    const parts = {
      store: use(Store),
      crypto: use(Crypto),
      clock: use(Clock),
      entropy: use(Entropy),
      log: use(Log),
      rules: use(Rule),
      itemKinds: use(ItemKind),
      publishers: use(Publisher),
    };
    await parts.crypto.open();
    const transport = use(Transport);
    await privateRelay.relay?.open();
    const { client, background, listening, strictIql } = options;
    const given = { client, background, listening, strictIql };
    const engine = await createEngine({ ...parts, transport, ...given });
    const close = async () => {
      await engine.close();
      await host[Symbol.asyncDispose]();
      await privateRelay.relay?.[Symbol.asyncDispose]();
    };
    return Object.freeze({ accounts: engine.accounts, close, [Symbol.asyncDispose]: close });
  } catch (problem) {
    await Promise.resolve(host[Symbol.asyncDispose]()).catch(() => undefined);
    throw problem;
  }
}

function defaults(privateRelay: { relay?: Relay }): Plugin[] {
  return [
    platformNode(),
    memoryStorage(),
    { name: "crypto-default", register: ({ provide }) => provide(Crypto, () => defaultCrypto()) },
    {
      name: "private-relay",
      register: ({ provide }) =>
        provide(Transport, (use) => {
          const relay = createRelay({
            store: createMemoryStore(),
            blobs: createMemoryBlobs(),
            crypto: use(Crypto),
            clock: use(Clock),
            entropy: use(Entropy),
            log: use(Log),
          });
          privateRelay.relay = relay;
          return createLoopbackTransport(relay);
        }),
    },
  ];
}

/** The fastest suite that is installed. */
function defaultCrypto() {
  return isSodiumNativeInstalled() ? createSodiumNative() : createSodium();
}
