// What one party does in one life: a command up to its first call, an answer that reaches its intent, a sync.
import {
  type Answer,
  type Call,
  fault,
  type ItemKindPort,
  type RulePort,
  type Session,
  type TransportPort,
} from "rapport/core";
import type { Engine } from "../../../src/engine/context.ts";
import { createIdentity, type Identity } from "../../../src/engine/identity.ts";
import { createItemKinds } from "../../../src/items/item-kinds.ts";
import { createTransferFileOwnershipItem } from "../../../src/items/transfer-file-ownership.ts";
import type { Caller } from "../../../src/relay/caller.ts";
import { type Account, openAccount } from "../../../src/services/account.ts";
import { intentKinds } from "../../../src/services/engine.ts";
import { type Beginning, beginLife, type Life, type MakeRelay, type Moment, mistakeIn } from "./life.ts";
import { type Snapshot, storeKey } from "./snapshot.ts";
import type { Sealing } from "./stand-in-crypto.ts";

/** The two parties. */
export const sides = ["A", "B"] as const;
/** One of them. */
export type Side = (typeof sides)[number];

/** What a party's engine is made of beside the ports. */
export interface Equipment {
  readonly rules?: readonly RulePort[];
  readonly itemKinds?: readonly ItemKindPort[];
}

/** A party: who it is, and with what it works. */
export interface Party {
  readonly side: Side;
  readonly identity: Identity;
  readonly caller: Caller;
  readonly equipment: Equipment;
}

/** What a call of the party meets: an answer, or a thrown error when none comes. */
export type Route = (call: Call, life: Life) => Promise<Answer>;

/** What a life came to. */
export interface Run {
  readonly moments: readonly Moment[];
  readonly last: Moment;
  readonly sent: readonly Call[];
  readonly sealings: readonly Sealing[];
  /** What was asked of the relay, in order, and what it said. */
  readonly heard: readonly string[];
  readonly problem: unknown;
  /** Somebody's mistake: an error that is neither a refusal nor a fault. */
  readonly mistake: string | undefined;
}

/** One thing to do in a life. */
export interface Doing {
  readonly beginning: Beginning;
  readonly route: Route;
  readonly makeRelay?: MakeRelay | undefined;
  /** Whether the process already knows that the relay keeps idempotency keys. */
  readonly knowsRelay?: boolean;
  work(account: Account, context: ReturnType<typeof openAccount>["context"]): Promise<unknown>;
}

/** Lives a life of the party. */
export async function live({ identity, caller, equipment }: Party, doing: Doing): Promise<Run> {
  const life = beginLife(doing.beginning, doing.makeRelay);
  const heard: string[] = [];
  const { account, context } = openAccount(engineOf(life, { equipment, caller, route: doing.route, heard }), identity);
  if (doing.knowsRelay !== false) context.memory.keepsKeys = true;
  let problem: unknown;
  try {
    await doing.work(account, context);
  } catch (thrown) {
    problem = thrown;
  }
  return runOf(life, { heard, problem });
}

function runOf(life: Life, { heard, problem }: { heard: string[]; problem: unknown }): Run {
  const { moments, sent, sealings } = life;
  const last = { party: life.party.snapshot, relay: life.relay.snapshot, sent: sent.length };
  life.end();
  return {
    moments,
    last,
    sent,
    sealings,
    heard,
    problem,
    mistake: problem === undefined ? undefined : mistakeIn(problem),
  };
}

/** Makes the identity of a party at the relay. */
export async function createParty(
  side: Side,
  { beginning, equipment }: { readonly beginning: Beginning; readonly equipment: Equipment },
): Promise<{ readonly party: Party; readonly stored: Snapshot; readonly relay: Snapshot }> {
  const life = beginLife(beginning);
  const engine = engineOf(life, { equipment, caller: undefined, route: through(undefined), heard: [] });
  const identity = await createIdentity(
    engine,
    { name: side, commandId: undefined },
    { id: "rapport", secret: "rapport" },
  );
  const { record, secret } = identity;
  const caller = { address: record.address, deviceId: record.deviceId, username: secret.username };
  const party = { side, identity, caller, equipment };
  return { party, stored: life.party.snapshot, relay: life.relay.snapshot };
}

/** Everything gets through at once. */
export const through =
  (caller: Caller | undefined): Route =>
  async (call, life) =>
    life.carry(call, caller);

/** Calls that must not get lost are on their way, and the process ends; what only asks gets through. */
export const held =
  (caller: Caller): Route =>
  async (call, life) => {
    if (isKept(call)) throw life.end();
    return life.carry(call, caller);
  };

/** Calls that must not get lost get no answer, and nobody knows whether they arrived; everything else gets through. */
export const unanswered =
  (caller: Caller): Route =>
  async (call, life) => {
    if (isKept(call)) throw fault("relay.unreachable", "No answer came.");
    return life.carry(call, caller);
  };

/** This very answer comes to the call with this key. */
export const answering =
  (caller: Caller, key: string, answer: Answer): Route =>
  async (call, life) => {
    if (call.idempotencyKey === key) return answer;
    if (isKept(call)) throw life.end();
    return life.carry(call, caller);
  };

/** Whether the call belongs to an intent. */
export function isKept({ idempotencyKey }: Call): boolean {
  return idempotencyKey !== undefined && !idempotencyKey.startsWith("finalise-");
}

interface Wiring {
  readonly equipment: Equipment;
  readonly caller: Caller | undefined;
  readonly route: Route;
  readonly heard: string[];
}

function engineOf(life: Life, { equipment, route, heard }: Wiring): Engine {
  const { store, crypto, entropy } = life.parts;
  const transport: TransportPort = {
    baseUrl: "http://localhost:4300",
    hostName: "localhost",
    call: async (call: Call, _session?: Session) => {
      if (isKept(call)) life.sent.push(call);
      const answer = await route(call, life);
      heard.push(`${call.operation}: ${answer.ok ? answer.status : answer.error.code}`);
      return answer;
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
  return {
    store,
    transport,
    crypto,
    entropy,
    clock: life.clock,
    log: { write: () => undefined },
    rules: equipment.rules ?? [],
    publishers: [],
    kinds: kindsOf(equipment),
    intentKinds,
    presence: undefined,
    storeKey,
    stopped: never.signal,
  };
}

const never = new AbortController();
const known = new WeakMap<Equipment, Engine["kinds"]>();

// The built-in kinds are the same for everybody; only the one that needs cryptography is made anew, and no scene uses files.
function kindsOf(equipment: Equipment): Engine["kinds"] {
  const kinds =
    known.get(equipment) ??
    createItemKinds([createTransferFileOwnershipItem(beginningCrypto), ...(equipment.itemKinds ?? [])]);
  known.set(equipment, kinds);
  return kinds;
}

const beginningCrypto = beginLife({
  party: { places: new Map(), sum: [0, 0, 0, 0] },
  relay: { places: new Map(), sum: [0, 0, 0, 0] },
  nowMs: 0,
  label: "",
}).parts.crypto;
