// Calls to the Connectors of a house. Every try goes into the history, whatever comes of it.
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Deed, History, Outcome, Seen } from "./history.ts";
import { apiKey, type Party } from "./house.ts";
import type { KeptProcess } from "./process-keeper.ts";

// biome-ignore lint/suspicious/noExplicitAny: results have as many shapes as there are operations.
export type Result = any;

/** A call before it has a key. */
export interface Ask {
  readonly deed: Deed;
  /** As in `POST /Messages`. */
  readonly call: string;
  readonly body?: object;
  /** A file instead of a body. */
  readonly upload?: { readonly title: string; readonly bytes: Uint8Array };
}

/** What came of one try. */
export interface Tried {
  readonly outcome: Outcome;
  readonly code?: string;
  /** What was in the envelope, when it was done. */
  readonly result?: Result;
}

/** Someone who calls for an identity, and never forgets what was answered. */
export interface PartyClient {
  readonly party: Party;
  /** A write: repeated with one key until it is answered for good, or until it is given up. */
  write(ask: Ask): Promise<Tried>;
  /** A read, or anything else that is tried once. */
  look(ask: Ask): Promise<Tried>;
}

/** What a client needs of its house. */
export interface ClientGround {
  readonly history: History;
  draw(below: number): number;
  isOver(): boolean;
  nowMs(): number;
}

/** One in so many answers that promise nothing is taken as it is, and not asked for again. */
const givenUpOneIn = 12;
/** One in so many writes is repeated although it was acknowledged. */
const repeatedOneIn = 10;
/** Longer than anything takes that is not lost. */
const answerLimitMs = 20_000;

/** Codes that promise nothing: the call may be done later, or may have been done. All others mean that it was not. */
const promisesNothing = [
  ...["command.inProgress", "relay.unreachable", "account.notReady", "sync.inProgress", "limit.reached"],
  ...["error.connector.unexpected", "error.connector.errorInErrorHandler", "error.platform.unexpected"],
];

/** Makes one. */
export function clientOf(party: Party, ground: ClientGround): PartyClient {
  const write = async (ask: Ask): Promise<Tried> => {
    const key = randomUUID();
    for (;;) {
      const tried = await tryOnce(party, ground, { ...ask, key });
      if (tried.outcome === "acknowledged" && ground.draw(repeatedOneIn) === 0 && !ground.isOver())
        await tryOnce(party, ground, { ...ask, key });
      if (tried.outcome !== "unknown" || ground.isOver() || ground.draw(givenUpOneIn) === 0) return tried;
      await pause(20 + ground.draw(80));
    }
  };
  return { party, write, look: (ask) => tryOnce(party, ground, ask) };
}

async function tryOnce(party: Party, ground: ClientGround, ask: Ask & { readonly key?: string }): Promise<Tried> {
  const { process, url } = await serverOf(party, ground);
  const [method = "", path = ""] = ask.call.split(" ");
  const whole = path.startsWith("/api/") ? `/${party.name}${path}` : `/${party.name}/api/v2${path}`;
  const invokedMs = ground.nowMs();
  const came = await fetched(`${url}${whole}`, { method, ask });
  const tried = triedBy(came);
  ground.history.add({
    ...{ invokedMs, endedMs: ground.nowMs(), party: party.name, process, method, path },
    ...(ask.body === undefined ? {} : { body: ask.body }),
    ...(ask.key === undefined ? {} : { key: ask.key }),
    deed: ask.deed,
    outcome: tried.outcome,
    ...(came === undefined ? {} : { status: came.status }),
    ...(tried.code === undefined ? {} : { code: tried.code }),
    ...(tried.outcome === "acknowledged" ? { seen: seenIn(tried.result) } : {}),
  });
  return tried;
}

/** Any process of the party that answers; waits while there is none. */
async function serverOf({ servers }: Party, { draw, isOver }: ClientGround) {
  const there = (one: KeptProcess) => {
    const url = one.url();
    return url === undefined ? [] : [{ process: one.name, url }];
  };
  for (;;) {
    const answering = servers.flatMap(there);
    const chosen = answering[draw(Math.max(1, answering.length))];
    if (chosen !== undefined) return chosen;
    // Nobody answers any more when the house is closed in the middle of a call.
    if (isOver()) return { process: "nobody", url: "http://127.0.0.1:1" };
    await pause(20);
  }
}

interface Came {
  readonly status: number;
  readonly body: Result;
}

async function fetched(
  url: string,
  { method, ask }: { readonly method: string; readonly ask: Ask & { readonly key?: string } },
): Promise<Came | undefined> {
  const { body, upload, key } = ask;
  const headers = {
    ...{ "X-API-KEY": apiKey, accept: "application/json", prefer: "return=representation" },
    ...(key === undefined ? {} : { "idempotency-key": key }),
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  };
  const sent = upload === undefined ? body && JSON.stringify(body) : formOf(upload);
  try {
    const signal = AbortSignal.timeout(answerLimitMs);
    const answer = await fetch(url, { method, headers, signal, ...(sent === undefined ? {} : { body: sent }) });
    const text = await answer.text();
    return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function formOf({ title, bytes }: NonNullable<Ask["upload"]>): FormData {
  const form = new FormData();
  form.append("title", title);
  form.append("expiresAt", "2100-01-01T00:00:00.000Z");
  form.append("file", new Blob([new Uint8Array(bytes)], { type: "application/octet-stream" }), `${title}.bin`);
  return form;
}

function triedBy(came: Came | undefined): Tried {
  if (came === undefined) return { outcome: "unknown" };
  if (came.status < 300) return { outcome: "acknowledged", result: came.body?.result };
  const code = String(came.body?.error?.code);
  const isOpen = promisesNothing.includes(code) || code.startsWith("store.");
  return { outcome: isOpen ? "unknown" : "refused", code };
}

function seenIn(result: Result): Seen {
  if (Array.isArray(result)) return { ids: result.map(({ id }) => id) };
  return {
    ...(typeof result?.id === "string" ? { id: result.id } : {}),
    ...(typeof result?.status === "string" ? { status: result.status } : {}),
    ...(Array.isArray(result?.auditLog) ? { entries: result.auditLog.length } : {}),
  };
}
