// A made-up LocalRequest with everything around it, as rules would see it, and only such as could have come to pass.
import type { Json, JsonObject, RequestFacts } from "rapport/core";
import { addresses, put } from "./item-samples.ts";

/** What surrounds the items of a Request. */
export interface Frame {
  /** The Relationships with the peer, the youngest last. */
  readonly statuses: readonly string[];
  readonly isByMessage: boolean;
  readonly expiresInDays: number | undefined;
  /** Members of the LocalRequest by dotted path. */
  readonly members: ReadonlyMap<string, Json>;
}

const dayMs = 24 * 60 * 60 * 1000;
const usuallyAt = "2030-01-01T00:00:00.000Z";

/** The facts of a Request with these items. */
export function factsOf(items: readonly JsonObject[], frame: Frame): RequestFacts {
  const { statuses, members } = frame;
  // Messages come from peers with an Active Relationship only; everybody may offer a template.
  const isByMessage = frame.isByMessage && statuses.at(-1) === "Active";
  const createdAt = instantIn(members.get("createdAt")) ?? usuallyAt;
  const now = new Date(Date.parse(createdAt) + 1000).toISOString();
  const content: { [member: string]: Json } = { "@type": "Request", items };
  const request: { [member: string]: Json } = {
    id: "REQ00000000000000001",
    isOwn: false,
    peer: addresses.peer,
    createdAt,
    status: "DecisionRequired",
    source: isByMessage
      ? { type: "Message", reference: "MSG00000000000000001" }
      : { type: "RelationshipTemplate", reference: "RLT00000000000000001" },
    content,
  };
  if (frame.expiresInDays !== undefined)
    content["expiresAt"] = new Date(Date.parse(now) + frame.expiresInDays * dayMs).toISOString();
  for (const [path, value] of members) if (isFree(path)) put(request, path, value);
  const body = request["content"] as { [member: string]: Json };
  // Nobody is asked about what has expired.
  if (String(body["expiresAt"]) <= now) Reflect.deleteProperty(body, "expiresAt");
  const peer = String(request["peer"]);
  const facts = {
    self: addresses.self,
    now,
    request,
    relationships: statuses.map((status, index) => relationshipOf(peer, status, { index, createdAt })),
  };
  return isByMessage ? facts : { ...facts, template: templateOf(peer, body, statuses.at(-1) === "Active") };
}

/** The same facts with another content of the Request. */
export function withContent(facts: RequestFacts, content: JsonObject): RequestFacts {
  const changed = { ...facts, request: { ...facts.request, content } };
  if (facts.template === undefined) return changed;
  const isExisting = facts.relationships.at(-1)?.["status"] === "Active";
  return { ...changed, template: templateOf(String(facts.request["peer"]), content, isExisting) };
}

// What decides what kind of thing this is cannot be something else.
const isFree = (path: string) =>
  !["status", "isOwn", "content", "content.items", "content.@type", "source"].includes(path);

function instantIn(value: Json | undefined): string | undefined {
  return typeof value === "string" && !Number.isNaN(Date.parse(value)) ? value : undefined;
}

function relationshipOf(
  peer: string,
  status: string,
  { index, createdAt }: { readonly index: number; readonly createdAt: string },
): JsonObject {
  return {
    id: `REL0000000000000000${index + 1}`,
    templateId: `RLT0000000000000000${index + 2}`,
    status,
    peer,
    peerIdentity: { address: peer, publicKey: "" },
    creationContent: { "@type": "ArbitraryRelationshipCreationContent", value: {} },
    auditLog: [{ createdAt, createdBy: addresses.self, reason: "Creation", newStatus: "Pending" }],
  };
}

function templateOf(peer: string, request: JsonObject, isExisting: boolean): JsonObject {
  const content = { "@type": "RelationshipTemplateContent", onNewRelationship: request };
  return {
    id: "RLT00000000000000001",
    isOwn: false,
    createdBy: peer,
    createdByDevice: "DVC00000000000000001",
    createdAt: usuallyAt,
    content: isExisting ? { ...content, onExistingRelationship: request } : content,
  };
}
