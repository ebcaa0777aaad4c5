// A past to look back on: thousands of Requests that an account was asked, judged by its rules, decided by hand, or expired.
import type { Account } from "rapport";
import type { Document, JsonObject, Plugin, StorePort } from "rapport/core";
import { createWorld, type Person, unreliable, type World } from "rapport/testkit";
import { moveIncoming, receivedState } from "../../src/engine/request-state.ts";
import type { RequestRecord, TemplateRecord } from "../../src/model/records.ts";
import { type Draw, drawsFrom } from "../apps/relay/proof.ts";
import { loadRequest, onDay, startMs, structured, yes } from "../services/scenes.ts";
import { historyKinds, itemsToDraw } from "./history-kinds.ts";

/** An account with a past. */
export interface Played extends AsyncDisposable {
  readonly world: World;
  readonly me: Person;
  /** The account's id in its store. */
  readonly account: string;
  /** Peers with an Active Relationship; the last of them is about to be terminated. */
  readonly friends: readonly string[];
}

/** How the past comes about. */
export interface Playing {
  readonly seed: number;
  readonly count: number;
  readonly rules: Plugin;
}

const silentOperations = ["sendMessage", "createRelationship"];

/** Plays it: Requests arrive, the engine judges them at its sync, people decide some, and others expire. */
export async function playHistory({ seed, count, rules }: Playing): Promise<Played> {
  const draw = drawsFrom(seed);
  const world = await createWorld({ seed });
  let store: StorePort | undefined;
  const me = await world.person("me", {
    plugins: [historyKinds],
    store: (own) => {
      store = own;
      return own;
    },
  });
  const friends = await makeFriends(world, me);
  await me.restart({
    plugins: [historyKinds, rules],
    // Answers of ours need not arrive: what is decided is decided.
    transport: (own) =>
      unreliable(own, ({ operation }) => (silentOperations.includes(operation) ? "before" : undefined)),
  });
  const [account = ""] = ([...me.disk.documents().keys()].find((key) => key.includes("/relationships/")) ?? "").split(
    "/",
  );
  const put = async (documents: readonly (readonly [string, Document])[]) => {
    const puts = documents.map(([key, document]) => ({ key: `${account}/${key}`, document }));
    await store?.commit({ puts });
  };
  await put([
    ["metadata/book-1", { lendable: true }],
    ["metadata/book-2", { lendable: false }],
  ]);
  const [template] = await templatesOf(me);
  for (let n = 0; n < count; n += 1) await put(drawRequest(draw, { n, friends, template }));
  await me.account.sync();
  await decideByHand(draw, me.account);
  world.clock.advance(Date.parse(onDay(20)) - startMs);
  await me.account.tick();
  return { world, me, account, friends, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}

async function makeFriends(world: World, me: Person): Promise<readonly string[]> {
  const friends: string[] = [];
  for (const name of ["ann", "bob", "cid"]) {
    const friend = await world.person(name);
    const template = await friend.account.templates.create({ content: structured(), expiresAt: onDay(30) });
    const request = await loadRequest(me.account, template);
    await me.account.requests.incoming.accept(request.id, yes);
    await friend.account.sync();
    const [pending] = await friend.account.relationships.find();
    await friend.account.relationships.accept(String(pending?.id));
    await me.account.sync();
    friends.push(friend.account.address);
    if (name === "cid") {
      await friend.account.relationships.terminate(String(pending?.id));
      await me.account.sync();
    }
  }
  return friends;
}

async function templatesOf(me: Person): Promise<readonly TemplateRecord[]> {
  return [...me.disk.documents()].flatMap(([key, document]) =>
    key.includes("/templates/") ? [document as unknown as TemplateRecord] : [],
  );
}

const titles = ["Library card", "Newsletter", "Fill in", "Voucher", "Broken", "Slow", "Loan"];

function drawRequest(
  draw: Draw,
  { n, friends, template }: { n: number; friends: readonly string[]; template: TemplateRecord | undefined },
): [string, Document][] {
  const number = String(n).padStart(17, "0");
  const id = `REQ${number}`;
  const isMessage = draw(3) > 0;
  const stranger = `did:e:localhost:dids:${String(draw(5000)).padStart(22, "0")}`;
  const peer = isMessage ? (friends[draw(friends.length)] ?? "") : stranger;
  const expiresAt = draw(5) === 0 ? onDay(1 + draw(60)) : undefined;
  const content = {
    "@type": "Request",
    id,
    title: titles[draw(titles.length)] ?? "",
    ...(expiresAt === undefined ? {} : { expiresAt }),
    items: drawItems(draw),
  };
  const type = isMessage ? "Message" : "RelationshipTemplate";
  const reference = isMessage ? `MSG${number}` : `RLT${number}`;
  const at = new Date(startMs).toISOString();
  const open: RequestRecord = {
    id,
    isOwn: false,
    peer,
    createdAt: at,
    content,
    status: "Open",
    statusLog: [],
    source: { type, reference },
    ...(isMessage ? {} : { origin: "onNewRelationship" as const }),
    state: receivedState(type, expiresAt),
  };
  const moved = moveIncoming(open, { type: "prerequisites.met" }, at);
  if (!moved.ok || template === undefined) throw new Error("The history cannot begin.");
  const request: [string, Document] = [`requests/${id}`, moved.value.record];
  const timer: [string, Document][] =
    expiresAt === undefined ? [] : [[`timers/${id}`, { entity: id, dueAt: expiresAt }]];
  if (isMessage) return [request, ...timer];
  const { requestId: _request, ...rest } = template;
  const own = {
    ...rest,
    id: reference,
    createdBy: peer,
    content: structured({ onNewRelationship: { ...content, id: undefined } }),
  };
  return [request, ...timer, [`templates/${reference}`, JSON.parse(JSON.stringify(own))]];
}

function drawItems(draw: Draw): JsonObject[] {
  return Array.from({ length: 1 + draw(4) }, () => {
    if (draw(4) > 0) return drawItem(draw);
    return { "@type": "RequestItemGroup", items: Array.from({ length: 1 + draw(3) }, () => drawItem(draw)) };
  });
}

function drawItem(draw: Draw): JsonObject {
  if (draw(12) > 0) return itemsToDraw[draw(itemsToDraw.length)] ?? {};
  const token = `${draw(2) === 0 ? "A" : "B"}-secret-${draw(1_000_000)}`;
  return {
    "@type": "VoucherRequestItem",
    token,
    mustBeAccepted: false,
    metadata: { pin: `pin-${draw(10_000)}`, shop: "x" },
  };
}

/** Every third that waits for a person is decided; what cannot be decided like this stays. */
async function decideByHand(draw: Draw, account: Account): Promise<void> {
  const waiting = await account.requests.incoming.find({ status: "ManualDecisionRequired" });
  for (const { id, content } of waiting) {
    if (draw(3) > 0) continue;
    const accept = draw(2) === 0;
    const items = (content["items"] as readonly JsonObject[]).map((entry) => answerTo(entry, accept));
    const { incoming } = account.requests;
    await incoming[accept ? "accept" : "reject"](id, { items } as unknown as Parameters<
      typeof incoming.accept
    >[1]).catch(() => undefined);
  }
}

/** A person's answer to an item or a group. */
export function answerTo(entry: JsonObject, accept: boolean): JsonObject {
  const { items, settings } = entry as { readonly items?: readonly JsonObject[]; readonly settings?: JsonObject };
  if (items !== undefined) return { items: items.map((item) => answerTo(item, accept)) };
  if (!accept || (entry["@type"] === "LoanRequestItem" && entry["of"] !== "book-1")) return { accept: false };
  if (settings === undefined) return { accept: true };
  return { accept: true, response: settings["@type"] === "IntegerFormFieldSettings" ? 2 : "Ann" };
}
