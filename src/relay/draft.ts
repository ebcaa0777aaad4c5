import type { Refusal } from "../errors/refusal.ts";
import { extended } from "../model/extended.ts";
import type { JsonObject } from "../model/json.ts";
import type { Batch, Document, Expect } from "../ports/store.ts";
import type { Plan, Turn } from "../turn/turn.ts";
import { type EventDraft, eventStream, type LeftoverDocument, leftoverKey } from "./documents.ts";
import type { Doomed } from "./erasing.ts";
import { type DoomedBlobDocument, doomedBlobKey } from "./file-documents.ts";
import type { NewsItem } from "./news.ts";
import type { Reply, ReplyMore } from "./reply.ts";

/** One operation as a turn. */
export type Work = Turn<unknown, Reply>;

/** A plan in the making: what one commit writes, and what is answered once it did. */
export interface Draft {
  put(key: string, document: Document, expect?: Expect): void;
  delete(key: string): void;
  append(stream: string, document: Document, expectNext?: number): void;
  add(counter: string, by: number, atMost?: number): void;
  /** The same with an answer of its own when the counter would pass its limit. */
  addWithin(counter: string, by: number, limit: { readonly atMost: number; readonly exhausted: Refusal }): void;
  /** Appends an external event and wakes its receiver after the commit. */
  tell(event: EventDraft): void;
  /** After the commit, wakes the other devices of this identity: its datawallet was modified. */
  tellDevices(address: string, byDevice: string): void;
  /** After the commit, ends whatever waits for news of this identity. */
  tellEnd(address: string): void;
  /** Marks that something is left to do after the commit (leftovers.ts). */
  leave(leftover: LeftoverDocument): void;
  /** Deletes what the end of the object `id` dooms, and marks that more is left (erasing.ts). */
  erase(id: string, doomed: Doomed): void;
  /** After the commit, lets the sweeper look at a collection where things end. */
  sweep(path: string): void;
  /** Marks the bytes of a File that ends; after the commit they are deleted (file-bytes.ts). */
  doomBlob(name: string): void;
  /** The finished plan. `exhausted` is the answer when a counter without an answer of its own would pass its limit. */
  answer(result: JsonObject | readonly JsonObject[], more?: ReplyMore): Planned;
  /** A no that is committed, because it has to be counted. */
  refuse(refusal: Refusal, more?: Pick<ReplyMore, "exhausted">): Planned;
}

/**
 * The answer of a plan that assumed a counter to be lower than it turned out to be: the turn is taken again. Counters are
 * decided inside the flush, so writers who are not the last ones need not wait for each other.
 */
export const takeAgain: Refusal = { code: "store.contended", message: "The counter moved on. Repeat the call." };

/** What `plan` returns when it goes through. */
export type Planned = { readonly ok: true; readonly value: Plan<Reply> };

/** An empty draft. */
export function createDraft(): Draft {
  const puts: NonNullable<Batch["puts"]>[number][] = [];
  const deletes: string[] = [];
  const appends: NonNullable<Batch["appends"]>[number][] = [];
  const adds: NonNullable<Batch["adds"]>[number][] = [];
  const exhaustedByCounter = new Map<string, Refusal>();
  const news: NewsItem[] = [];
  const swept: string[] = [];
  const doomedBlobs: string[] = [];
  let isMoreLeft = false;
  const planned = (value: Reply, exhausted: Refusal | undefined): Planned => {
    const plan = { value, puts, deletes, appends, adds };
    if (exhausted === undefined && exhaustedByCounter.size === 0) return { ok: true, value: plan };
    return { ok: true, value: extended(plan, { exhausted: (by: string) => exhaustedByCounter.get(by) ?? exhausted }) };
  };
  const leave = (leftover: LeftoverDocument) => {
    puts.push({ key: leftoverKey(leftover.id), document: leftover });
    isMoreLeft = true;
  };
  return {
    put: (key, document, expect) => {
      puts.push(expect === undefined ? { key, document } : { key, document, expect });
    },
    delete: (key) => {
      deletes.push(key);
    },
    append: (stream, document, expectNext) => {
      appends.push(expectNext === undefined ? { stream, document } : { stream, document, expectNext });
    },
    add: (counter, by, atMost) => {
      adds.push(atMost === undefined ? { counter, by } : { counter, by, atMost });
    },
    addWithin: (counter, by, { atMost, exhausted }) => {
      adds.push({ counter, by, atMost });
      exhaustedByCounter.set(counter, exhausted);
    },
    tell: ({ to, ...event }) => {
      appends.push({ stream: eventStream(to), document: extended(event, { syncErrorCount: 0 }) });
      news.push({ kind: "ExternalEventCreated", address: to });
    },
    tellDevices: (address, byDevice) => {
      news.push({ kind: "DatawalletModificationsCreated", address, byDevice });
    },
    tellEnd: (address) => {
      news.push({ kind: "IdentityEnded", address });
    },
    leave,
    erase: (id, { keys, hasMore }) => {
      deletes.push(...keys);
      if (hasMore) leave({ id });
    },
    sweep: (path) => {
      swept.push(path);
    },
    doomBlob: (name) => {
      const mark: DoomedBlobDocument = { name, isDoomed: true, forgetAtMs: 0 };
      puts.push({ key: doomedBlobKey(name), document: mark });
      doomedBlobs.push(name);
    },
    answer: (result, { exhausted, ...more } = {}) =>
      planned({ result, news, swept, isMoreLeft, doomedBlobs, ...more }, exhausted),
    refuse: (refusal, { exhausted } = {}) => planned({ refusal, news }, exhausted),
  };
}

/** Reads only: what is answered without a commit. */
export function answerOnly(result: JsonObject | readonly JsonObject[], more: ReplyMore = {}): Planned {
  return { ok: true, value: { value: { result, news: [], ...more } } };
}
