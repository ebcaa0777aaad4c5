// What goes wrong in a step, and what stays wrong for some steps.
import type { Citizen } from "./citizen.ts";
import type { Draws } from "./draws.ts";
import { putBack } from "./old-copies.ts";
import { wireFaults } from "./network.ts";
import type { Town } from "./town.ts";

/** Something that lasts longer than one step. */
export interface Spell {
  readonly untilStep: number;
  end(): void;
}

/** Who it concerns, and where what lasts is noted. */
export interface Exposed {
  readonly draws: Draws;
  readonly me: Citizen;
  readonly spells: Spell[];
}

type Kind = (town: Town, exposed: Exposed) => void | Promise<void>;

/** Chooses what goes wrong for somebody in this step, and lets it. Most steps are fine. */
export async function blow(town: Town, exposed: Exposed): Promise<void> {
  let lot = exposed.draws.below(1000);
  for (const [share, kind] of kinds) {
    lot -= share;
    if (lot < 0) return kind(town, exposed);
  }
}

/** Of a thousand steps, how many have which weather. */
const kinds: readonly (readonly [share: number, kind: Kind])[] = [
  [130, wire],
  [50, storeFails],
  [40, processDies],
  [15, relayFails],
  [8, relayDies],
  [8, partition],
  [8, slowness],
  [8, fullDisk],
  [3, fullRelayDisk],
  [4, oldCopy],
  [15, busyPublisher],
  [12, clockJump],
];

function wire({ network }: Town, { draws, me }: Exposed): void {
  const kind = draws.pick(wireFaults) ?? "lost";
  network.plan(me.name, { fault: { kind, at: draws.between(1, 5) }, draws });
}

const whenOf = (draws: Draws) => (draws.once(2) ? "before" : "after");

function storeFails(_town: Town, { draws, me }: Exposed): void {
  me.plan({ at: draws.between(1, 40), when: whenOf(draws), how: "fail" });
}

function processDies(_town: Town, { draws, me }: Exposed): void {
  me.plan({ at: draws.between(1, 40), when: whenOf(draws), how: "kill" });
}

function relayFails({ relay }: Town, { draws }: Exposed): void {
  relay.plan({ at: draws.between(1, 30), when: whenOf(draws), how: "fail" });
}

function relayDies({ relay }: Town, { draws }: Exposed): void {
  relay.plan({ at: draws.between(1, 30), when: whenOf(draws), how: "kill" });
}

function partition({ ground, network }: Town, { draws, me }: Exposed): void {
  ground.strike("network: partition");
  network.partition(me.name, ground.step + draws.between(3, 20));
}

function slowness({ ground }: Town, { draws, me }: Exposed): void {
  ground.strike("peer: slow");
  me.slowUntil = ground.step + draws.between(20, 80);
}

function fullDisk({ ground }: Town, { draws, me, spells }: Exposed): void {
  ground.strike("disk: full");
  me.disk.isFull = true;
  spells.push({ untilStep: ground.step + draws.between(1, 8), end: () => (me.disk.isFull = false) });
}

function fullRelayDisk({ ground, relay }: Town, { draws, spells }: Exposed): void {
  ground.strike("relay: disk full");
  relay.disk.isFull = true;
  spells.push({ untilStep: ground.step + draws.between(1, 4), end: () => (relay.disk.isFull = false) });
}

async function oldCopy(town: Town, { draws, me }: Exposed): Promise<void> {
  const copy = draws.pick(me.copies);
  if (copy === undefined || me.isDead) return;
  town.ground.strike("disk: old copy");
  await putBack(town, me, copy);
}

function busyPublisher(_town: Town, { draws, me }: Exposed): void {
  me.refusePublishing(draws.between(1, 4));
}

const minuteMs = 60 * 1000;

// Forward as when a machine slept, and back as when somebody set it right.
function clockJump({ ground }: Town, { draws }: Exposed): void {
  const isBack = draws.once(2);
  ground.strike(isBack ? "clock: back" : "clock: forward");
  ground.clock.advance(isBack ? -draws.between(1, 90) * minuteMs : draws.between(60, 36 * 60) * minuteMs);
}
