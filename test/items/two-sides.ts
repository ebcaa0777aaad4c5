// Two accounts without an engine: their documents, and one Request that goes from one to the other and back.
import type { Decision, ItemEffects, ItemInfo, JsonObject, Validation } from "rapport/core";
import { applyResponse } from "../../src/items/apply-response.ts";
import { attributeKey, forwardsIn, forwardsKey, indexKeyOf } from "../../src/items/attribute-keys.ts";
import { createLedger, type Ledger } from "../../src/items/attribute-ledger.ts";
import { buildResponse } from "../../src/items/build-response.ts";
import { canCreateRequest } from "../../src/items/can-create-request.ts";
import { documentsNeeded, type Occasion } from "../../src/items/documents-needed.ts";
import { createItemKinds } from "../../src/items/item-kinds.ts";
import { sentEffects } from "../../src/items/sent-request.ts";
import { validateDecision } from "../../src/items/validate-decision.ts";
import type { AttributeRecord } from "../../src/model/attribute-records.ts";
import { parseRequest, type Request } from "../../src/model/request.ts";
import { parseResponse, type Response } from "../../src/model/response.ts";
import { newId } from "./info.ts";

/** Every built-in kind. */
export const kinds = createItemKinds();

/** When everything happens, unless a side's clock says otherwise. */
export const now = "2030-01-01T00:00:00.000Z";

/** One account: its address and its documents. */
export interface Side {
  readonly self: string;
  readonly documents: Map<string, JsonObject>;
  readonly events: { readonly name: string; readonly data: JsonObject }[];
  readonly deadlines: Map<string, string>;
}

/** An account with nothing in it. */
export const side = (self: string): Side => ({ self, documents: new Map(), events: [], deadlines: new Map() });

/** The last word of the code of the only item, or `ok`. */
export const codeOf = (verdict: Validation): string => {
  const leaf = verdict.isSuccess ? verdict : (verdict.items.find((item) => !item.isSuccess) ?? verdict);
  if (leaf.isSuccess) return "ok";
  return leaf.items.length > 0 ? codeOf(leaf) : String(leaf.code.split(".").at(-1));
};

/** Reads what the occasion wants to know, and what that leads to, as the engine does. */
export function gathered(here: Side, asked: Omit<Occasion, "kinds">): ItemInfo {
  const known = new Map(asked.info.known);
  const info = { ...asked.info, known };
  for (;;) {
    const keys = documentsNeeded({ ...asked, kinds, info });
    if (keys.length === 0) return info;
    for (const key of keys) known.set(key, here.documents.get(key));
  }
}

/** Commits effects; nobody can change what is committed. */
export function commit(here: Side, effects: ItemEffects): void {
  for (const { key, document } of effects.puts ?? []) here.documents.set(key, frozen(document));
  for (const key of effects.deletes ?? []) here.documents.delete(key);
  here.events.push(...(effects.events ?? []));
  for (const { entity, dueAt } of effects.deadlines ?? []) {
    if (dueAt === undefined) here.deadlines.delete(entity);
    else here.deadlines.set(entity, dueAt);
  }
}

function frozen<T extends JsonObject[string]>(json: T): T {
  if (typeof json !== "object" || json === null || Object.isFrozen(json)) return json;
  for (const inner of Object.values(json)) frozen(inner);
  return Object.freeze(json);
}

/** What items are told at this side. */
export const infoAt = (here: Side, peer: string | undefined, requestId = "REQ00000000000000001"): ItemInfo => ({
  self: here.self,
  now,
  requestId,
  known: new Map(),
  newId,
  ...(peer === undefined ? {} : { peer }),
});

/** The Request with these items; throws where it cannot be parsed. */
export function requestOf(...items: readonly JsonObject[]): Request {
  const complete = items.map((item) => ({ mustBeAccepted: true, ...item }));
  const parsed = parseRequest({ items: complete }, kinds, { idAllowed: false });
  if (!parsed.ok) throw new Error(parsed.refusal.message);
  return parsed.value;
}

/** canCreate at the sender. */
export function canCreate(sender: Side, peer: string | undefined, request: Request): Validation {
  const info = gathered(sender, { request, info: infoAt(sender, peer) });
  const relationship = { exists: true, requestCreatable: true };
  return canCreateRequest({ request, kinds, info, ...(peer === undefined ? {} : { relationship }) });
}

/** What the sender notes when the Request was sent. */
export function send(sender: Side, peer: string, request: Request): void {
  const info = gathered(sender, { request, info: infoAt(sender, peer) });
  commit(sender, sentEffects({ request, kinds, info }));
}

/** A decision about a Request at its recipient. */
export interface Deciding {
  readonly recipient: Side;
  readonly sender: string;
  readonly request: Request;
  readonly items: Decision["items"];
  readonly result?: "accept" | "reject";
}

/** canAccept or canReject at the recipient. */
export function canDecide({ recipient, sender, request, items, result = "accept" }: Deciding): Validation {
  const decision = { items };
  const info = gathered(recipient, { request, decision, info: infoAt(recipient, sender) });
  return validateDecision({ request, decision, result, kinds, info });
}

/** Decides at the recipient; the Response went through JSON and parsing. */
export function decide({ recipient, sender, request, items, result = "accept" }: Deciding): Response {
  const decision = { items };
  const info = gathered(recipient, { request, decision, info: infoAt(recipient, sender) });
  const { response, effects } = buildResponse({
    request,
    decision,
    result,
    requestId: String(info.requestId),
    kinds,
    info,
  });
  const parsed = parseResponse(JSON.parse(JSON.stringify(response)), kinds);
  if (!parsed.ok) throw new Error(parsed.refusal.message);
  commit(recipient, effects);
  return parsed.value;
}

/** Applies a Response at the sender, and gives the last word of the code, or `ok`. */
export function apply(sender: Side, peer: string, answer: { request: Request; response: Response }): string {
  const info = gathered(sender, { ...answer, info: infoAt(sender, peer) });
  const applied = applyResponse({ ...answer, kinds, info });
  if (!applied.ok) return String(applied.refusal.code.split(".").at(-1));
  commit(sender, applied.value);
  return "ok";
}

/** Asks, decides and applies: all three must be allowed. */
export function exchange(
  sender: Side,
  recipient: Side,
  asked: { request: Request; items: Decision["items"] },
): Response {
  const deciding = { recipient, sender: sender.self, ...asked };
  const verdicts = [canCreate(sender, recipient.self, asked.request), canDecide(deciding)].map(codeOf);
  if (verdicts.some((verdict) => verdict !== "ok")) throw new Error(`The exchange is not allowed: ${verdicts}.`);
  send(sender, recipient.self, asked.request);
  const response = decide(deciding);
  const applied = apply(sender, recipient.self, { request: asked.request, response });
  if (applied !== "ok") throw new Error(`The answer was refused: ${applied}.`);
  return response;
}

/** Lets something happen to what a side has; `more` are keys of documents that it writes first. */
export function writing<T>(here: Side, work: (ledger: Ledger) => T, more: readonly (string | undefined)[] = []): T {
  const known = new Map<string, JsonObject | undefined>(here.documents);
  for (const key of more) if (key !== undefined && !known.has(key)) known.set(key, undefined);
  const ledger = createLedger({ known, now, newId });
  const result = work(ledger);
  commit(here, ledger.effects());
  return result;
}

/** What `store` needs to be told of an attribute. */
export type Stored = Pick<AttributeRecord, "@type" | "content"> & Partial<AttributeRecord>;

/** Gives a side an attribute, as whatever happened before the test. */
export function store(here: Side, given: Stored): AttributeRecord {
  const draft = { id: newId("ATT"), ...given };
  return writing(here, (ledger) => ledger.create(draft), [attributeKey(draft.id), indexKeyOf(draft)]);
}

/** Gives it a newer version with this content. */
export function succeed(here: Side, before: AttributeRecord, content: JsonObject): AttributeRecord {
  const { succeededBy: _none, succeeds: _before, root: _root, version: _version, createdAt: _at, ...rest } = before;
  const draft = { ...rest, id: newId("ATT"), content };
  return writing(here, (ledger) => ledger.succeed(before.id, draft), [attributeKey(draft.id), indexKeyOf(draft)]);
}

/** Notes that a peer was given it. */
export function forward(here: Side, attribute: AttributeRecord, peer: string): void {
  writing(here, (ledger) => ledger.forward(attribute, { peer, sourceReference: newId("REQ") }), [
    forwardsKey(attribute.root, peer),
  ]);
}

/** Every attribute of a side. */
export const attributesOf = (here: Side): AttributeRecord[] =>
  [...here.documents].flatMap(([key, document]) =>
    key.startsWith("attributes/") ? [document as unknown as AttributeRecord] : [],
  );

/** The attribute of a side. */
export const attributeOf = (here: Side, id: unknown): AttributeRecord | undefined =>
  here.documents.get(`attributes/${id}`) as AttributeRecord | undefined;

/** What a side has noted of what a peer has. */
export const sharedWith = (here: Side, attribute: AttributeRecord, peer: string) =>
  forwardsIn(here.documents, attribute.root, peer)?.details ?? [];

/** A Relationship with a partner, in the state of the chart. */
export function relate(here: Side, partner: string, state: JsonObject[string] = "Active"): void {
  const id = `REL${partner.slice(-1).repeat(17)}`;
  here.documents.set(`peers/${partner}`, { address: partner, existing: id, openRequests: [] });
  here.documents.set(`relationships/${id}`, {
    id,
    peer: partner,
    state: { machine: "relationship", version: 1, value: state, context: {} },
  });
}
