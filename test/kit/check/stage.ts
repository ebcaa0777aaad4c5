// Sets a scene: two identities at one relay, and the steps before the exploration begins.
import type { Root } from "./explorer.ts";
import { createParty, live, type Party, type Side, through } from "./party.ts";
import { type Scene, type Stage, startMs } from "./scene.ts";
import { emptySnapshot, type Snapshot } from "./snapshot.ts";

/** A scene that is set. */
export interface SetScene {
  readonly parties: { readonly [side in Side]: Party };
  readonly commands: Awaited<ReturnType<Scene["prepare"]>>;
  readonly root: Root;
}

/** Sets the scene, with everything getting through at once. */
export async function setScene(scene: Scene): Promise<SetScene> {
  const beginning = (label: string, party: Snapshot, relay: Snapshot) => ({ party, relay, nowMs: startMs, label });
  const making = (side: Side, relay: Snapshot) =>
    createParty(side, {
      beginning: beginning(`create ${side}`, emptySnapshot, relay),
      equipment: scene.equipment?.[side] ?? {},
    });
  const a = await making("A", emptySnapshot);
  const b = await making("B", a.relay);
  const stored: { [side in Side]: Snapshot } = { A: a.stored, B: b.stored };
  const parties = { A: a.party, B: b.party };
  let relay = b.relay;
  let steps = 0;
  const take: Stage["take"] = async (side, name, work) => {
    steps += 1;
    const run = await live(parties[side], {
      beginning: beginning(`${steps} ${side} ${name}`, stored[side], relay),
      route: through(parties[side].caller),
      work,
    });
    if (run.problem !== undefined) throw run.problem;
    stored[side] = run.last.party;
    relay = run.last.relay;
  };
  // The first sync makes the datawallet, which is no part of any scene.
  for (const side of ["A", "B"] as const) await take(side, "sync", (account) => account.sync());
  const commands = await scene.prepare({ parties, take });
  return { parties, commands, root: { ...stored, relay } };
}
