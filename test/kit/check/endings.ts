// What a life came to, as numbers of parts: one ending for every moment at which the process could have crashed, and the last.
// Every commit on the way is held against the invariants and adds to what is covered.
import type { Answer, Call } from "rapport/core";
import { recordChanges } from "./coverage.ts";
import { Broken, must } from "./found.ts";
import { beginLife, type Life, type Moment } from "./life.ts";
import type { Move, Parts } from "./parts.ts";
import type { Run, Side } from "./party.ts";
import { checkPartyCommit, checkRelayCommit } from "./safety.ts";
import { changesBetween, emptySnapshot, nameOfSum, type Snapshot } from "./snapshot.ts";

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

/** A life of a party, and what it was for. */
export interface Lived {
  readonly side: Side;
  readonly start: { readonly party: number; readonly relay: number };
  /** The party's documents, where a try was counted before the life began. */
  readonly from?: Snapshot;
  readonly run: Run;
  readonly kind: Move["kind"];
  readonly what: string;
}

/** The endings of a party's life. */
export function endingsOf(parts: Parts, lived: Lived): Ending[] {
  const { run, side, kind, what } = lived;
  const move = { kind, side, what, crashedAfter: undefined, heard: run.heard };
  return during(move, () => {
    must(run.mistake === undefined, () => `Something went wrong that has no code: ${run.mistake}`);
    checkCommits(parts, lived);
    noteSealings(parts, lived);
    const endings: Ending[] = [];
    const seen = new Set<string>();
    for (const [at, moment] of [...run.moments, run.last].entries()) {
      const crashedAfter = at < run.moments.length ? at + 1 : undefined;
      const ending = endingAt(parts, lived, { moment, crashedAfter });
      const name = ending === undefined ? "" : `${ending.party} ${ending.relay} ${ending.sent}`;
      if (ending === undefined || (seen.has(name) && crashedAfter !== undefined)) continue;
      seen.add(name);
      endings.push(ending);
    }
    return endings;
  });
}

function checkCommits({ bench, states, relays }: Parts, { side, start, from, run }: Lived): void {
  const account = bench.parties[side].identity.record.id;
  let party = from ?? states[side].at(start.party).stored;
  let relay = relays.at(start.relay);
  for (const moment of [...run.moments, run.last]) {
    if (moment.party !== party) {
      checkPartyCommit(account, party, moment.party);
      recordChanges(bench.coverage, account, changesBetween(party, moment.party));
    }
    if (moment.relay !== relay) {
      checkRelayCommit(relay, moment.relay);
      recordChanges(bench.coverage, undefined, changesBetween(relay, moment.relay));
    }
    party = moment.party;
    relay = moment.relay;
  }
}

interface At {
  readonly moment: Moment;
  readonly crashedAfter: number | undefined;
}

// Nothing when all is as it was at the beginning; that a command was tried and refused is nothing, too.
function endingAt(parts: Parts, lived: Lived, { moment, crashedAfter }: At): Ending | undefined {
  const { side, start, from, run, kind, what } = lived;
  const relay = parts.relayNumber(moment.relay);
  const isRelayLeft = relay === start.relay && moment.sent === 0;
  if (from !== undefined && isRelayLeft && nameOfSum(moment.party.sum) === nameOfSum(from.sum)) return undefined;
  const party = parts.partyNumber(side, moment.party);
  if (from === undefined && isRelayLeft && party === start.party) return undefined;
  const sent = run.sent.slice(0, moment.sent).map((call) => callNumber(parts, side, call));
  return { party, relay, sent, move: parts.moveNumber({ kind, side, what, crashedAfter, heard: run.heard }) };
}

function callNumber({ channels, sealings }: Parts, side: Side, call: Call): number {
  const name = nameOfCall(call);
  return channels.calls.number(`${side} ${name}`, () => ({ side, call, sealings: sealings.get(name) ?? [] }));
}

const nameOfCall = ({ operation, params, body, idempotencyKey }: Omit<Call, "operation"> & { operation: string }) =>
  JSON.stringify([operation, params ?? {}, body, idempotencyKey]);

// The life that drafted a call is the first in which its intent is seen.
function noteSealings({ sealings, bench }: Parts, { side, run }: Lived): void {
  if (run.sealings.length === 0) return;
  const path = `${bench.parties[side].identity.record.id}/intents`;
  for (const { party } of [...run.moments, run.last]) {
    for (const { stored } of party.places.get(path)?.values() ?? []) {
      const { call } = stored.document as unknown as { readonly call: Call };
      const name = nameOfCall(call);
      if (!sealings.has(name)) sealings.set(name, run.sealings);
    }
  }
}

/** Something that the relay does alone. */
export interface RelayDoing {
  readonly kind: Move["kind"];
  readonly side: Side | undefined;
  readonly what: string;
  work(life: Life): Promise<Answer | undefined>;
}

/** Takes a step of the relay and gives its endings. */
export async function relayEndingsOf(
  parts: Parts,
  { relay, time }: { readonly relay: number; readonly time: number },
  { work, ...named }: RelayDoing,
): Promise<RelayEnding[]> {
  const { bench, relays, channels } = parts;
  parts.turns.taken += 1;
  const nowMs = bench.times[time] ?? 0;
  const life = beginLife({ party: emptySnapshot, relay: relays.at(relay), nowMs, label: "" }, bench.makeRelay);
  const answer = await work(life);
  const endings: RelayEnding[] = [];
  let before = relays.at(relay);
  for (const { relay: after } of life.moments) {
    if (after === before) continue;
    during({ ...named, crashedAfter: undefined, heard: [] }, () => checkRelayCommit(before, after));
    recordChanges(bench.coverage, undefined, changesBetween(before, after));
    before = after;
    const move = parts.moveNumber({ ...named, crashedAfter: endings.length + 1, heard: [] });
    endings.push({ relay: parts.relayNumber(after), answer: undefined, move });
  }
  // After the last commit comes the answer.
  endings.pop();
  const heard = answer === undefined ? [] : [`${answer.ok ? answer.status : answer.error.code}`];
  const move = parts.moveNumber({ ...named, crashedAfter: undefined, heard });
  const number = answer === undefined ? undefined : channels.answers.number(JSON.stringify(answer), () => answer);
  return [...endings, { relay: parts.relayNumber(life.relay.snapshot), answer: number, move }];
}

// Says, of something that is broken, during which step it broke.
function during<T>(move: Move, work: () => T): T {
  try {
    return work();
  } catch (problem) {
    if (problem instanceof Broken) problem.during ??= move;
    throw problem;
  }
}
