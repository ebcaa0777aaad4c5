// What people do with what they know about themselves and each other.
import { type Attribute, nameOf, ownAttribute } from "../contents.ts";
import type { Turn } from "../turn.ts";
import { bondsOf } from "../views.ts";
import type { Action } from "./action.ts";

/** Everything about attributes. */
export const attributeActions: readonly Action[] = [
  { name: "create attribute", weight: 4, run: create },
  { name: "succeed attribute", weight: 3, run: succeed },
  { name: "notify peer", weight: 3, run: notify },
  { name: "delete attribute", weight: 2, run: remove },
  { name: "withdraw copy", weight: 1, run: withdraw },
];

const currentOf = ({ me }: Turn, ...types: readonly string[]): Attribute[] =>
  me.holdings
    .all<Attribute>("attributes")
    .filter(({ "@type": type, succeededBy }) => types.includes(type) && succeededBy === undefined);

async function create({ act, speaker }: Turn): Promise<boolean> {
  const content = ownAttribute(speaker());
  await act(({ attributes }, options) => attributes.create({ content }, options));
  return true;
}

async function succeed(turn: Turn): Promise<boolean> {
  const { draws, me, act, speaker } = turn;
  const before = draws.pick(currentOf(turn, "OwnIdentityAttribute", "OwnRelationshipAttribute"));
  if (before === undefined) return false;
  const said = speaker(before.peer);
  const value = before.content["value"] as { readonly "@type": string };
  const successorContent =
    before["@type"] === "OwnIdentityAttribute"
      ? { ...nameOf(said, me.address), value: { "@type": value["@type"], value: said.say() } }
      : { ...before.content, value: { ...value, value: said.say() } };
  await act(({ attributes }, options) => attributes.succeed({ predecessorId: before.id, successorContent }, options));
  return true;
}

async function notify(turn: Turn): Promise<boolean> {
  const { draws, me, act } = turn;
  const one = draws.pick(currentOf(turn, "OwnIdentityAttribute"));
  const bond = draws.pick(bondsOf(me, "Active"));
  if (one === undefined || bond === undefined) return false;
  await act(({ attributes }, options) => attributes.notifyPeer({ attributeId: one.id, peer: bond.peer }, options));
  return true;
}

async function remove({ draws, me, act }: Turn): Promise<boolean> {
  const one = draws.pick(me.holdings.all<Attribute>("attributes"));
  if (one === undefined) return false;
  await act(({ attributes }, options) => attributes.delete(one.id, options));
  return true;
}

type Forwards = { readonly details: readonly { readonly id: string }[] };

async function withdraw({ draws, me, act }: Turn): Promise<boolean> {
  const copy = draws.pick(me.holdings.all<Forwards>("attributeforwards"))?.details.at(-1);
  if (copy === undefined) return false;
  await act(({ attributeCopies }, options) => attributeCopies.withdraw(copy.id, options));
  return true;
}
