// The captured exchanges in their order, and what a relay must draw and see so that it gives the same answers.
import { readdirSync, readFileSync } from "node:fs";

/** What tests look at without a schema. */
// biome-ignore lint/suspicious/noExplicitAny: captured bodies have many shapes and are compared, not used.
type Any = any;

/** One captured exchange. */
export interface Exchange {
  readonly seq: number;
  readonly actor: "anonymous" | "A" | "B" | "C";
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: Any;
  };
  readonly response: { readonly status: number; readonly body?: Any };
}

const fixtures = new URL("../../fixtures/", import.meta.url);

/** All exchanges, in the order in which they happened. */
export const exchanges: readonly Exchange[] = readdirSync(fixtures)
  .filter((name) => /^\d\d-.*\.jsonl$/.test(name))
  .flatMap((name) => readFileSync(new URL(name, fixtures), "utf8").split("\n"))
  .filter((line) => line !== "")
  .map((line): Exchange => JSON.parse(line))
  .sort((one, other) => one.seq - other.seq);

/** The instant (ms) at which the relay made the answer, if the answer says so. */
export function instantOfAnswer({ request, response }: Exchange): number | undefined {
  const result = response.body?.result;
  if (typeof result !== "object" || result === null || Array.isArray(result)) return undefined;
  if (request.method === "GET") return undefined;
  if (result.id?.startsWith("CHL")) return Date.parse(result.expiresAt) - 10 * 60 * 1000;
  const text = result.auditLog?.at(-1).createdAt ?? result.cancelledAt ?? result.syncRun?.createdAt ?? result.createdAt;
  return typeof text === "string" ? Date.parse(text) : undefined;
}

/**
 * The ids that the relay draws while it answers, in the order of its drawing: what the answer names, then the external
 * events that it makes, then modifications. Those that nobody ever saw are missing.
 */
export function idsDrawnBy(exchange: Exchange): readonly string[] {
  const { method, path } = exchange.request;
  const result = exchange.response.body?.result;
  if (method === "GET" || result === undefined) return [];
  const pushed = (result.modifications ?? result.datawalletModifications ?? []).map(({ id }: { id: string }) => id);
  if (/\/Identities$/.test(path)) return [result.device.id, result.device.username];
  if (/\/Devices$/.test(path)) return [result.id, result.username];
  if (/\/SyncRuns$/.test(path)) return result.syncRun === null ? [] : [result.syncRun.id];
  if (/\/PushNotifications$/.test(path)) return [result.devicePushIdentifier];
  const isNew = method === "POST" && typeof result.id === "string" && !path.endsWith("/UpdateContent");
  return [...(isNew ? [result.id] : []), ...eventsMadeBy(exchange), ...pushed];
}

interface CapturedEvent {
  readonly id: string;
  readonly payload: { readonly relationshipId?: string; readonly id?: string };
}

/** Events by the object they speak of, oldest first; each exchange takes those that it made. */
const eventsByObject = new Map<string, CapturedEvent[]>();
for (const { request, response } of exchanges) {
  if (!/\/ExternalEvents$/.test(request.path)) continue;
  for (const event of response.body.result as CapturedEvent[]) {
    const about = event.payload.relationshipId ?? event.payload.id ?? "";
    eventsByObject.set(about, [...(eventsByObject.get(about) ?? []), event]);
  }
}
const eventIdBySeq = new Map<number, string>();
for (const exchange of exchanges) {
  const { request, response, seq } = exchange;
  const makes = request.method !== "GET" && /\/(Messages|Relationships)(\/|$)/.test(request.path);
  if (!makes || response.status >= 300) continue;
  const next = eventsByObject.get(response.body.result.id)?.shift();
  if (next !== undefined) eventIdBySeq.set(seq, next.id);
}

function eventsMadeBy({ seq }: Exchange): readonly string[] {
  const id = eventIdBySeq.get(seq);
  return id === undefined ? [] : [id];
}
