// The end of all faults: everybody lives, hears and has room, and goes on until nothing is left to do.
import { RapportError } from "rapport/core";
import type { Citizen } from "./citizen.ts";
import type { Town } from "./town.ts";
import type { Bond } from "./views.ts";
import type { Spell } from "./weather.ts";

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
  readonly payload: { readonly relationshipId?: string; readonly id?: string };
};

// Who withdrew a template cannot open what somebody makes of it, and who left a Relationship cannot open what came with it.
function isWithdrawn(
  { atRelay, restored }: Town,
  { laws, holdings }: Citizen,
  { what, code, payload }: Letter,
): boolean {
  // What an attribute's owner wanted to tell somebody with whom it is over.
  if (what === "Notification" && code.startsWith("error.platform.validation.message.")) return true;
  const made = atRelay.get<{ templateId: string }>("relationship", payload.relationshipId ?? "");
  if (made !== undefined) return laws.withdrawn.has(made.templateId);
  if (payload.id === undefined) return false;
  const message = atRelay.get<{ createdBy: string }>("message", payload.id);
  // Who goes on from an older copy may write with the keys of a Relationship that was replaced since.
  if (message !== undefined && restored.has(message.createdBy)) return true;
  return message === undefined || !holdings.all<Bond>("relationships").some(({ peer }) => peer === message.createdBy);
}

/** What is still to be done, in words. */
function openIn(town: Town, citizen: Citizen): string[] {
  if (isLeaving(citizen)) return [];
  const { atRelay, forgotten } = town;
  const { holdings, address, name } = citizen;
  const intents = holdings.all<{ kind: string; entity: string }>("intents");
  const events = atRelay.ids("event").filter((id) => id.startsWith(`${address}/`));
  const letters = holdings.all<Letter>("deadletters").filter((letter) => !isWithdrawn(town, citizen, letter));
  const isForgiven = forgotten.has(name);
  return [
    ...intents.map(({ kind, entity }) => `the call ${kind} for ${entity} is open`),
    ...events.map((id) => `the relay still offers ${id}`),
    ...(isForgiven ? [] : letters.map(({ what, code, message }) => `a dead letter, ${what}: ${code}, ${message}`)),
    ...holdings.ids("inbox").map((id) => `the mark of ${id} is left`),
    ...citizen.laws.untold(holdings),
  ];
}
