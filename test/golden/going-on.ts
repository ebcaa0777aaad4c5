// What happens after the golden story, told to today's engine: everything interrupted ends, and life goes on.
import type { Account, RelationshipView } from "rapport";
import { isSameJson } from "rapport/core";
import { expect } from "vitest";
import type { Houses } from "./houses.ts";

const dayMs = 24 * 60 * 60 * 1000;
const yes = { items: [{ accept: true }] } as const;
const mail = (to: string) => ({ "@type": "Mail", to: [to], subject: "After", body: "Still here." });

/** The people of the story. */
export type People = { readonly [name: string]: Account };

/** Opens everybody, with a relay that can be reached: what was open ends. */
export async function wakeUp(houses: Houses): Promise<People> {
  const people: { [name: string]: Account } = {};
  // The readers first: what they sent arrives before the library ends the Relationship.
  for (const name of ["reader", "visitor", "guest", "newcomer", "former", "leaver", "library"]) {
    people[name] = await houses.account(name);
  }
  for (let round = 0; round < 2; round += 1) {
    for (const [name, account] of Object.entries(people)) if (name !== "leaver") await account.sync();
  }
  return people;
}

/** One of the people. */
export function who(people: People, name: string): Account {
  const account = people[name];
  if (account === undefined) throw new Error(`Nobody is called ${name}.`);
  return account;
}

/** The Relationship of the library with somebody in this status. */
export async function between(people: People, name: string, status: string): Promise<RelationshipView> {
  const { address } = who(people, name);
  const [found] = await who(people, "library").relationships.find({ peer: address, status });
  if (found === undefined) throw new Error(`The library has no Relationship with ${name} that is ${status}.`);
  return found;
}

/** Everything that was interrupted has its end. */
export async function assertFinished(people: People): Promise<void> {
  for (const account of Object.values(people)) expect(await account.intents.list()).toEqual([]);
  const [library, reader] = [who(people, "library"), who(people, "reader")];
  expect(await reader.requests.incoming.find({ status: "Decided" })).toEqual([]);
  for (const { content, id } of await reader.requests.incoming.find({ status: "Completed" })) {
    if (!JSON.stringify(content).includes("remind you")) continue;
    const asked = await library.requests.outgoing.find({ id });
    expect(asked.length === 0 || asked[0]?.status === "Completed").toBe(true);
  }
  const bodies = async (account: Account, isOwn: boolean) =>
    (await account.messages.find({ isOwn })).map(({ content }) => content["body"]);
  expect(await bodies(library, false)).toEqual(expect.arrayContaining(["From reader.", "From reader."]));
  expect((await bodies(reader, false)).filter((body) => body === "From library.")).toHaveLength(2);
  expect((await library.files.find({ filename: "hours.txt" })).map(({ isOwn }) => isOwn)).toEqual([true]);
  expect((await library.templates.find({ isOwn: true })).length).toBeGreaterThan(8);
  await between(people, "reader", "Terminated");
}

/** R1, R2 and R4 of design.md for the library and everybody. */
export async function assertInvariants(people: People): Promise<void> {
  const library = who(people, "library");
  const theirs = Object.entries(people).filter(([name]) => name !== "library");
  for (const [, account] of theirs) {
    const all = await account.relationships.find();
    expect(
      all.filter(({ status }) => ["Pending", "Active", "Terminated", "DeletionProposed"].includes(status)).length,
    ).toBeLessThan(2);
    for (const one of all) {
      const [other] = await library.relationships.find({ id: one.id });
      if (other !== undefined) expect([one.status, one.auditLog]).toEqual([other.status, other.auditLog]);
    }
  }
  for (const { status, auditLog } of await library.relationships.find()) {
    expect(auditLog.at(-1)?.newStatus).toBe(status);
    for (const [at, entry] of auditLog.entries()) {
      const before = auditLog[at - 1];
      if (before === undefined) continue;
      expect(entry.oldStatus).toBe(before.newStatus);
      expect(entry.createdAt > before.createdAt).toBe(true);
    }
  }
}

/** Commands of every kind on records that the earlier release made. */
export async function goOn(houses: Houses, people: People): Promise<void> {
  const [library, reader, newcomer, visitor] = ["library", "reader", "newcomer", "visitor"].map((name) =>
    who(people, name),
  ) as [Account, Account, Account, Account];
  const old = await between(people, "reader", "Terminated");
  await reader.relationships.requestReactivation(old.id);
  await library.sync();
  await library.relationships.acceptReactivation(old.id);
  await reader.sync();

  await decide(library, reader);
  const pending = await between(people, "newcomer", "Pending");
  await library.relationships.accept(pending.id);
  await newcomer.sync();
  await newcomer.messages.send({ recipients: [library.address], content: mail(library.address) });
  await library.sync();
  expect(await library.messages.find({ createdBy: newcomer.address })).toHaveLength(1);

  await visitor.relationships.acceptReactivation((await between(people, "visitor", "Terminated")).id);
  await who(people, "leaver").deletion.cancel();
  await who(people, "leaver").sync();
  await library.sync();
  await library.relationships.decompose((await between(people, "guest", "DeletionProposed")).id);
  const [attachment] = (await reader.messages.find()).filter(({ attachments }) => attachments.length > 0);
  const bytes = await reader.messages.downloadAttachment(String(attachment?.id), attachment?.attachments[0] ?? "");
  expect(new TextDecoder().decode(bytes.content)).toBe("The rules of the house: be quiet.");

  // Deadlines that the earlier release stored.
  houses.clock.advance(60 * dayMs);
  for (const account of [library, reader]) await account.tick();
  expect(await reader.requests.incoming.find({ ignored: true, status: "Expired" })).toHaveLength(1);
  const waiting = await library.requests.outgoing.find({ status: ["Open", "Draft"] });
  expect(waiting.filter(({ content }) => content["expiresAt"] !== undefined)).toEqual([]);
}

/** The reader and the library end it, and erase what they had of each other. */
export async function partForGood(people: People): Promise<void> {
  const [library, reader] = [who(people, "library"), who(people, "reader")];
  const { id } = await between(people, "reader", "Active");
  await reader.relationships.terminate(id);
  await library.sync();
  await library.relationships.decompose(id);
  await reader.sync();
  await reader.relationships.decompose(id);
  expect(await reader.relationships.find({ id })).toEqual([]);
  expect(await library.messages.find({ createdBy: reader.address })).toEqual([]);
}

/** A person decides what waits, and what a rule had left unanswered. */
async function decide(library: Account, reader: Account): Promise<void> {
  const waiting = await reader.requests.incoming.find({ status: "ManualDecisionRequired", "source.type": "Message" });
  const soon = (await reader.requests.incoming.find({ ignored: true })).filter(
    ({ content }) => content["expiresAt"] !== undefined,
  );
  expect([waiting.length, soon.length]).toEqual([1, 1]);
  for (const { id } of [...waiting, ...soon]) await reader.requests.incoming.accept(id, yes);
  await library.sync();
  for (const { id } of [...waiting, ...soon]) {
    expect((await reader.requests.incoming.get(id)).status).toBe("Completed");
    expect((await library.requests.outgoing.get(id)).status).toBe("Completed");
    const [here, there] = [await reader.requests.incoming.get(id), await library.requests.outgoing.get(id)];
    expect(isSameJson(here.response?.content ?? null, there.response?.content ?? null)).toBe(true);
  }
}
