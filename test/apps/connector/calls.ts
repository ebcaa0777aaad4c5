// Calls that must succeed, calls that must fail, and what is called again and again.
import { expect } from "vitest";
import type { Actor } from "./stage.ts";

// biome-ignore lint/suspicious/noExplicitAny: tests look wherever they like.
export type Result = any;

/** The default profile. */
export const v2 = "/api/v2";

/** The third generation. */
export const core = "/api/core/v1";

/** A profile by its mount. */
export const mount = (profile: "gen1" | "gen2" | "union"): string => `/gen/${profile}${v2}`;

/** An instant so many hours from now. */
export const inHours = (hours: number, from = Date.now()): string => new Date(from + hours * 3_600_000).toISOString();

/** What came, out of its envelope. */
export async function ok(actor: Pick<Actor, "call">, call: string, body?: unknown, status?: number): Promise<Result> {
  const [method = "", path = ""] = call.split(" ");
  const wanted = status ?? (method === "POST" && !path.includes("/Sync") ? 201 : 200);
  const answer = await actor.call(method, path, body);
  expect([answer.status, answer.body?.error]).toEqual([wanted, undefined]);
  return answer.body.result;
}

/** The error that came. */
export async function refused(actor: Actor, call: string, body?: unknown): Promise<Result> {
  const [method = "", path = ""] = call.split(" ");
  const { status, body: answer } = await actor.call(method, path, body);
  return { status, ...answer.error };
}

/** Bytes that came. */
export async function bytesOf(actor: Actor, call: string, accept: string): Promise<Result> {
  const [method = "", path = ""] = call.split(" ");
  const answer = await fetch(`${actor.url}${path}`, { method, headers: { accept } });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return { status: answer.status, headers: answer.headers, bytes };
}

/** Content that says nothing to the engine. */
export const arbitrary = { "@type": "ArbitraryRelationshipTemplateContent", value: { a: ["b"] } };

/** A template of one's own. */
export function template(actor: Actor, more: object = {}, api = v2): Promise<Result> {
  return ok(actor, `POST ${api}/RelationshipTemplates/Own`, { content: arbitrary, expiresAt: inHours(24), ...more });
}

/** Loads a template. */
export function load(actor: Actor, reference: object, api = v2): Promise<Result> {
  return ok(actor, `POST ${api}/RelationshipTemplates/Peer`, reference);
}

/** The address of somebody. */
export async function addressOf(actor: Actor): Promise<string> {
  return (await ok(actor, `GET ${v2}/Account/IdentityInfo`)).address;
}

/** Fetches what the others did. */
export function sync(actor: Actor): Promise<Result> {
  return ok(actor, `POST ${v2}/Account/Sync`);
}

/** A pending Relationship that `initiator` has asked `templator` for. */
export async function pending(templator: Actor, initiator: Actor): Promise<Result> {
  const { truncatedReference: reference } = await template(templator);
  const { id: templateId } = await load(initiator, { reference });
  const creationContent = { "@type": "ArbitraryRelationshipCreationContent", value: { note: "hello" } };
  const relationship = await ok(initiator, `POST ${v2}/Relationships`, { templateId, creationContent });
  await sync(templator);
  return relationship;
}

/** An active one. */
export async function befriended(templator: Actor, initiator: Actor): Promise<Result> {
  const { id } = await pending(templator, initiator);
  const relationship = await ok(templator, `PUT ${v2}/Relationships/${id}/Accept`);
  await sync(initiator);
  return relationship;
}

/** Lists, and gives the ids. */
export async function idsIn(actor: Actor, path: string, query: Record<string, string>): Promise<string[]> {
  const listed = await ok(actor, `GET ${path}?${new URLSearchParams(query)}`);
  return listed.map(({ id }: Result) => id);
}

/** Finds the object by each of these fields with its value, and does not with another one. */
export async function expectFilters(
  actor: Actor,
  path: string,
  object: Result,
  fields: readonly string[],
): Promise<void> {
  for (const field of fields) {
    const value = field.split(".").reduce((inner, name) => inner?.[name], object);
    expect(value, field).toBeDefined();
    const asked = {
      with: await idsIn(actor, path, { [field]: `${value}` }),
      without: await idsIn(actor, path, { [field]: changed(value) }),
    };
    expect([field, asked.with.includes(object.id), asked.without.includes(object.id)]).toEqual([field, true, false]);
  }
}

function changed(value: unknown): string {
  if (typeof value === "boolean") return `${!value}`;
  if (typeof value === "number") return `${value + 1}`;
  const ms = Date.parse(`${value}`);
  return /^\d{4}-/.test(`${value}`) ? inHours(24, ms) : `${value}x`;
}
