// The steps of the composed system, each taken once by the real engine or relay for every different beginning.
import { type RelayEnding, relayEndingsOf } from "./endings.ts";
import type { Parts } from "./parts.ts";
import type { Side } from "./party.ts";
import { createPartyCommands, type PartyCommands } from "./party-commands.ts";
import { createPartySyncs, type PartySyncs } from "./party-syncs.ts";
import { createMemory, packed, partsBelow, type Remembered } from "./remembering.ts";

/** The steps, by what they begin with. */
export interface Moves {
  readonly commands: { readonly [side in Side]: PartyCommands };
  readonly syncs: { readonly [side in Side]: PartySyncs };
  /** The relay carries out a call that is on its way. */
  deliver(relay: number, call: number, time: number): Remembered<readonly RelayEnding[]>;
  /** The relay does what is due. */
  due(relay: number, time: number): Remembered<readonly RelayEnding[]>;
  /** The move that lets time pass. */
  readonly passes: number;
}

/** No step was taken yet. */
export function createMoves(parts: Parts): Moves {
  const { bench, channels } = parts;
  const [delivered, due] = [createMemory<readonly RelayEnding[]>(), createMemory<readonly RelayEnding[]>()];
  return {
    commands: { A: createPartyCommands(parts, "A"), B: createPartyCommands(parts, "B") },
    syncs: { A: createPartySyncs(parts, "A"), B: createPartySyncs(parts, "B") },
    deliver: (relay, call, time) =>
      delivered.at(packed([call, 4096], [time, 4], [relay, partsBelow]), () => {
        const { side, call: held } = channels.calls.at(call);
        const { caller } = bench.parties[side];
        const doing = { kind: "deliver", side, what: held.operation } as const;
        return relayEndingsOf(parts, { relay, time }, { ...doing, work: (life) => life.carry(held, caller) });
      }),
    due: (relay, time) =>
      due.at(packed([time, 4], [relay, partsBelow]), () =>
        relayEndingsOf(parts, { relay, time }, { kind: "due", side: undefined, what: "does what is due", work: doDue }),
      ),
    passes: parts.moveNumber({
      kind: "time",
      side: undefined,
      what: "Time passes",
      crashedAfter: undefined,
      heard: [],
    }),
  };
}

async function doDue(life: { runDueTimers(): Promise<unknown> }): Promise<undefined> {
  await life.runDueTimers();
}
