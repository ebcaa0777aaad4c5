// What composed states are made of: every part that was ever seen has a number, and equal parts have the same one.
import type { IntentRecord } from "../../../src/model/records.ts";
import { type Channels, createChannels } from "./channel.ts";
import type { Coverage } from "./coverage.ts";
import { createInterning, type Interning } from "./interning.ts";
import type { MakeRelay } from "./life.ts";
import type { Party, Side } from "./party.ts";
import { checkParty, openIntents } from "./safety.ts";
import type { Command, Scene } from "./scene.ts";
import { nameOfSum, type Snapshot } from "./snapshot.ts";
import type { Sealing } from "./stand-in-crypto.ts";

/** What the exploration of one scene works with. */
export interface Bench {
  readonly scene: Scene;
  readonly parties: { readonly [side in Side]: Party };
  readonly commands: { readonly [side in Side]: readonly Command[] };
  /** The moments of time, in ms. */
  readonly times: readonly number[];
  readonly coverage: Coverage;
  readonly makeRelay: MakeRelay | undefined;
}

/** What a party has stored, and its open intents by idempotency key. */
export interface PartyState {
  readonly stored: Snapshot;
  readonly intents: ReadonlyMap<string, IntentRecord>;
  readonly openKeys: ReadonlySet<string>;
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

/** All parts of one exploration. */
export interface Parts {
  readonly bench: Bench;
  readonly states: { readonly [side in Side]: Interning<PartyState> };
  readonly relays: Interning<Snapshot>;
  readonly moves: Interning<Move>;
  readonly channels: Channels;
  /** What was encrypted for a call, by the call as text. */
  readonly sealings: Map<string, readonly Sealing[]>;
  /** How many different steps were taken by the real engines and relay. */
  readonly turns: { taken: number };
  partyNumber(side: Side, stored: Snapshot): number;
  relayNumber(relay: Snapshot): number;
  moveNumber(move: Move): number;
}

/** No part is known yet. A new state of a party is checked when it gets its number. */
export function createParts(bench: Bench): Parts {
  const states = { A: partyStates(bench.parties.A), B: partyStates(bench.parties.B) };
  const relays = createInterning<Snapshot>();
  const moves = createInterning<Move>();
  return {
    bench,
    states,
    relays,
    moves,
    channels: createChannels(),
    sealings: new Map(),
    turns: { taken: 0 },
    partyNumber: (side, stored) =>
      states[side].number(nameOfSum(stored.sum), () => stateOf(bench.parties[side], stored)),
    relayNumber: (relay) => relays.number(nameOfSum(relay.sum), () => relay),
    moveNumber: (move) => {
      const { kind, side, what, crashedAfter, heard } = move;
      return moves.number([kind, side, what, crashedAfter, ...heard].join("|"), () => move);
    },
  };
}

function partyStates({ identity }: Party): Interning<PartyState> {
  return createInterning(({ stored }) => checkParty(identity.record.id, stored));
}

function stateOf({ identity }: Party, stored: Snapshot): PartyState {
  const intents = new Map(
    openIntents(identity.record.id, stored).map((intent) => [intent.call.idempotencyKey, intent]),
  );
  return { stored, intents, openKeys: new Set(intents.keys()) };
}
