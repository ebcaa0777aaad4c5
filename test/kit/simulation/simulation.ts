/**
 * Whole engines and a relay under faults, with real cryptography and the wire's encoding (docs/decisions/0013-proofs.md).
 *
 * S1. Every step draws from a stream of its own, so it chooses alike whichever other steps are left out.
 * S2. Nothing reads a clock, a network or a disk that is not simulated, so a seed is the same run everywhere.
 * S3. What must always hold is checked at every commit; what must hold in the end is checked whenever everybody was healed.
 */
import { attributeActions } from "./actions/attributes.ts";
import type { Action } from "./actions/action.ts";
import { endingActions } from "./actions/ending.ts";
import { livingActions } from "./actions/living.ts";
import { meetingActions } from "./actions/meeting.ts";
import { talkingActions } from "./actions/talking.ts";
import { disagreements } from "./agreement.ts";
import { type Draws, drawsOf } from "./draws.ts";
import { heal } from "./healing.ts";
import { createTown, type Town } from "./town.ts";
import { createTrace, type Trace } from "./trace.ts";
import { createTurn, type Turn } from "./turn.ts";
import { blow, type Spell } from "./weather.ts";

/** What is simulated. */
export interface SimulationOptions {
  readonly seed: number;
  readonly steps: number;
  /** People at the same time; 4 unless said otherwise. */
  readonly accounts?: number;
  /** Only these steps; the others are left out. */
  readonly keep?: readonly number[];
  /** Hears every line of the trace. */
  readonly heard?: (line: string) => void;
}

/** What came of it. */
export interface SimulationReport {
  readonly seed: number;
  readonly steps: number;
  readonly accounts: number;
  /** The same for the same seed, steps, accounts and version, on every machine. */
  readonly traceHash: string;
  readonly commands: number;
  /** How often which fault happened. */
  readonly faults: { readonly [kind: string]: number };
  readonly simulatedHours: number;
  /** Days of one account with at least 20 commands. */
  readonly accountDays: number;
  readonly encryptions: number;
  readonly published: number;
  /** The first promise that was broken. */
  readonly finding?: Finding;
}

/** A broken promise: at which step it showed, and one sentence. */
export interface Finding {
  readonly step: number;
  readonly sentence: string;
}

const accountsDefault = 4;
const checkpointSteps = 250;
const commandsPerAccountDay = 20;
/** Numbers of steps that are no steps: what happens before the first, and while everybody is healed. */
const setUpStep = 1_000_000;

const actions: readonly Action[] = [
  ...meetingActions,
  ...talkingActions,
  ...attributeActions,
  ...endingActions,
  ...livingActions,
];

/** Runs a simulation until its end or its first finding. */
export async function runSimulation(options: SimulationOptions): Promise<SimulationReport> {
  const { seed, steps, accounts = accountsDefault, heard } = options;
  const town = await createTown(seed);
  const trace = createTrace(heard);
  const startMs = town.ground.clock.now();
  town.ground.begin(setUpStep);
  while (town.citizens.length < accounts) await town.join();
  const finding = await play(town, trace, options);
  (options as any).inspect?.(town);
  for (const citizen of town.citizens) await citizen.close();
  await town.relay.close();
  const days = [...town.commandsOnDay.values()].filter((count) => count >= commandsPerAccountDay);
  return {
    seed,
    steps,
    accounts,
    traceHash: trace.hash(),
    commands: town.commands,
    faults: Object.fromEntries([...town.ground.faults].sort()),
    simulatedHours: Math.round((town.ground.clock.now() - startMs) / 3_600_000),
    accountDays: days.length,
    encryptions: town.ground.nonces.encryptions,
    published: town.citizens.reduce((sum, { laws }) => sum + laws.publications, 0),
    ...(finding === undefined ? {} : { finding }),
  };
}

async function play(town: Town, trace: Trace, { steps, keep }: SimulationOptions): Promise<Finding | undefined> {
  const { findings } = town.ground;
  const kept = keep === undefined ? undefined : new Set(keep);
  const spells: Spell[] = [];
  for (let step = 0; step < steps; step += 1) {
    if (kept?.has(step) !== false) trace.add(await takeStep(town, step, spells));
    const isLast = step === steps - 1;
    if (findings.length === 0 && (isLast || step % checkpointSteps === checkpointSteps - 1)) {
      town.ground.begin(setUpStep + 1 + step);
      await heal(town, spells);
      findings.push(...disagreements(town));
      for (const { disk } of [town.relay, ...town.citizens]) trace.addBytes(disk.bytes());
    }
    const [sentence] = findings;
    if (sentence !== undefined) return { step, sentence };
  }
  return undefined;
}

async function takeStep(town: Town, step: number, spells: Spell[]): Promise<string> {
  const { ground, network, relay } = town;
  const draws = drawsOf(town.seed, step);
  ground.begin(step);
  ground.clock.advance(draws.between(60, 1140) * 1000);
  for (const spell of spells.filter(({ untilStep }) => untilStep <= step)) {
    spell.end();
    spells.splice(spells.indexOf(spell), 1);
  }
  await revive(town);
  await network.deliver("due");
  const me = draws.pick(town.citizens);
  if (me === undefined) return `${step} nobody`;
  await blow(town, { draws, me, spells });
  const turn = createTurn(town, { step, draws, me });
  const name = me.isDead ? "none" : await actOut(turn, draws);
  await ground.settle();
  await aftermath(turn, draws);
  network.plan(me.name, undefined);
  relay.plan(undefined);
  me.plan(undefined);
  await ground.settle();
  await bury(town, turn);
  town.scan();
  return `${step} ${me.name} ${name} ${turn.outcomes.join(",")} ${ground.clock.now()}`;
}

// A process that died is started again, unless there is still something in its way.
async function revive(town: Town): Promise<void> {
  if (town.relay.isDown) await town.relay.start();
  for (const citizen of town.citizens) if (citizen.isDead) await citizen.start().catch(() => undefined);
}

// What cannot be done is not done, and something else is chosen; whoever finds nothing to do synchronises.
async function actOut(turn: Turn, draws: Draws): Promise<string> {
  for (let round = 0; round < choicesMax; round += 1) {
    const action = chosen(draws);
    if (action !== undefined && (await action.run(turn))) return action.name;
  }
  await turn.act((account) => account.sync());
  return "sync";
}

const choicesMax = 6;

function chosen(draws: Draws): Action | undefined {
  let lot = (draws.below(100_000) / 100_000) * actions.reduce((sum, { weight }) => sum + weight, 0);
  return actions.find(({ weight }) => {
    lot -= weight;
    return lot < 0;
  });
}

async function aftermath(turn: Turn, draws: Draws): Promise<void> {
  const { town, me } = turn;
  const share = draws.below(1000) / 999;
  if (town.relay.isDown) {
    town.ground.strike("relay: died");
    town.relay.kill(share);
    if (draws.once(2)) await town.relay.start();
  }
  if (me.isDead && me.address !== "") {
    town.ground.strike(me.kill(share) ? "engine: died while writing" : "engine: died");
    if (draws.once(2)) return;
    await me.start().catch(() => undefined);
  }
  if (!draws.once(3)) await turn.repeat();
}

// Who was deleted at the relay is erased here, and somebody else moves in.
async function bury(town: Town, { me, outcomes }: Turn): Promise<void> {
  if (!outcomes.includes("account.deleted") || me.rapport === undefined || me.isDead) return;
  await me.rapport.accounts.erase(me.name);
  await me.close();
  const next = await town.join();
  town.citizens.pop();
  town.citizens.splice(town.citizens.indexOf(me), 1, next);
}
