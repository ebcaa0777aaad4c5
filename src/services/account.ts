import { type CommandOptions, once, recordResult } from "../engine/commands.ts";
import type { AccountMemory, Account as Context, Engine } from "../engine/context.ts";
import { createEventBus, type EngineEvent } from "../engine/events.ts";
import type { Identity } from "../engine/identity.ts";
import { cancelIntent, listIntents } from "../engine/intents.ts";
import { judgeAll } from "../engine/judging.ts";
import { drainOutbox } from "../engine/outbox.ts";
import { resumeIntents } from "../engine/performing.ts";
import { type MessageView, type RelationshipView, relationshipView } from "../engine/present.ts";
import { synchronise } from "../engine/sync.ts";
import { hasCode } from "../errors/rapport-error.ts";
import { extended } from "../model/extended.ts";
import { pathOf } from "../model/keys.ts";
import type { DeadLetterRecord, IntentRecord } from "../model/records.ts";
import type { Transport } from "../ports/transport.ts";
import { createLanes } from "../turn/lanes.ts";
import { type Attributes, createAttributes } from "./attributes.ts";
import { settleTimers } from "./deadlines.ts";
import { atTheDoor, id, options } from "./door.ts";
import { createFiles, type Files } from "./files.ts";
import { createMessages, type Messages } from "./messages.ts";
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
  readonly attributes: Attributes;
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
  readonly deadLetters: { list(): Promise<DeadLetterRecord[]> };
}

/** The door's object, and what the engine needs to run it in the background. */
export interface OpenedAccount {
  readonly account: Account;
  readonly context: Context;
}

/** Puts an account to work. */
export function openAccount(engine: Engine, { record, secret }: Identity): OpenedAccount {
  const memory: AccountMemory = {
    timersLookedUntil: 0,
    nextDueAt: 0,
    settling: undefined,
    syncing: undefined,
    counterBlock: undefined,
    keepsKeys: undefined,
    storedRuleSets: new Set(),
    performing: new Map(),
    secretByIntent: new WeakMap(),
    draining: new Map(),
  };
  const context: Context = extended(engine, {
    id: record.id,
    transport: attentive(engine.transport, memory),
    record,
    self: record.address,
    session: { username: secret.username, password: secret.password },
    keys: { identity: secret.identity.privateKey, device: secret.device.privateKey },
    lanes: createLanes(),
    events: createEventBus(record.address, engine.log),
    memory,
  });
  const account: Account = Object.freeze({
    name: record.name,
    address: record.address,
    deviceId: record.deviceId,
    templates: createTemplates(context),
    tokens: createTokens(context),
    requests: createRequests(context),
    relationships: createRelationships(context),
    messages: createMessages(context),
    attributes: createAttributes(context),
    notifications: createNotifications(context),
    files: createFiles(context),
    events: { on: context.events.on },
    sync: () => sync(context),
    tick: () => settleTimers(context),
    intents: atTheDoor<Account["intents"]>(
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
    ),
    deadLetters: { list: () => deadLetters(context) },
  } satisfies Account);
  return { account, context };
}

// Every answer tells what the relay is; what came from somewhere before it, such as an error of a proxy, does not.
function attentive(transport: Transport, memory: AccountMemory): Transport {
  const { baseUrl, hostName } = transport;
  return {
    baseUrl,
    hostName,
    ...(transport.onNews === undefined ? {} : { onNews: transport.onNews.bind(transport) }),
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
    call: async (call, session) => {
      const answer = await transport.call(call, session);
      if (answer.ok || answer.status < 500) memory.keepsKeys = answer.rapport;
      return answer;
    },
  };
}

/** What every start does: nothing that a crash left open stays open. */
export async function recover(context: Context): Promise<void> {
  await settleTimers(context);
  for (const open of [resumeIntents, judgeAll]) {
    await open(context).catch((problem) => {
      if (!hasCode(problem, "relay.unreachable")) throw problem;
    });
  }
  drainOutbox(context);
}

async function sync(context: Context): Promise<Synchronised> {
  await settleTimers(context);
  const { relationships, messages } = await synchronise(context);
  return { relationships: [...relationships.values()].map(relationshipView), messages: [...messages.values()] };
}

function intentView({ id, entity, kind, createdAt, attempts, inDoubt, call }: IntentRecord): IntentView {
  const view = { id, entity, kind, createdAt, attempts, operation: call.operation };
  return inDoubt === undefined ? view : { ...view, inDoubt };
}

async function deadLetters(context: Context): Promise<DeadLetterRecord[]> {
  const letters: DeadLetterRecord[] = [];
  for await (const { document } of context.store.find<DeadLetterRecord>({ under: pathOf(context.id, "deadletters") })) {
    letters.push(document);
  }
  return letters;
}
