// What a party does to hear: syncs with every kind of luck, and answers that reach the intent they belong to.
import { perform } from "../../../src/engine/performing.ts";
import { type Ending, endingsOf } from "./endings.ts";
import type { Parts } from "./parts.ts";
import { answering, type Doing, live, type Route, type Run, type Side, through, unanswered } from "./party.ts";
import type { At } from "./party-commands.ts";
import { createMemory, packed, partsBelow, type Remembered } from "./remembering.ts";
import { nameOfSum } from "./snapshot.ts";

/** The ways of hearing of one side. */
export interface PartySyncs {
  /** Everything gets through. */
  sync(party: number, at: At): Remembered<readonly Ending[]>;
  /** Calls of open intents get no answer, everything else does. */
  silentSync(party: number, at: At): Remembered<readonly Ending[]>;
  /** A call of the other party arrives between the calls of a sync: one ending after each. */
  overtakenSync(party: number, at: At & { readonly call: number }): Remembered<readonly Ending[]>;
  /** An answer comes to the process that waits for it. */
  answer(party: number, at: At & { readonly call: number; readonly answer: number }): Remembered<readonly Ending[]>;
}

const callsBelow = 128;
const none: readonly Ending[] = [];

/** Syncs of a side, each taken once for every different beginning. */
export function createPartySyncs(parts: Parts, side: Side): PartySyncs {
  const { bench, states, channels } = parts;
  const { caller } = bench.parties[side];
  const [plain, silent, overtaken, answered] = [memory(), memory(), memory(), new Map<string, readonly Ending[]>()];
  const beginning = (party: number, { relay, time }: At) => packed([time, 4], [party, partsBelow], [relay, partsBelow]);
  const syncing = (party: number, at: At, how: How) => synced(parts, { side, party, at }, how);
  return {
    sync: (party, at) =>
      plain.at(
        beginning(party, at),
        async () => (await syncing(party, at, { what: "sync", route: through(caller) })).endings,
      ),
    silentSync: (party, at) => {
      if (states[side].at(party).intents.size === 0) return none;
      const how = { what: "sync without answers to open calls", route: unanswered(caller) };
      return silent.at(beginning(party, at), async () => (await syncing(party, at, how)).endings);
    },
    overtakenSync: (party, at) => {
      const key = packed([at.call, callsBelow], [at.time, 4], [party, partsBelow], [at.relay, partsBelow]);
      return overtaken.at(key, () => overtakenAll(parts, { side, party, at }));
    },
    answer(party, at) {
      const key = channels.calls.at(at.call).call.idempotencyKey ?? "";
      if (!states[side].at(party).intents.has(key)) return none;
      const name = `${party} ${at.relay} ${at.time} ${at.call} ${at.answer}`;
      const known = answered.get(name);
      if (known !== undefined) return known;
      return heardBy(parts, { side, party, at }).then((endings) => {
        answered.set(name, endings);
        return endings;
      });
    },
  };
}

const memory = () => createMemory<readonly Ending[]>();

interface How {
  readonly what: string;
  readonly route: Route;
}

interface Who<A extends At> {
  readonly side: Side;
  readonly party: number;
  readonly at: A;
}

function lived({ bench, states, relays, turns }: Parts, { side, party, at }: Who<At>, doing: Lived): Promise<Run> {
  turns.taken += 1;
  const { stored } = states[side].at(party);
  const nowMs = bench.times[at.time] ?? 0;
  return live(bench.parties[side], {
    beginning: { party: stored, relay: relays.at(at.relay), nowMs, label: `${side} ${doing.label}` },
    makeRelay: bench.makeRelay,
    knowsRelay: bench.scene.knowsNoRelay !== true,
    route: doing.route,
    work: doing.work,
  });
}

interface Lived {
  readonly label: string;
  readonly route: Route;
  readonly work: Doing["work"];
}

async function synced(parts: Parts, who: Who<At>, { what, route }: How) {
  const { side, party, at } = who;
  const label = `sync ${nameOfSum(parts.states[side].at(party).stored.sum)}`;
  const run = await lived(parts, who, { label, route, work: (account) => account.sync() });
  const start = { party, relay: at.relay };
  return { calls: run.heard.length, endings: endingsOf(parts, { side, start, run, kind: "sync", what }) };
}

async function overtakenAll(parts: Parts, who: Who<At & { readonly call: number }>): Promise<readonly Ending[]> {
  const { bench, channels } = parts;
  const { caller } = bench.parties[who.side];
  const other = channels.calls.at(who.at.call);
  const { calls } = await synced(parts, who, { what: "sync", route: through(caller) });
  const all: Ending[] = [];
  for (let before = 1; before < calls; before += 1) {
    let made = 0;
    const route: Route = async (call, life) => {
      made += 1;
      if (made === before + 1) await life.carry(other.call, bench.parties[other.side].caller);
      return life.carry(call, caller);
    };
    const what = `sync, overtaken after call ${before} by ${other.call.operation} of ${other.side}`;
    all.push(...(await synced(parts, who, { what, route })).endings);
  }
  return all;
}

type Answered = Who<At & { readonly call: number; readonly answer: number }>;

async function heardBy(parts: Parts, who: Answered): Promise<readonly Ending[]> {
  const { bench, channels, states } = parts;
  const { side, party, at } = who;
  const { call } = channels.calls.at(at.call);
  const key = call.idempotencyKey ?? "";
  const intent = states[side].at(party).intents.get(key);
  if (intent === undefined) return none;
  const route = answering(bench.parties[side].caller, key, channels.answers.at(at.answer));
  const run = await lived(parts, who, {
    label: `answer ${key}`,
    route,
    work: (_, context) => perform(context, intent),
  });
  // The call itself has left before.
  const sent = run.sent.filter(({ idempotencyKey }) => idempotencyKey !== key);
  const moments = run.moments.map((moment) => ({ ...moment, sent: 0 }));
  const fresh = { ...run, sent, moments, last: { ...run.last, sent: sent.length } };
  const start = { party, relay: at.relay };
  return endingsOf(parts, { side, start, run: fresh, kind: "answer", what: call.operation });
}
