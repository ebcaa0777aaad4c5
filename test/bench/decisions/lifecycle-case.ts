// LocalRequests from received to completed: by the engine's turns, and by hand on the same store.
import type { CryptoPort, JsonObject, RulePort } from "rapport/core";
import { createMemoryStore } from "rapport/plugins/storage-memory";
import { accountTurn } from "../../../src/engine/change.ts";
import { judgeRequest } from "../../../src/engine/judging.ts";
import { receive } from "../../../src/engine/receive.ts";
import { allow } from "../../../src/errors/refusal.ts";
import { newId } from "../../../src/model/ids.ts";
import { instantOf } from "../../../src/model/instant.ts";
import { keyOf } from "../../../src/model/keys.ts";
import type { RequestRecord } from "../../../src/model/records.ts";
import { parseRequest } from "../../../src/model/request.ts";
import { medianOf } from "../median.ts";
import { type BareAccount, openBareAccount } from "./bare-account.ts";
import { peerOf, requestText } from "./requests.ts";

/** Lifecycles per second. */
export interface LifecycleCase {
  readonly ours: number;
  readonly floor: number;
  readonly ratio: number;
}

const perRound = 2_000;
const inFlight = 32;

/** Every Request is received, judged by a rule, rejected with a decision record, and so completed. */
export async function lifecycleCase(crypto: CryptoPort, { rounds = 9 } = {}): Promise<LifecycleCase> {
  const ours: number[] = [];
  const floor: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const bare = await openBareAccount(crypto, [busy]);
    const own = await perSecond((n) => lifecycle(bare, n));
    await bare.close();
    const byHand = await openHand();
    const hand = await perSecond((n) => byHand.lifecycle(n));
    if (round === 0) continue;
    ours.push(own);
    floor.push(hand);
  }
  const [mine, theirs] = [medianOf(ours), medianOf(floor)];
  return { ours: mine, floor: theirs, ratio: mine / theirs };
}

const no = { accept: false, code: "busy" } as const;

const busy: RulePort = {
  name: "busy",
  judgeRequest: () => ({ verdict: "reject", items: [no, no, { items: [no, no] }, no], reason: "busy" }),
};

async function perSecond(work: (n: number) => Promise<void>): Promise<number> {
  const from = performance.now();
  for (let n = 0; n < perRound; n += inFlight)
    await Promise.all(Array.from({ length: Math.min(inFlight, perRound - n) }, (_, offset) => work(n + offset)));
  return (perRound * 1000) / (performance.now() - from);
}

async function lifecycle(bare: BareAccount, n: number): Promise<void> {
  const { account, store } = bare;
  const id = await receiveRequest(bare, n);
  await judgeRequest(account, id);
  const done = (await store.get<RequestRecord>(keyOf(account.id, "requests", id)))?.document;
  if (done?.status !== "Completed") throw new Error(`The LocalRequest is ${done?.status}.`);
}

/** Receives the nth Request, as a template of a peer without Relationship would bring it, and gives its id. */
export async function receiveRequest({ account }: BareAccount, n: number): Promise<string> {
  const parsed = parseRequest(JSON.parse(requestText(n)), account.kinds, { idAllowed: false });
  if (!parsed.ok) throw new Error(parsed.refusal.message);
  const id = newId("REQ", account.entropy);
  const source = { type: "RelationshipTemplate", reference: "RLT00000000000000000" } as const;
  const arrival = { id, request: parsed.value, peer: peerOf(n), source, origin: "onNewRelationship" } as const;
  await accountTurn(account, {
    gather: async (reads) => (await reads.get(keyOf(account.id, "requests", id))) === undefined,
    plan: (isNew, change) => {
      if (isNew) receive(account, change, { ...arrival, now: instantOf(account.clock.now()) });
      return allow(undefined);
    },
  });
  return id;
}

type Item = { "@type": string; mustBeAccepted: boolean; title: string; items?: Item[] };
type Local = { readonly [member: string]: JsonObject[string] };

// The same by hand: a document that each of the five steps reads, checks, copies with its change, and writes. That the engine
// takes several steps in one commit is its own doing.
async function openHand() {
  const store = createMemoryStore();
  await store.open([{ kind: "requests", indexes: ["status", "peer", "source.reference"] }]);
  let ids = 0;
  const write = async (puts: { key: string; document: Local; expect: number | "absent" }[]) => {
    if (!(await store.commit({ puts })).ok) throw new Error("By hand there is no conflict.");
  };
  const step = async (id: string, change: (before: Local, now: string) => { after: Local; record?: Local }) => {
    const key = `office/requests/${id}`;
    const stored = await store.get<Local>(key);
    if (stored === undefined) throw new Error("By hand the document is there.");
    const now = new Date().toISOString();
    const { after, record } = change(stored.document, now);
    const entry = { createdAt: now, oldStatus: stored.document["status"], newStatus: after["status"] } as Local;
    const statusLog = [...(after["statusLog"] as Local[]), entry];
    const more =
      record === undefined ? [] : [{ key: `office/decisions/${id}`, document: record, expect: "absent" as const }];
    await write([{ key, document: { ...after, statusLog }, expect: stored.version }, ...more]);
  };
  return {
    async lifecycle(n: number) {
      const content = JSON.parse(requestText(n)) as { items: Item[]; expiresAt?: string };
      if (!Array.isArray(content.items) || !content.items.every(isItem)) throw new Error("By hand it is well formed.");
      ids += 1;
      const id = `REQ${String(ids).padStart(17, "0")}`;
      const [createdAt, peer, status] = [new Date().toISOString(), peerOf(n), "Open"];
      const received = { id, isOwn: false, peer, createdAt, content, status, statusLog: [] } as unknown as Local;
      await write([{ key: `office/requests/${id}`, document: received, expect: "absent" }]);
      await step(id, (before) => ({ after: { ...before, status: "DecisionRequired" } }));
      await step(id, (before) => ({ after: { ...before, wasAutomaticallyDecided: true, status: "Judged" } }));
      await step(id, (before, now) => {
        const response = { "@type": "Response", result: "Rejected", requestId: id, items: content.items.map(rejected) };
        const record = { entity: id, decidedAt: now, verdict: "reject", facts: { request: before } };
        return { after: { ...before, status: "Decided", response: { createdAt: now, content: response } }, record };
      });
      await step(id, (before) => ({ after: { ...before, status: "Completed" } }));
    },
  };
}

function isItem(item: Item): boolean {
  if (typeof item["@type"] !== "string") return false;
  if (item.items !== undefined) return item.items.length > 0 && item.items.every(isItem);
  return typeof item.mustBeAccepted === "boolean" && typeof item.title === "string" && item.title.length <= 200;
}

function rejected(item: Item): JsonObject {
  if (item.items !== undefined) return { "@type": "ResponseItemGroup", items: item.items.map(rejected) };
  return { "@type": "RejectResponseItem", result: "Rejected", code: "busy" };
}
