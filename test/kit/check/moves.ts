// The steps of the composed system, each taken once by the real engine or relay for every different beginning and then
// remembered: a step depends on what is stored and on nothing else.
import type { Answer } from "rapport/core";
import { perform } from "../../../src/engine/performing.ts";
import type { IntentRecord } from "../../../src/model/records.ts";
import { type Channels, createChannels } from "./channel.ts";
import { type Coverage, recordChanges } from "./coverage.ts";
import { Broken, must } from "./found.ts";
import { createInterning, type Interning } from "./interning.ts";
import { beginLife, type MakeRelay } from "./life.ts";
import { answering, type Doing, held, live, type Party, type Route, type Run, type Side, through, unanswered } from "./party.ts";
import { checkParty, checkPartyCommit, checkRelayCommit, openIntents } from "./safety.ts";
import type { Command, Scene } from "./scene.ts";
import { changesBetween, commitTo, documentAt, emptySnapshot, nameOfSum, type Snapshot } from "./snapshot.ts";
import type { Sealing } from "./stand-in-crypto.ts";

/** One way a step can end, for one party and the relay. */
export interface Ending {
  readonly party: number;
  readonly relay: number;
  /** Calls that left on the way. */
  readonly sent: readonly number[];
  readonly move: number;
}

/** One way the relay can end a step. */
export interface RelayEnding {
  readonly relay: number;
  /** The answer that is on its way now. */
  readonly answer: number | undefined;
  readonly move: number;
}

/** What a move is called, for people. */
export interface Move {
  readonly kind: "command" | "sync" | "answer" | "deliver" | "due" | "time";
  readonly side: Side | undefined;
  readonly what: string;
  /** Absent: it came to its end; else how many commits were made when the process crashed. */
  readonly crashedAfter: number | undefined;
  readonly heard: readonly string[];
}

/** What a party has stored, and what of it everything else needs at hand. */
export interface PartyState {
  readonly stored: Snapshot;
  readonly intents: ReadonlyMap<string, IntentRecord>;
  readonly openKeys: ReadonlySet<string>;
}

/** Everything an exploration of one scene works with. */
export interface Bench {
  readonly scene: Scene;
  readonly parties: { readonly [side in Side]: Party };
  readonly commands: { readonly [side in Side]: readonly Command[] };
  readonly times: readonly number[];
  readonly coverage: Coverage;
  readonly makeRelay: MakeRelay | undefined;
  readonly isDeep: boolean;
}

/** The steps, by what they begin with. `time` is the number of a moment. */
export interface Moves {
  readonly states: { readonly [side in Side]: Interning<PartyState> };
  readonly relays: Interning<Snapshot>;
  readonly moves: Interning<Move>;
  readonly channels: Channels;
  commands(side: Side, party: number, at: At): Remembered<Ending>;
  answer(side: Side, party: number, at: At & { readonly call: number; readonly answer: number }): Remembered<Ending>;
  sync(side: Side, party: number, at: At): Remembered<Ending>;
  silentSync(side: Side, party: number, at: At): Remembered<Ending>;
  overtakenSync(side: Side, party: number, at: At & { readonly call: number }): Remembered<Ending>;
  deliver(relay: number, call: number, time: number): Remembered<RelayEnding>;
  due(relay: number, time: number): Remembered<RelayEnding>;
  /** How many different steps were taken by the real engines and relay. */
  taken(): number;
  partyNumber(side: Side, stored: Snapshot): number;
  relayNumber(relay: Snapshot): number;
  /** The move that lets time pass. */
  readonly passes: number;
}

/** What is there when a party begins. */
export interface At {
  readonly relay: number;
  readonly time: number;
}

/** At once when the step was taken before. */
export type Remembered<E> = readonly E[] | Promise<readonly E[]>;

/** Nothing is remembered yet. */
export function createMoves(bench: Bench): Moves {
  const { parties, coverage } = bench;
  const stateNumbers = (side: Side) =>
    createInterning<PartyState>(({ stored }) => checkParty(parties[side].identity.record.id, stored));
  const states = { A: stateNumbers("A"), B: stateNumbers("B") };
  const relays = createInterning<Snapshot>();
  const moves = createInterning<Move>();
  const channels = createChannels();
  const sealingsByCall = new Map<string, readonly Sealing[]>();

  const partyNumber = (side: Side, stored: Snapshot) =>
    states[side].number(nameOfSum(stored.sum), () => stateOf(parties[side], stored));
  const relayNumber = (relay: Snapshot) => relays.number(nameOfSum(relay.sum), () => relay);
  const moveNumber = (move: Move) =>
    moves.number([move.kind, move.side, move.what, move.crashedAfter, ...move.heard].join("|"), () => move);

  const begin = (side: Side, party: number, { relay, time }: At, label: string) => ({
    party: states[side].at(party).stored,
    relay: relays.at(relay),
    nowMs: bench.times[time] ?? 0,
    label: `${side} ${label}`,
  });
  let taken = 0;
  const run = (side: Side, doing: Omit<Doing, "makeRelay" | "knowsRelay">) => {
    taken += 1;
    return live(parties[side], { ...doing, makeRelay: bench.makeRelay, knowsRelay: bench.scene.knowsNoRelay !== true });
  };

  const endingsOf = (side: Side, start: { party: number; relay: number }, made: Made): Ending[] => {
    const { lived, kind, what } = made;
    const account = parties[side].identity.record.id;
    let before = { party: made.from ?? states[side].at(start.party).stored, relay: relays.at(start.relay) };
    const endings: Ending[] = [];
    const seen = new Set<string>();
    const from = made.from === undefined ? start.party : -1;
    const add = (moment: Run["last"], crashedAfter: number | undefined) => {
      if (moment.party !== before.party) {
        checkPartyCommit(account, before.party, moment.party);
        recordChanges(coverage, account, changesBetween(before.party, moment.party));
      }
      if (moment.relay !== before.relay) {
        checkRelayCommit(before.relay, moment.relay);
        recordChanges(coverage, undefined, changesBetween(before.relay, moment.relay));
      }
      before = moment;
      const party = partyNumber(side, moment.party);
      for (const [key, intent] of states[side].at(party).intents) {
        const name = JSON.stringify(intent.call);
        if (!sealingsByCall.has(name)) sealingsByCall.set(name, lived.sealings);
        void key;
      }
      const sent = lived.sent.slice(0, moment.sent).map((call) => {
        const { operation, params, body, idempotencyKey } = call;
        const name = JSON.stringify({ operation, body, idempotencyKey, params });
        const sealings = sealingsByCall.get(JSON.stringify({ operation, body, idempotencyKey, ...(params === undefined ? {} : { params }) })) ?? [];
        return channels.calls.number(`${side} ${name}`, () => ({ side, call, sealings }));
      });
      const relay = relayNumber(moment.relay);
      if (party === from && relay === start.relay && sent.length === 0) return;
      // Only that it was tried: nothing happened.
      if (made.from !== undefined && nameOfSum(moment.party.sum) === nameOfSum(made.from.sum) && relay === start.relay && sent.length === 0) return;
      const name = [party, relay, ...sent].join(" ");
      if (seen.has(name) && crashedAfter !== undefined) return;
      seen.add(name);
      const move = moveNumber({ kind, side, what, crashedAfter, heard: lived.heard });
      endings.push({ party, relay, sent, move });
    };
    during({ kind, side, what, crashedAfter: undefined, heard: lived.heard }, () => {
      must(lived.mistake === undefined, () => `Something went wrong that has no code: ${lived.mistake}`);
      for (const [at, moment] of lived.moments.entries()) add(moment, at + 1);
      add(lived.last, undefined);
    });
    return endings;
  };

  const commandMemo = new Map<number, Item[]>();
  const dependent = new Map<number, readonly Ending[]>();
  const itemsOf = (side: Side, party: number, time: number): Item[] => {
    const key = (party * 4 + time) * 2 + (side === "A" ? 0 : 1);
    const known = commandMemo.get(key);
    if (known !== undefined) return known;
    const { stored } = states[side].at(party);
    const items: Item[] = [];
    for (const command of bench.commands[side]) {
      const tried = triesOf(stored, command.name);
      if (tried >= (bench.isDeep ? (command.mostDeep ?? command.most) : command.most)) continue;
      for (const target of command.targets(stored, parties[side])) items.push({ command, target, tried, endings: undefined, isDependent: false });
    }
    commandMemo.set(key, items);
    return items;
  };
  const runCommand = async (side: Side, party: number, at: At, item: Item): Promise<readonly Ending[]> => {
    const { command, target, tried } = item;
    const label = `${command.name} ${target} ${tried}`;
    const beginning = begin(side, party, at, label);
    const counted = countTry(beginning.party, command.name, tried);
    const lived = await run(side, {
      beginning: { ...beginning, party: counted },
      route: held(parties[side].caller),
      work: (account) => command.run(account, target),
    });
    const endings = endingsOf(side, { party, relay: at.relay }, { lived, kind: "command", what: `${command.name} ${target}`.trim(), from: counted });
    if (lived.heard.length === 0) item.endings = endings;
    else item.isDependent = true;
    return endings;
  };

  const syncMemo = new Map<string, readonly Ending[]>();
  const remember = (key: string, make: () => Promise<readonly Ending[]>): Remembered<Ending> => {
    const known = syncMemo.get(key);
    if (known !== undefined) return known;
    return make().then((made) => {
      syncMemo.set(key, made);
      return made;
    });
  };
  const syncing = (side: Side, party: number, at: At, how: { readonly what: string; readonly route: Route }) =>
    run(side, {
      beginning: begin(side, party, at, `sync ${nameOfSum(states[side].at(party).stored.sum)}`),
      route: how.route,
      work: (account) => account.sync(),
    }).then((lived) => ({ lived, endings: () => endingsOf(side, { party, relay: at.relay }, { lived, kind: "sync", what: how.what }) }));

  const relayMemo = new Map<string, readonly RelayEnding[]>();
  const rememberRelay = (key: string, make: () => Promise<readonly RelayEnding[]>): Remembered<RelayEnding> => {
    const known = relayMemo.get(key);
    if (known !== undefined) return known;
    return make().then((made) => {
      relayMemo.set(key, made);
      return made;
    });
  };
  const relayEndings = async (relay: number, time: number, doing: RelayDoing): Promise<RelayEnding[]> => {
    taken += 1;
    const nowMs = bench.times[time] ?? 0;
    const life = beginLife({ party: emptySnapshot, relay: relays.at(relay), nowMs, label: "" }, bench.makeRelay);
    const answer = await doing.work(life);
    let before = relays.at(relay);
    const endings: RelayEnding[] = [];
    for (const moment of [...life.moments, { relay: life.relay.snapshot }]) {
      if (moment.relay === before) continue;
      const previous = before;
      during({ kind: doing.kind, side: doing.side, what: doing.what, crashedAfter: undefined, heard: [] }, () =>
        checkRelayCommit(previous, moment.relay),
      );
      recordChanges(coverage, undefined, changesBetween(before, moment.relay));
      before = moment.relay;
      const move = moveNumber({ kind: doing.kind, side: doing.side, what: doing.what, crashedAfter: endings.length + 1, heard: [] });
      endings.push({ relay: relayNumber(moment.relay), answer: undefined, move });
    }
    const said = answer === undefined ? [] : [`${answer.ok ? answer.status : answer.error.code}`];
    const move = moveNumber({ kind: doing.kind, side: doing.side, what: doing.what, crashedAfter: undefined, heard: said });
    // With the answer under way the last commit is no crash.
    endings.pop();
    const answerNumber = answer === undefined ? undefined : channels.answers.number(JSON.stringify(answer), () => answer);
    return [...endings, { relay: relayNumber(life.relay.snapshot), answer: answerNumber, move }];
  };

  return {
    states,
    relays,
    moves,
    channels,
    partyNumber,
    relayNumber,
    taken: () => taken,
    passes: moveNumber({ kind: "time", side: undefined, what: "Time passes", crashedAfter: undefined, heard: [] }),
    commands(side, party, at) {
      const items = itemsOf(side, party, at.time);
      const all: Ending[] = [];
      const missing: { readonly item: Item; readonly key: number }[] = [];
      for (const [index, item] of items.entries()) {
        const key = (((party * 4 + at.time) * 2 + (side === "A" ? 0 : 1)) * 64 + index) * 2 ** 20 + at.relay;
        const known = item.endings ?? dependent.get(key);
        if (known === undefined) missing.push({ item, key });
        // What does not ask the relay leaves it as it is.
        else if (item.endings === undefined) all.push(...known);
        else for (const ending of known) all.push({ ...ending, relay: at.relay });
      }
      if (missing.length === 0) return all;
      return (async () => {
        for (const { item, key } of missing) {
          const endings = await runCommand(side, party, at, item);
          if (item.isDependent) dependent.set(key, endings);
          all.push(...endings);
        }
        return all;
      })();
    },
    answer(side, party, at) {
      const held = channels.calls.at(at.call);
      const key = held.call.idempotencyKey ?? "";
      const intent = states[side].at(party).intents.get(key);
      if (intent === undefined) return [];
      return remember(`answer ${side} ${party} ${at.relay} ${at.time} ${at.call} ${at.answer}`, async () => {
        const answer = channels.answers.at(at.answer);
        const lived = await run(side, {
          beginning: begin(side, party, at, `answer ${key}`),
          route: answering(parties[side].caller, key, answer),
          work: (_account, context) => perform(context, intent),
        });
        const sent = lived.sent.filter((call) => call.idempotencyKey !== key);
        const without = { ...lived, sent, moments: lived.moments.map((moment) => ({ ...moment, sent: 0 })), last: { ...lived.last, sent: sent.length } };
        return endingsOf(side, { party, relay: at.relay }, { lived: without, kind: "answer", what: held.call.operation });
      });
    },
    sync: (side, party, at) =>
      remember(`sync ${side} ${party} ${at.relay} ${at.time}`, async () =>
        (await syncing(side, party, at, { what: "sync", route: through(parties[side].caller) })).endings(),
      ),
    silentSync: (side, party, at) =>
      states[side].at(party).intents.size === 0
        ? []
        : remember(`silent ${side} ${party} ${at.relay} ${at.time}`, async () =>
            (await syncing(side, party, at, { what: "sync without answers to open calls", route: unanswered(parties[side].caller) })).endings(),
          ),
    overtakenSync: (side, party, at) =>
      remember(`overtaken ${side} ${party} ${at.relay} ${at.time} ${at.call}`, async () => {
        const other = channels.calls.at(at.call);
        const plain = await syncing(side, party, at, { what: "sync", route: through(parties[side].caller) });
        const all: Ending[] = [];
        for (let calls = 1; calls < plain.lived.heard.length; calls += 1) {
          let made = 0;
          const route: Route = async (call, life) => {
            made += 1;
            if (made === calls + 1) await life.carry(other.call, parties[other.side].caller);
            return life.carry(call, parties[side].caller);
          };
          const what = `sync, overtaken after ${calls} calls by ${other.call.operation} of ${other.side}`;
          all.push(...(await syncing(side, party, at, { what, route })).endings());
        }
        return all;
      }),
    deliver: (relay, call, time) =>
      rememberRelay(`${relay} ${call} ${time}`, () => {
        const held = channels.calls.at(call);
        const work: RelayDoing["work"] = (life) => life.carry(held.call, parties[held.side].caller);
        return relayEndings(relay, time, { kind: "deliver", side: held.side, what: held.call.operation, work });
      }),
    due: (relay, time) =>
      rememberRelay(`${relay} due ${time}`, () =>
        relayEndings(relay, time, {
          kind: "due",
          side: undefined,
          what: "does what is due",
          work: async (life) => {
            await life.runDueTimers();
            return undefined;
          },
        }),
      ),
  };
}

interface Item {
  readonly command: Command;
  readonly target: string;
  readonly tried: number;
  /** What it comes to, when that does not depend on the relay. */
  endings: readonly Ending[] | undefined;
  isDependent: boolean;
}

interface Made {
  readonly lived: Run;
  readonly kind: Move["kind"];
  readonly what: string;
  /** The party's documents when it is more than what the number says. */
  readonly from?: Snapshot;
}

interface RelayDoing {
  readonly kind: Move["kind"];
  readonly side: Side | undefined;
  readonly what: string;
  work(life: ReturnType<typeof beginLife>): Promise<Answer | undefined>;
}

// Says, of something that is broken, during which step it broke.
function during(move: Move, work: () => void): void {
  try {
    work();
  } catch (problem) {
    if (problem instanceof Broken) problem.during ??= move;
    throw problem;
  }
}

function stateOf({ identity }: Party, stored: Snapshot): PartyState {
  const intents = new Map(openIntents(identity.record.id, stored).map((intent) => [intent.call.idempotencyKey, intent]));
  return { stored, intents, openKeys: new Set(intents.keys()) };
}

const triesKey = (command: string) => `check/tries/${encodeURIComponent(command)}`;

function triesOf(stored: Snapshot, command: string): number {
  return documentAt<{ n: number }>(stored, triesKey(command))?.n ?? 0;
}

// Whatever became of it, it is a try: so nothing goes on for ever, and no two tries draw the same bytes.
function countTry(stored: Snapshot, command: string, tried: number): Snapshot {
  const counting = { snapshot: stored };
  commitTo(counting, { puts: [{ key: triesKey(command), document: { n: tried + 1 } }] });
  return counting.snapshot;
}
