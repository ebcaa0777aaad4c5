// Connectors whose identities have a Relationship. The Relationship is not what is tested, so the engine makes it.
import type { Account } from "rapport";
import { expect } from "vitest";
import type { Actor, Answer } from "./stage.ts";

/** The account behind a Connector. */
export function accountOf({ connector }: Actor): Account {
  const [hosted] = connector.identities;
  if (hosted === undefined) throw new Error("This Connector has no identity.");
  return hosted.account;
}

/** The address of its identity. */
export const addressOf = (actor: Actor): string => accountOf(actor).address;

/** An Active Relationship between the two; gives its id. */
export async function befriend(one: Actor, other: Actor): Promise<string> {
  const [templator, initiator] = [accountOf(one), accountOf(other)];
  const content = { "@type": "ArbitraryRelationshipTemplateContent", value: {} };
  const template = await templator.templates.create({ content, expiresAt: inDays(1) });
  const { id: templateId } = await initiator.templates.load({ reference: template.reference.truncated });
  const creationContent = { "@type": "ArbitraryRelationshipCreationContent", value: {} };
  const { id } = await initiator.relationships.create({ templateId, creationContent });
  await templator.sync();
  await templator.relationships.accept(id);
  await initiator.sync();
  return id;
}

/** An instant some days from now. */
export const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

/** Everybody fetches what the others did, until nothing moves any more. */
export async function settle(...actors: readonly Actor[]): Promise<void> {
  for (const actor of [...actors, ...actors]) await accountOf(actor).sync();
}

// biome-ignore lint/suspicious/noExplicitAny: tests look wherever they like.
type Anything = any;

/** Calls, expects this status, and gives what is in the envelope. */
export async function called(answer: Promise<Answer>, status: number): Promise<Anything> {
  const { status: given, body } = await answer;
  expect({ status: given, error: body?.error }).toEqual({ status, error: undefined });
  return body?.result;
}

/** Calls, expects this refusal, and gives its message. */
export async function refusal(answer: Promise<Answer>, status: number, code: string): Promise<string> {
  const { status: given, body } = await answer;
  expect({ status: given, code: body?.error?.code }).toEqual({ status, code });
  return body.error.message;
}

/** Sends a Request with this item, and accepts it; gives the Request as the recipient has it then. */
export async function ask(from: Actor, to: Actor, item: object, decision: object = {}): Promise<Anything> {
  const input = { content: { items: [item] }, peer: addressOf(to) };
  const draft = await called(from.call("POST", "/api/v2/Requests/Outgoing", input), 201);
  await called(from.call("POST", "/api/v2/Messages", { recipients: [addressOf(to)], content: draft.content }), 201);
  await settle(to);
  const body = { items: [{ accept: true, ...decision }] };
  const decided = await called(to.call("PUT", `/api/v2/Requests/Incoming/${draft.id}/Accept`, body), 200);
  await settle(to, from);
  return decided;
}
