// How people part, come back, leave for good, and how two do something at the same moment.
import type { Citizen } from "../citizen.ts";
import type { Command, Turn } from "../turn.ts";
import { type Bond, bondsOf, reactivatingIn } from "../views.ts";
import type { Action } from "./action.ts";

/** Everything about ends. */
export const endingActions: readonly Action[] = [
  { name: "terminate", weight: 2, run: terminate },
  { name: "reactivate", weight: 5, run: reactivate },
  { name: "decompose", weight: 1, run: decompose },
  { name: "together", weight: 4, run: together },
  { name: "leave", weight: 0.3, run: leave },
  { name: "stay", weight: 1.5, run: stay },
];

async function terminate({ draws, me, act }: Turn): Promise<boolean> {
  const bond = draws.pick(bondsOf(me, "Active"));
  if (bond === undefined) return false;
  await act(({ relationships }, options) => relationships.terminate(bond.id, options));
  return true;
}

async function reactivate({ draws, me, act }: Turn): Promise<boolean> {
  const bond = draws.pick(bondsOf(me, "Terminated"));
  if (bond === undefined) return false;
  const by = reactivatingIn(bond);
  const answers = ["acceptReactivation", "acceptReactivation", "rejectReactivation"] as const;
  const answer = draws.pick(answers) ?? "acceptReactivation";
  const step = by === undefined ? "requestReactivation" : by === me.address ? "revokeReactivation" : answer;
  await act(({ relationships }, options) => relationships[step](bond.id, options));
  return true;
}

async function decompose({ draws, me, act }: Turn): Promise<boolean> {
  const bond = draws.pick(bondsOf(me, "Terminated", "DeletionProposed"));
  if (bond === undefined) return false;
  await act(({ relationships }, options) => relationships.decompose(bond.id, options));
  return true;
}

async function leave({ draws, me, act }: Turn): Promise<boolean> {
  if (bondsOf(me).length === 0 || me.holdings.ids("deletions").length > 2) return false;
  await act(({ deletion }, options) => deletion.start({ lengthOfGracePeriodInDays: draws.between(1, 4) }, options));
  return true;
}

type Process = { readonly status: string };

async function stay({ me, act }: Turn): Promise<boolean> {
  if (me.holdings.all<Process>("deletions").every(({ status }) => status !== "Active")) return false;
  await act(({ deletion }, options) => deletion.cancel(options));
  return true;
}

type Step = Command<unknown>;

// Both sides of one Relationship do something before either hears of the other.
async function together(turn: Turn): Promise<boolean> {
  const { draws, me, others, actAs } = turn;
  const bond = draws.pick(bondsOf(me));
  const peer = others().find(({ address }) => address === bond?.peer);
  if (bond === undefined || peer === undefined) return false;
  const steps = [stepOf(turn, me, bond), stepOf(turn, peer, bond)] as const;
  await Promise.all([actAs(me, steps[0]), actAs(peer, steps[1])]);
  return true;
}

function stepOf({ draws, speaker }: Turn, who: Citizen, { id, peer, status, role }: Bond): Step {
  const isFirst = who.address !== peer;
  const text = speaker().say();
  const pending: readonly Step[] =
    isFirst === (role === "templator")
      ? [({ relationships }, options) => relationships.accept(id, options)]
      : [({ relationships }, options) => relationships.revoke(id, options)];
  const choices: { readonly [status: string]: readonly Step[] } = {
    Pending: pending,
    Active: [
      ({ relationships }, options) => relationships.terminate(id, options),
      ({ identityMetadata }, options) => identityMetadata.upsert({ reference: who.address, value: text }, options),
      (account) => account.sync(),
    ],
    Terminated: [
      ({ relationships }, options) => relationships.requestReactivation(id, options),
      ({ relationships }, options) => relationships.acceptReactivation(id, options),
      ({ relationships }, options) => relationships.decompose(id, options),
    ],
  };
  return draws.pick(choices[status] ?? []) ?? ((account) => account.sync());
}
