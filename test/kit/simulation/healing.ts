// The end of all faults: everybody lives, hears and has room, and goes on until nothing is left to do.
import { RapportError } from "rapport/core";
import type { Citizen } from "./citizen.ts";
import type { Holdings } from "./holdings.ts";
import type { Spell } from "./weather.ts";
import type { Town } from "./town.ts";

/** Ends every fault and lets everybody come to rest. What does not come to rest is a finding. */
export async function heal(town: Town, spells: Spell[]): Promise<void> {
  const { ground, network, relay } = town;
  for (const spell of spells.splice(0)) spell.end();
  relay.plan(undefined);
  if (relay.isDown) relay.kill(1);
  for (const citizen of town.citizens) {
    network.plan(citizen.name, undefined);
    network.partition(citizen.name, 0);
    citizen.plan(undefined);
    citizen.refusePublishing(0);
    citizen.slowUntil = 0;
  }
  if (relay.isDown) await relay.start();
  await network.deliver("all");
  for (const citizen of town.citizens) if (citizen.isDead) await citizen.start();
  for (let round = 0; round < roundsMax; round += 1) {
    ground.clock.advance(roundMs);
    for (const citizen of town.citizens) await goOn(town, citizen);
    await ground.settle();
    if (round > 0 && town.citizens.every((citizen) => openIn(town, citizen).length === 0)) return;
  }
  for (const citizen of town.citizens) {
    for (const what of openIn(town, citizen)) ground.findings.push(`${citizen.name} does not come to rest: ${what}.`);
  }
}

const roundsMax = 10;
const roundMs = 60_000;

/** True for those who are about to be deleted or are: nothing is synchronised for them. */
export function isLeaving({ holdings }: Citizen): boolean {
  return holdings.all<{ status: string }>("deletions").some(({ status }) => status === "Active");
}

async function goOn({ ground }: Town, citizen: Citizen): Promise<void> {
  const { account } = citizen;
  if (account === undefined) return;
  const steps = [
    () => account.intents.resume(),
    () => account.sync(),
    async () => {
      for (const { id } of await account.deadLetters.list()) await account.deadLetters.replay(id).catch(unlessRefused);
    },
    () => account.sync(),
  ];
  for (const step of steps) {
    await step().catch((problem: unknown) => {
      unlessRefused(problem);
      if (problem instanceof RapportError && !isLeaving(citizen) && !gone.includes(problem.code))
        ground.findings.push(`${citizen.name} is refused although all is well: ${problem.code}, ${problem.message}`);
    });
  }
}

const gone = ["account.deleted", "account.toBeDeleted"];

function unlessRefused(problem: unknown): void {
  if (!(problem instanceof RapportError)) throw problem;
}

type Letter = {
  readonly what: string;
  readonly code: string;
  readonly message: string;
  readonly payload: { readonly relationshipId?: string };
};

// Who withdrew a template cannot open what somebody makes of it afterwards.
function isWithdrawn(atRelay: Holdings, { laws }: Citizen, { payload }: Letter): boolean {
  const made = atRelay.get<{ templateId: string }>("relationship", payload.relationshipId ?? "");
  return made !== undefined && laws.withdrawn.has(made.templateId);
}

/** What is still to be done, in words. */
function openIn({ atRelay, forgotten }: Town, citizen: Citizen): string[] {
  if (isLeaving(citizen)) return [];
  const { holdings, address, name } = citizen;
  const intents = holdings.all<{ kind: string; entity: string }>("intents");
  const events = atRelay.ids("event").filter((id) => id.startsWith(`${address}/`));
  const letters = holdings.all<Letter>("deadletters").filter((letter) => !isWithdrawn(atRelay, citizen, letter));
  const isForgiven = forgotten.has(name);
  return [
    ...intents.map(({ kind, entity }) => `the call ${kind} for ${entity} is open`),
    ...events.map((id) => `the relay still offers ${id}`),
    ...(isForgiven ? [] : letters.map(({ what, code, message }) => `a dead letter, ${what}: ${code}, ${message}`)),
    ...holdings.ids("inbox").map((id) => `the mark of ${id} is left`),
    ...citizen.laws.untold(holdings),
  ];
}
