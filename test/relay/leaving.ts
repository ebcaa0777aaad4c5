// Two who leave a Relationship in which much was written, and a look at what the relay's store keeps of it.
import type { StorePort } from "rapport/core";
import { erasedAtOnceMax } from "../../src/limits.ts";
import { bring, type Party, type RelayWorld, send } from "./parties.ts";

const body = {};

/** More than one commit erases. */
export const many = erasedAtOnceMax + 20;

/** Sends that many Messages, and reads them so that more may be sent. */
export async function write(from: Party, to: Party, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 20) {
    const ids = await Promise.all(Array.from({ length: 20 }, () => send(from, to)));
    await Promise.all(ids.map((id) => to.ok("getMessage", { id })));
  }
}

/** Two with that many Messages in a Relationship that `from` has left, and one with whom `to` goes on. */
export async function almostOver(world: RelayWorld, count: number) {
  const [from, to, other] = [await world.party(), await world.party(), await world.party()];
  const id = await bring(from, to, "Active");
  await bring(other, to, "Active");
  await write(from, to, count);
  const kept = await send(other, to);
  await from.ok("terminateRelationship", { id, body });
  await from.ok("decomposeRelationship", { id, body });
  return { from, to, id, kept };
}

/** Ids of the Messages, types of the events of `to`, and everything else that must not stay. */
export async function leftIn(store: Pick<StorePort, "find">, { id, to }: { id: string; to: { address: string } }) {
  const under = async (path: string) => {
    const found = [];
    for await (const { document } of store.find({ under: path })) found.push(document);
    return found;
  };
  const messages = (await under("relay/message")).map((message) => message["id"]);
  const events = (await under(`relay/event/${to.address}`)).map(({ type, relationshipId }) => [type, relationshipId]);
  return {
    messages,
    eventsOfIt: events.filter(([, of]) => of === id).length,
    counters: await under(`relay/unreceived/${id}`),
    marks: await under("relay/leftover"),
  };
}

/** What `leftIn` finds besides Messages when all is erased. */
export const nothing = { eventsOfIt: 0, counters: [], marks: [] };
