// What two identities do with one another: they meet, write, ask, answer, part, and come together again.
import type { Reason } from "./history.ts";
import type { PartyClient, Result } from "./party-client.ts";

/** Two identities; who is first may change at every step. */
export interface Couple {
  readonly one: PartyClient;
  readonly other: PartyClient;
  draw(below: number): number;
  /** A text that nothing else in the house has. */
  mark(): string;
  isOver(): boolean;
}

const expiresAt = "2100-01-01T00:00:00.000Z";
const open = ["Pending", "Active", "Terminated"];
/** Looks for something that a sync has to bring first. */
const looksMax = 8;

/** One thing, chosen by what the two have. Refusals are answers as good as any. */
export async function liveTogether(couple: Couple): Promise<void> {
  const [from, to] = couple.draw(2) === 0 ? [couple.one, couple.other] : [couple.other, couple.one];
  const found = await relationshipOf(from, to);
  if (found === "unknown") return;
  if (found === undefined) return meet(couple, from, to);
  switch (found.status) {
    case "Pending":
      return settlePending(couple, from, found);
    case "Active":
      return liveActive(couple, { from, to, id: found.id });
    default:
      return reactivate(couple, { from, to, id: found.id });
  }
}

/** Brings an ended Relationship back: while it is Terminated the relay holds back its Messages. */
export async function reunite(one: PartyClient, other: PartyClient): Promise<void> {
  const found = await relationshipOf(one, other);
  if (found?.status !== "Terminated") return;
  const last = found.auditLog.at(-1);
  const isAsked = last.reason === "ReactivationRequested";
  if (!isAsked) await step(one, found.id, "ReactivationRequested");
  const [asking, asked] = isAsked && last.createdBy === other.party.address ? [other, one] : [one, other];
  await sync(asked);
  await step(asked, found.id, "AcceptanceOfReactivation");
  await sync(asking);
}

type Pair = { readonly from: PartyClient; readonly to: PartyClient; readonly id: string };

async function relationshipOf(from: PartyClient, to: PartyClient): Promise<Result> {
  const list = await from.look({
    deed: { kind: "look", at: `relationships with ${to.party.name}` },
    call: `GET /Relationships?peer=${encodeURIComponent(to.party.address)}`,
  });
  if (list.outcome !== "acknowledged") return "unknown";
  const found = list.result.find(({ status }: Result) => open.includes(status));
  if (found === undefined) return undefined;
  const one = await lookAt(from, found.id);
  return one.result ?? "unknown";
}

function lookAt(at: PartyClient, id: string) {
  return at.look({ deed: { kind: "look", at: id }, call: `GET /Relationships/${id}` });
}

function sync(at: PartyClient) {
  return at.look({ deed: { kind: "sync" }, call: "POST /Account/Sync" });
}

function step(at: PartyClient, relationshipId: string, reason: Reason) {
  const verb = {
    AcceptanceOfCreation: "Accept",
    RejectionOfCreation: "Reject",
    RevocationOfCreation: "Revoke",
    Termination: "Terminate",
    ReactivationRequested: "Reactivate",
    AcceptanceOfReactivation: "Reactivate/Accept",
    RejectionOfReactivation: "Reactivate/Reject",
    RevocationOfReactivation: "Reactivate/Revoke",
  }[reason];
  return at.write({
    deed: { kind: "step", relationshipId, reason },
    call: `PUT /Relationships/${relationshipId}/${verb}`,
  });
}

async function meet(couple: Couple, templator: PartyClient, initiator: PartyClient): Promise<void> {
  const mark = couple.mark();
  const asks = couple.draw(2) === 0;
  const content = asks
    ? {
        "@type": "RelationshipTemplateContent",
        title: mark,
        onNewRelationship: { "@type": "Request", items: [freeText(mark)] },
      }
    : { "@type": "ArbitraryRelationshipTemplateContent", value: { mark } };
  const { result: template } = await templator.write({
    deed: { kind: "template", mark },
    call: "POST /RelationshipTemplates/Own",
    body: { content, expiresAt, maxNumberOfAllocations: 1 },
  });
  if (template === undefined) return;
  const loaded = await initiator.write({
    deed: { kind: "loading", templateId: template.id },
    call: "POST /RelationshipTemplates/Peer",
    body: { reference: template.reference?.truncated ?? template.truncatedReference },
  });
  if (loaded.outcome !== "acknowledged") return;
  if (!asks) {
    await initiator.write({
      deed: { kind: "knock", templateId: template.id },
      call: "POST /Relationships",
      body: {
        templateId: template.id,
        creationContent: { "@type": "ArbitraryRelationshipCreationContent", value: {} },
      },
    });
    return;
  }
  const requests = await initiator.look({
    deed: { kind: "look", at: `requests of ${template.id}` },
    call: `GET /Requests/Incoming?source.reference=${template.id}`,
  });
  const request = requests.result?.[0];
  if (request !== undefined) await decide(couple, initiator, { id: request.id, accepts: true });
}

const freeText = (mark: string) => ({ "@type": "FreeTextRequestItem", freeText: mark, mustBeAccepted: true });

async function settlePending(couple: Couple, at: PartyClient, { id, auditLog }: Result): Promise<void> {
  await sync(at);
  const isMine = auditLog[0].createdBy === at.party.address;
  if (!isMine) await step(at, id, couple.draw(8) === 0 ? "RejectionOfCreation" : "AcceptanceOfCreation");
  else if (couple.draw(12) === 0) await step(at, id, "RevocationOfCreation");
}

async function liveActive(couple: Couple, pair: Pair): Promise<void> {
  const turn = couple.draw(20);
  if (turn < 9) return write(couple, pair, []);
  if (turn < 12) return writeWithFile(couple, pair);
  if (turn < 18) return ask(couple, pair);
  if (turn < 19) return void (await step(pair.from, pair.id, "Termination"));
  await sync(pair.to);
  await lookAt(pair.to, pair.id);
}

async function write({ mark: newMark }: Couple, { from, to }: Pair, attachments: readonly string[]): Promise<void> {
  const mark = newMark();
  const address = to.party.address;
  await from.write({
    deed: { kind: "mail", mark, to: address, attached: attachments },
    call: "POST /Messages",
    body: {
      recipients: [address],
      content: { "@type": "Mail", to: [address], subject: mark, body: `Hello, this is ${mark}.` },
      ...(attachments.length === 0 ? {} : { attachments }),
    },
  });
}

async function writeWithFile(couple: Couple, pair: Pair): Promise<void> {
  const id = await uploadFrom(pair.from, couple);
  if (id !== undefined) await write(couple, pair, [id]);
}

/** Uploads a File that is like no other; gives its id. */
export async function uploadFrom(at: PartyClient, { draw, mark: newMark }: Pick<Couple, "draw" | "mark">) {
  const mark = newMark();
  const bytes = Buffer.alloc(1 + draw(40_000), `${mark} `);
  const sha256 = await sha256Of(bytes);
  const { result } = await at.write({
    deed: { kind: "file", mark, sha256 },
    call: "POST /Files/Own",
    upload: { title: mark, bytes },
  });
  return typeof result?.id === "string" ? (result.id as string) : undefined;
}

/** As hexadecimal. */
export async function sha256Of(bytes: Uint8Array): Promise<string> {
  return Buffer.from(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes))).toString("hex");
}

async function ask(couple: Couple, { from, to }: Pair): Promise<void> {
  const mark = couple.mark();
  const address = to.party.address;
  const { result: draft } = await from.write({
    deed: { kind: "request", mark, to: address },
    call: "POST /Requests/Outgoing",
    body: { peer: address, content: { items: [freeText(mark)] } },
  });
  if (draft === undefined) return;
  const sent = await from.write({
    deed: { kind: "asking", requestId: draft.id, to: address },
    call: "POST /Messages",
    body: { recipients: [address], content: draft.content },
  });
  if (sent.outcome !== "acknowledged" || couple.draw(8) === 0) return;
  for (let looks = 0; looks < looksMax && !couple.isOver(); looks += 1) {
    await sync(to);
    const look = await to.look({ deed: { kind: "look", at: draft.id }, call: `GET /Requests/Incoming/${draft.id}` });
    if (!["DecisionRequired", "ManualDecisionRequired"].includes(look.result?.status)) continue;
    await decide(couple, to, { id: draft.id, accepts: couple.draw(3) > 0 });
    break;
  }
  await from.look({ deed: { kind: "look", at: draft.id }, call: `GET /Requests/Outgoing/${draft.id}` });
}

async function decide(
  couple: Couple,
  at: PartyClient,
  { id, accepts }: { readonly id: string; readonly accepts: boolean },
): Promise<void> {
  const mark = couple.mark();
  await at.write({
    deed: { kind: "decision", requestId: id, accepts, mark },
    call: `PUT /Requests/Incoming/${id}/${accepts ? "Accept" : "Reject"}`,
    body: { items: [accepts ? { accept: true, freeText: mark } : { accept: false, code: "no", message: mark }] },
  });
}

async function reactivate(couple: Couple, { from, to, id }: Pair): Promise<void> {
  await sync(from);
  await step(from, id, "ReactivationRequested");
  await sync(to);
  const ways = ["AcceptanceOfReactivation", "AcceptanceOfReactivation", "RejectionOfReactivation"] as const;
  const way = ways[couple.draw(4)];
  if (way === undefined) await step(from, id, "RevocationOfReactivation");
  else await step(to, id, way);
  await lookAt(from, id);
}
