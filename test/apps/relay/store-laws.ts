// What must hold of everything that a relay has stored, whoever was killed or raced before. Keys are those of the relay's
// documents, written down once more: a change of what is at rest must be noticed.
import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { basename } from "node:path";
import type { StorePort } from "rapport/core";
import { statusOfRelationship } from "rapport/machines";

// biome-ignore lint/suspicious/noExplicitAny: documents have as many shapes as there are collections.
type Any = any;

/** Everything that one relay has stored, as far as the laws speak of it. */
export interface Stock {
  readonly templates: readonly Any[];
  readonly relationships: readonly Any[];
  readonly messages: readonly Any[];
  readonly files: readonly Any[];
  /** Names of bytes that have no File. */
  readonly marks: readonly string[];
  readonly identities: readonly StockOfIdentity[];
}

/** The streams of one identity. */
export interface StockOfIdentity {
  readonly address: string;
  readonly events: Stream;
  readonly modifications: Stream;
}

/** The next index, and the indexes that are there. */
export interface Stream {
  readonly next: number;
  readonly indexes: readonly number[];
}

const open = ["Pending", "Active", "Terminated", "DeletionProposed"];
const unreadMax = 20;

/** Reads it all. */
export async function stockOf(store: StorePort): Promise<Stock> {
  const all = async (under: string) => {
    const found: Any[] = [];
    for await (const { document } of store.find({ under })) found.push(document);
    return found;
  };
  const stream = async (under: string): Promise<Stream> => {
    const indexes: number[] = [];
    for await (const { key } of store.find({ under })) indexes.push(Number(key.slice(-12)));
    return { next: ((await store.get(under))?.document["next"] as number | undefined) ?? 0, indexes };
  };
  const identities: StockOfIdentity[] = [];
  for (const { address } of await all("relay/identity")) {
    const events = await stream(`relay/event/${address}`);
    identities.push({ address, events, modifications: await stream(`relay/modification/${address}`) });
  }
  return {
    templates: await all("relay/template"),
    relationships: await all("relay/relationship"),
    messages: await all("relay/message"),
    files: await all("relay/file"),
    marks: (await all("relay/doomed-blob")).map(({ name }) => name),
    identities,
  };
}

/** One sentence for each broken law. */
export async function brokenLaws(store: StorePort, stock: Stock): Promise<string[]> {
  return [
    ...stock.relationships.flatMap(relationshipFlaws),
    ...pairFlaws(stock),
    ...(await pairDocumentFlaws(store, stock)),
    ...(await allocationFlaws(store, stock)),
    ...(await unreadFlaws(store, stock)),
    ...stock.identities.flatMap(({ address, events, modifications }) => [
      ...(isWithin(events) ? [] : [`events of ${address} are not within their stream: ${JSON.stringify(events)}`]),
      ...(isDense(modifications) ? [] : [`modifications of ${address} have gaps: ${JSON.stringify(modifications)}`]),
    ]),
  ];
}

/** Bytes in the folder that neither a File nor a mark names, and Files without bytes (B1, B4 of the relay). */
export async function blobFlaws(folder: string, { files, marks }: Stock): Promise<string[]> {
  const hashOf = (name: string) => createHash("sha256").update(name).digest("hex");
  const there = await readdir(folder, { recursive: true, withFileTypes: true });
  const hashes = there.filter((entry) => entry.isFile()).map(({ name }) => basename(name).split(".")[0] ?? "");
  const named = new Set([...files.map(({ blob }) => blob), ...marks].map(hashOf));
  return [
    ...hashes.filter((hash) => !named.has(hash)).map((hash) => `the bytes ${hash} belong to nothing`),
    ...files.flatMap(({ id, blob }) => (hashes.includes(hashOf(blob)) ? [] : [`the File ${id} has no bytes`])),
    ...files.flatMap(({ id, blob }) => (marks.includes(blob) ? [`the bytes of the File ${id} have a mark`] : [])),
  ];
}

/** What is wrong with the audit log of one Relationship (R4). */
export function auditFlaws(id: string, auditLog: readonly Any[]): string[] {
  return auditLog.flatMap((entry, at) => {
    const before = auditLog[at - 1];
    if (entry.oldStatus !== (before?.newStatus ?? null)) return [`entry ${at} of ${id} does not follow the one before`];
    const isLater = before === undefined || Date.parse(entry.createdAt) > Date.parse(before.createdAt);
    return isLater ? [] : [`entry ${at} of ${id} is not later than the one before`];
  });
}

function statusOf({ auditLog }: Any): string {
  return auditLog.at(-1)?.newStatus;
}

function relationshipFlaws(relationship: Any): string[] {
  const { id, state, auditLog, decomposedBy, creationResponseContent } = relationship;
  const status = statusOf(relationship);
  const leaves = auditLog.filter(({ reason }: Any) => reason === "Decomposition").length;
  const expected = ["DeletionProposed", "ReadyForDeletion"][leaves - 1];
  const wasAccepted = auditLog.some(({ reason }: Any) => reason === "AcceptanceOfCreation");
  const isBuried = status === "ReadyForDeletion";
  return [
    ...auditFlaws(id, auditLog),
    ...(statusOfRelationship(state.value) === status ? [] : [`${id} is not what its audit log says`]),
    ...(decomposedBy.length === leaves ? [] : [`${id} was left ${leaves} times, by ${decomposedBy}`]),
    ...(expected === undefined || expected === status ? [] : [`${id} was left ${leaves} times and is ${status}`]),
    ...(isBuried || wasAccepted === (creationResponseContent !== null) ? [] : [`${id} is half accepted`]),
  ];
}

/** R1. */
function pairFlaws({ relationships }: Stock): string[] {
  const openByPair = new Map<string, string[]>();
  for (const relationship of relationships) {
    if (!open.includes(statusOf(relationship))) continue;
    const pair = pairOf(relationship);
    openByPair.set(pair, [...(openByPair.get(pair) ?? []), relationship.id]);
  }
  return [...openByPair.values()].filter(({ length }) => length > 1).map((ids) => `one pair has ${ids} at once`);
}

function pairOf({ from, to }: Any): string {
  return from < to ? `${from}/${to}` : `${to}/${from}`;
}

async function pairDocumentFlaws(store: StorePort, { relationships }: Stock): Promise<string[]> {
  const flaws: string[] = [];
  const groupByPair = new Map<string, Any[]>();
  for (const relationship of relationships) {
    const pair = pairOf(relationship);
    groupByPair.set(pair, [...(groupByPair.get(pair) ?? []), relationship]);
  }
  for (const [pair, group] of groupByPair) {
    const named = (await store.get(`relay/pair/${pair}`))?.document["relationshipId"];
    const youngest = group.find(({ id }) => id === named);
    if (youngest === undefined)
      flaws.push(`the document of the pair ${pair} names ${named}, which is not one of theirs`);
    const living = group.filter((one) => open.includes(statusOf(one)));
    if (living.some(({ id }) => id !== named))
      flaws.push(`the document of the pair ${pair} does not name ${living[0].id}`);
  }
  return flaws;
}

/** A1, A2. */
async function allocationFlaws(store: StorePort, { templates, relationships }: Stock): Promise<string[]> {
  const flaws: string[] = [];
  const holdersById = new Map<string, string[]>();
  for await (const { document } of store.find<{ of: string; address: string }>({ under: "relay/allocation" })) {
    holdersById.set(document.of, [...(holdersById.get(document.of) ?? []), document.address]);
  }
  for (const { id, maxNumberOfAllocations, createdBy } of templates) {
    const holders = holdersById.get(id) ?? [];
    if (holders.includes(createdBy)) flaws.push(`the owner of ${id} holds a slot`);
    const without = relationships.find(({ templateId, from }) => templateId === id && !holders.includes(from));
    if (without !== undefined) flaws.push(`${without.id} was created without a slot of ${id}`);
    if (maxNumberOfAllocations === null) continue;
    const counted = (await store.get(`relay/allocation-count/${id}`))?.document["n"] ?? 0;
    if (counted !== holders.length) flaws.push(`${id} has ${holders.length} holders and counts ${counted}`);
    if (holders.length > maxNumberOfAllocations) flaws.push(`${id} has ${holders.length} of ${maxNumberOfAllocations}`);
  }
  return flaws;
}

/** M1: the counter of unread Messages is their number. */
async function unreadFlaws(store: StorePort, { relationships, messages }: Stock): Promise<string[]> {
  const flaws: string[] = [];
  for (const relationship of relationships) {
    if (statusOf(relationship) === "ReadyForDeletion") continue;
    for (const address of [relationship.from, relationship.to]) {
      const counted = (await store.get(`relay/unreceived/${relationship.id}/${address}`))?.document["n"] ?? 0;
      const unread = messages.filter(({ recipients }) =>
        recipients.some(
          (to: Any) => to.relationshipId === relationship.id && to.address === address && to.receivedAt === null,
        ),
      ).length;
      if (counted !== unread) flaws.push(`${relationship.id} counts ${counted} unread Messages, and has ${unread}`);
      if (unread > unreadMax) flaws.push(`${relationship.id} has ${unread} unread Messages`);
    }
  }
  return flaws;
}

function isWithin({ next, indexes }: Stream): boolean {
  return new Set(indexes).size === indexes.length && indexes.every((index) => index >= 0 && index < next);
}

function isDense({ next, indexes }: Stream): boolean {
  return indexes.length === next && indexes.every((index, at) => index === at);
}
