// What the relay does with a call, from spec/backbone-protocol.md 12.
import { isExisting, reasonOf, relayRefusal, type Step, statusOf } from "./lifecycle.ts";
import {
  type Ask,
  type Bond,
  type Ending,
  type Model,
  type Post,
  peerIn,
  sideOf,
  type Template,
  youngestOf,
} from "./model.ts";

const notFound = "error.platform.recordNotFound";
const exhausted = "error.platform.validation.relationshipTemplate.maxNumberOfAllocationsExhausted";
const ended = "error.platform.validation.message.relationshipToRecipientNotActive";
/** What the owner of a template is told. */
export const ownTemplate = "error.platform.validation.relationship.cannotCreateRelationshipWithYourself";
/** What an embedder is told when the relay knows of a Relationship of the pair. */
export const alreadyExists = "error.transport.relationships.relationshipNotYetDecomposedByPeer";

/** A template and when it is looked at. */
interface Reading {
  readonly template: Template;
  readonly now: number;
}

/** Reading a template takes a slot. */
export function readTemplate(model: Model, reader: string, { template, now }: Reading): Ending {
  const isParty = model.bonds.some(
    (bond) => bond.template === template && (bond.from === reader || bond.to === reader),
  );
  if (template.isWithdrawn === true || (template.expiresAt <= now && !isParty)) return notFound;
  if (template.owner === reader || template.holders.has(reader)) return undefined;
  if (template.most !== undefined && template.holders.size >= template.most) return exhausted;
  template.holders.add(reader);
  return undefined;
}

/** Creates a Relationship on a template, or says why not. */
export function createBond(model: Model, from: string, created: Reading & { readonly answers?: Ask }): Bond | string {
  const { template, now, answers } = created;
  const to = template.owner;
  if (to === from) return ownTemplate;
  const youngest = youngestOf(model, from, to);
  const code = readTemplate(model, from, { template, now });
  if (code !== undefined) return code;
  if (youngest !== undefined && isExisting(youngest.log)) return alreadyExists;
  const story = { template, from, to, createdAt: now, log: [{ by: from, reason: "Creation" }] };
  const bond: Bond = { ...story, left: new Set(), parked: [], ...(answers === undefined ? {} : { answers }) };
  model.bonds.push(bond);
  sideOf(model, to).inbox.push(bond);
  return bond;
}

/** A step of one side. */
export function act(model: Model, by: string, { bond, step }: { readonly bond: Bond; readonly step: Step }): Ending {
  const code = relayRefusal(step, by, bond);
  if (code !== undefined) return code;
  bond.log.push({ by, reason: reasonOf[step] });
  const status = statusOf(bond.log);
  if (step === "decompose") {
    bond.left.add(by);
    const side = sideOf(model, by);
    side.inbox = side.inbox.filter((news) => news !== bond && ("log" in news || news.bond !== bond));
  }
  if (status !== "ReadyForDeletion") sideOf(model, peerIn(bond, by)).inbox.push(bond);
  if (status === "Active") for (const post of bond.parked) sideOf(model, post.to).inbox.push(post);
  if (status !== "Terminated") bond.parked = [];
  return undefined;
}

/** Sends a Message in the youngest Relationship of sender and recipient, or says why not. */
export function sendPost(model: Model, post: Omit<Post, "bond">): Post | string {
  const bond = youngestOf(model, post.from, post.to);
  const status = bond === undefined ? "none" : statusOf(bond.log);
  if (bond === undefined || !["Pending", "Active", "Terminated"].includes(status)) return ended;
  const sent: Post = { ...post, bond };
  model.posts.push(sent);
  if (status === "Active") sideOf(model, post.to).inbox.push(sent);
  else bond.parked.push(sent);
  return sent;
}
