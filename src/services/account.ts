import { assertLiving, attentive, recallDeletion } from "../engine/account-end.ts";
import { cancelIntent } from "../engine/cancelling.ts";
import { type CommandOptions, once, recordResult } from "../engine/commands.ts";
import type { AccountMemory, Account as Context, Engine } from "../engine/context.ts";
import { createEventBus, type EngineEvent } from "../engine/events.ts";
import type { Identity } from "../engine/identity.ts";
import { listIntents } from "../engine/intents.ts";
import { judgeAll } from "../engine/judging.ts";
import { unlessTaken } from "../engine/leases.ts";
import { correlationIdCharsMax } from "../engine/limits.ts";
import { drainOutbox } from "../engine/outbox.ts";
import { resumeIntents } from "../engine/performing.ts";
import { type MessageView, type RelationshipView, relationshipView } from "../engine/present.ts";
import { lastSyncRun as lastSyncRunOf, synchronise } from "../engine/sync.ts";
import { tagCollection } from "../engine/tag-collection.ts";
import { assertStored, watchedStore } from "../engine/watched-store.ts";
import { hasCode } from "../errors/rapport-error.ts";
import { allow, type Outcome, refuse, unwrap } from "../errors/refusal.ts";
import { extended } from "../model/extended.ts";
import type { JsonObject } from "../model/json.ts";
import type { IntentRecord } from "../model/records.ts";
import type { Log } from "../ports/log.ts";
import { createLanes } from "../turn/lanes.ts";
import { type AttributeCopies, createAttributeCopies } from "./attribute-copies.ts";
import { type Attributes, createAttributes } from "./attributes.ts";
import { type Challenges, createChallenges } from "./challenges.ts";
import { createDeadLetters, type DeadLetters } from "./dead-letters.ts";
import { settleTimers } from "./deadlines.ts";
import { createDeletion, type Deletion } from "./deletion.ts";
import { atTheDoor, id, isText, options } from "./door.ts";
import { createFiles, type Files } from "./files.ts";
import { createIdentityMetadata, type IdentityMetadataService } from "./identity-metadata.ts";
import { createMessages, type Messages } from "./messages.ts";
import {
  type Announcements,
  type BackboneNotifications,
  createAnnouncements,
  createBackboneNotifications,
} from "./notices.ts";
import { createNotifications, type Notifications } from "./notifications.ts";
import { createRelationships, type Relationships } from "./relationships.ts";
import { createRequests, type Requests } from "./requests.ts";
import { createTemplates, type Templates } from "./templates.ts";
import { createTokens, type Tokens } from "./tokens.ts";

/** What a sync brought: Relationships that changed and Messages that arrived (seed 002). */
export interface Synchronised {
  readonly relationships: readonly RelationshipView[];
  readonly messages: readonly MessageView[];
}

/** A call to the relay that is not finished; never its bytes or keys. `inDoubt`: only what peers do will tell whether it was. */
export type IntentView = Pick<IntentRecord, "id" | "entity" | "kind" | "createdAt" | "attempts" | "inDoubt"> & {
  readonly operation: string;
};

/** One identity at work: what an embedder talks to. */
export interface Account {
  readonly name: string;
  readonly address: string;
  readonly deviceId: string;
  readonly templates: Templates;
  readonly tokens: Tokens;
  readonly requests: Requests;
  readonly relationships: Relationships;
  readonly messages: Messages;
  readonly challenges: Challenges;
  readonly identityMetadata: IdentityMetadataService;
  readonly announcements: Announcements;
  readonly backboneNotifications: BackboneNotifications;
  readonly deletion: Deletion;
  /** Tags for attributes, as the relay's operator collected them; asked for again after five minutes. */
  tagCollection(): Promise<JsonObject>;
  /** Who this account is; nothing of it is secret. */
  identityInfo(): Promise<{ readonly address: string; readonly publicKey: string }>;
  /** When the last sync came to its end. */
  syncInfo(): Promise<{ readonly lastSyncRun?: { readonly completedAt: string } }>;
  readonly attributes: Attributes;
  readonly attributeCopies: AttributeCopies;
  readonly notifications: Notifications;
  readonly files: Files;
  /** Live events of spec/domain.md 9, after their commit; `on` returns the way to stop, `*` hears everything. */
  readonly events: { on(name: string, handler: (event: EngineEvent) => void): () => void };
  /** Fetches what peers did and finishes what is open; calls in one process join the running one. */
  sync(): Promise<Synchronised>;
  /** Runs the deadlines that have passed; reading does this by itself. */
  tick(): Promise<void>;
  readonly intents: {
    list(): Promise<IntentView[]>;
    /** Takes back an intent of which no byte ever left. Throws `intent.notFound`, `intent.alreadySent`. */
    cancel(id: string, options?: CommandOptions): Promise<void>;
    /** Tries the open ones again now. */
    resume(): Promise<void>;
  };
  readonly deadLetters: DeadLetters;
  /**
   * This account with a mark: events of what is done through it carry the id, live and to publishers, also when the relay
   * answers later. A sync that is joined keeps the mark of who began it.
   */
  withCorrelationId(id: string): Account;
}

/** The door's object, and what the engine needs to run it in the background. */
export interface OpenedAccount {
  readonly account: Account;
  readonly context: Context;
}

/** Puts an account to work. */
export function openAccount(engine: Engine, identity: Identity): OpenedAccount {
  const context = contextOf(engine, identity);
  return { account: accountOf(context), context };
}

function accountOf(context: Context): Account {
  const members = Object.entries(parts).map(([name, make]) => [name, make(context)]);
  return Object.freeze(Object.fromEntries(members)) as Account;
}

// What an account is made of. Of one with a mark, which lives for one call, only what that call uses is made.
const parts: { readonly [M in keyof Account]: (context: Context) => Account[M] } = Object.freeze({
  name: ({ record }) => record.name,
  address: ({ record }) => record.address,
  deviceId: ({ record }) => record.deviceId,
  templates: createTemplates,
  tokens: createTokens,
  requests: createRequests,
  relationships: createRelationships,
  messages: createMessages,
  challenges: createChallenges,
  identityMetadata: createIdentityMetadata,
  announcements: createAnnouncements,
  backboneNotifications: createBackboneNotifications,
  deletion: createDeletion,
  tagCollection: (context) => () => tagCollection(context),
  identityInfo:
    ({ record }) =>
    async () => ({ address: record.address, publicKey: record.publicKey }),
  syncInfo: (context) => async () => {
    const lastSyncRun = await lastSyncRunOf(context);
    return lastSyncRun === undefined ? {} : { lastSyncRun };
  },
  attributes: createAttributes,
  attributeCopies: createAttributeCopies,
  notifications: createNotifications,
  files: createFiles,
  events: ({ events }) => ({ on: events.on }),
  sync: (context) => () => sync(context),
  tick: (context) => () => settleTimers(context),
  intents: createIntents,
  deadLetters: createDeadLetters,
  withCorrelationId: (context) => (id) => {
    const correlationId = unwrap(correlationIdOf(id));
    return marked(extended(context, { correlationId, log: correlated(context.log, correlationId) }));
  },
});

function marked(context: Context): Account {
  const made = new Map<PropertyKey, unknown>();
  const isPart = (name: PropertyKey): name is keyof Account => Object.hasOwn(parts, name);
  return new Proxy({} as Account, {
    get: (_target, name) => {
      if (!isPart(name)) return undefined;
      if (!made.has(name)) made.set(name, parts[name](context));
      return made.get(name);
    },
    has: (_target, name) => isPart(name),
    set: () => false,
  });
}

function correlated(log: Log, correlationId: string): Log {
  return { write: (level, message, facts = {}) => log.write(level, message, { correlationId, ...facts }) };
}

function correlationIdOf(id: unknown): Outcome<string> {
  if (isText(id) && id.length >= 1 && id.length <= correlationIdCharsMax) return allow(id);
  const message = `A correlation id must be a text of 1 to ${correlationIdCharsMax} characters.`;
  return refuse("error.runtime.validation.invalidPropertyValue", message);
}

function contextOf(engine: Engine, { record, secret }: Identity): Context {
  const memory: AccountMemory = {
    timersLookedUntil: 0,
    nextDueAt: 0,
    settling: undefined,
    syncing: undefined,
    brought: undefined,
    syncedAt: undefined,
    syncNotedAt: Number.NEGATIVE_INFINITY,
    counterBlock: undefined,
    keepsKeys: undefined,
    deletedAt: undefined,
    isErased: false,
    tags: undefined,
    storedRuleSets: new Set(),
    performing: new Map(),
    secretByIntent: new WeakMap(),
    deliveries: {
      seen: undefined,
      isLooking: false,
      lanesByTarget: new Map(),
      fullTargets: new Set(),
      gates: new Map(),
      running: new Set(),
    },
    leases: new Map(),
  };
  const context: Context = extended(engine, {
    id: record.id,
    store: watchedStore(engine.store, () => context),
    transport: attentive(engine.transport, () => context),
    record,
    self: record.address,
    session: { username: secret.username, password: secret.password },
    keys: { identity: secret.identity.privateKey, device: secret.device.privateKey },
    lanes: createLanes(),
    events: createEventBus(record.address, engine.log),
    memory,
  });
  return context;
}

function createIntents(context: Context): Account["intents"] {
  return atTheDoor<Account["intents"]>(
    {
      list: async () => (await listIntents(context)).map(intentView),
      cancel: (id, given) =>
        once<undefined>(
          context,
          { name: "intents.cancel", input: { id }, options: given },
          {
            run: (tag) => cancelIntent(context, id, (change) => recordResult(context, change, { tag, result: {} })),
            replay: async () => undefined,
          },
        ),
      resume: () => resumeIntents(context),
    },
    { list: [], cancel: [id, options], resume: [] },
  );
}

/** What every start does: nothing that a crash left open stays open. */
export async function recover(context: Context): Promise<void> {
  await context.presence?.assure();
  await assertStored(context);
  await recallDeletion(context);
  await settleTimers(context);
  // What another process is at is left to it; should it die, its end is noticed.
  const judge = () => judgeAll(context, unlessTaken);
  for (const open of [resumeIntents, judge]) {
    if (context.memory.deletedAt !== undefined) break;
    await open(context).catch((problem) => {
      if (!hasCode(problem, "relay.unreachable") && !hasCode(problem, "account.deleted")) throw problem;
    });
  }
  drainOutbox(context);
}

/** Ends the work of this process on an account that is being erased: nothing is written any more when this is done. */
export async function retire({ memory }: Context): Promise<void> {
  memory.isErased = true;
  await Promise.allSettled([memory.syncing, memory.settling, ...memory.performing.values()]);
}

async function sync(context: Context): Promise<Synchronised> {
  assertLiving(context);
  // What was committed although the store said that it failed has nobody who delivers it, unless the background looks.
  drainOutbox(context);
  await settleTimers(context);
  const { relationships, messages } = await synchronise(context);
  return { relationships: [...relationships.values()].map(relationshipView), messages: [...messages.values()] };
}

function intentView({ id, entity, kind, createdAt, attempts, inDoubt, call }: IntentRecord): IntentView {
  const view = { id, entity, kind, createdAt, attempts, operation: call.operation };
  return inDoubt === undefined ? view : { ...view, inDoubt };
}
