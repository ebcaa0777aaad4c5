// Where the tests of the services begin: contents to offer, people in every stage of a Relationship, and what they heard.
import type { Account, EngineEvent, RelationshipView, RequestView, TemplateView } from "rapport";
import type { JsonObject } from "rapport/core";
import { createWorld, type Person, type PersonOptions, type World, type WorldOptions } from "rapport/testkit";
import { expect } from "vitest";
import { count } from "../proof/figures.ts";

/** The start of every world's clock. */
export const startMs = Date.parse("2030-01-01T00:00:00.000Z");
const dayMs = 24 * 60 * 60 * 1000;

/** An instant that many days after the start. */
export const onDay = (days: number): string => new Date(startMs + days * dayMs).toISOString();

/** One item that must be accepted. */
export const consent: JsonObject = {
  "@type": "ConsentRequestItem",
  consent: "We may remind you of due dates.",
  mustBeAccepted: true,
};

/** A Request with one item. */
export const ask = (more: JsonObject = {}): JsonObject => ({ "@type": "Request", items: [consent], ...more });

/** The content of a template that asks something. */
export const structured = (more: JsonObject = {}): JsonObject => ({
  "@type": "RelationshipTemplateContent",
  onNewRelationship: ask(),
  ...more,
});

/** The content of a template that asks nothing. */
export const arbitrary: JsonObject = { "@type": "ArbitraryRelationshipTemplateContent", value: { a: 1 } };

/** What the initiator says to a template that asks nothing. */
export const greeting: JsonObject = { "@type": "ArbitraryRelationshipCreationContent", value: { b: 2 } };

/** The decision that accepts `ask()`. */
export const yes = { items: [{ accept: true }] } as const;
/** The decision that rejects it. */
export const no = { items: [{ accept: false }] } as const;

/** A templator and an initiator, with one template between them that nobody has loaded. */
export interface Couple extends AsyncDisposable {
  readonly world: World;
  readonly templator: Person;
  readonly initiator: Person;
  readonly template: TemplateView;
}

/** How a couple differs from the usual one. */
export interface CoupleOptions extends WorldOptions {
  readonly content?: JsonObject;
  readonly expiresAt?: string;
  readonly maxNumberOfAllocations?: number;
  readonly templator?: PersonOptions;
  readonly initiator?: PersonOptions;
}

/** Two people and a template. */
export async function couple(options: CoupleOptions = {}): Promise<Couple> {
  const { content = structured(), expiresAt = onDay(30), maxNumberOfAllocations } = options;
  const world = await createWorld(options);
  const templator = await world.person("templator", options.templator);
  const initiator = await world.person("initiator", options.initiator);
  const limit = maxNumberOfAllocations === undefined ? {} : { maxNumberOfAllocations };
  const template = await templator.account.templates.create({ content, expiresAt, ...limit });
  return { world, templator, initiator, template, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}

/** The only one in a list. */
export function only<T>(list: readonly T[]): T {
  const [first] = list;
  if (first === undefined || list.length !== 1) throw new Error(`One was expected, there are ${list.length}.`);
  return first;
}

/** Loads the template and gives the LocalRequest that came of it. */
export async function loadRequest(account: Account, template: TemplateView): Promise<RequestView> {
  const { id } = await account.templates.load({ reference: template.reference.truncated });
  const requests = await account.requests.incoming.find({ "source.reference": id });
  return requests.at(-1) ?? only(requests);
}

/** Two people whose Relationship is Pending at both. */
export interface Related extends Couple {
  readonly id: string;
}

/** The initiator accepted the Request, or greeted; the templator knows. */
export async function pending(options: CoupleOptions = {}): Promise<Related> {
  const two = await couple(options);
  const { templator, initiator, template } = two;
  if (template.content["@type"] === "RelationshipTemplateContent") {
    const request = await loadRequest(initiator.account, template);
    await initiator.account.requests.incoming.accept(request.id, yes);
  } else {
    await initiator.account.templates.load({ reference: template.reference.truncated });
    await initiator.account.relationships.create({ templateId: template.id, creationContent: greeting });
  }
  await templator.account.sync();
  return { ...two, id: only(await templator.account.relationships.find({ status: "Pending" })).id };
}

/** The templator accepted too. */
export async function active(options: CoupleOptions = {}): Promise<Related> {
  const two = await pending(options);
  await two.templator.account.relationships.accept(two.id);
  await two.initiator.account.sync();
  return two;
}

/** The initiator ended it, and both know. */
export async function terminated(options: CoupleOptions = {}): Promise<Related> {
  const two = await active(options);
  await two.initiator.account.relationships.terminate(two.id);
  await two.templator.account.sync();
  return two;
}

/** Both copies of the Relationship, which must say the same (R2). */
export async function both({ templator, initiator, id }: Related): Promise<RelationshipView> {
  const here = await templator.account.relationships.get(id);
  const there = await initiator.account.relationships.get(id);
  expect(here.status).toBe(there.status);
  expect(here.auditLog).toEqual(there.auditLog);
  return here;
}

/** The reasons in the audit log, in order. */
export const reasons = ({ auditLog }: RelationshipView): string[] => auditLog.map(({ reason }) => reason);

/** An ear: everything that an account announces from now on. */
export interface Ear {
  readonly events: readonly EngineEvent[];
  names(): string[];
  /** What was said under this name. */
  data(name: string): unknown[];
}

/** Listens to an account. */
export function listen(account: Account): Ear {
  const events: EngineEvent[] = [];
  account.events.on("*", (event) => events.push(event));
  return {
    events,
    names: () => events.map(({ namespace }) => namespace),
    data: (wanted) => events.filter(({ namespace }) => namespace === wanted).map(({ data }) => data),
  };
}

/** Everything on the disks of these people and the relay. When somebody logged in is the relay's own affair. */
export function everything(world: World, ...people: readonly Person[]): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  for (const [owner, disk] of [
    ["relay", world.relayDisk] as const,
    ...people.map((one) => [one.name, one.disk] as const),
  ]) {
    for (const [key, document] of disk.documents()) {
      if (!key.startsWith("relay/login/")) all.set(`${owner}: ${key}`, JSON.stringify(document));
    }
  }
  return all;
}

/** The keys of what is different, there no more, or new. */
export function differences(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key));
}

/** The work is refused with this code, and afterwards every disk is as it was before. */
export async function refused(
  code: string,
  work: () => Promise<unknown>,
  where: { readonly world: World; readonly people: readonly Person[] },
): Promise<void> {
  const before = everything(where.world, ...where.people);
  count("badInputs");
  await expect(work()).rejects.toMatchObject({ name: "RapportError", code });
  expect(differences(before, everything(where.world, ...where.people))).toEqual([]);
}
