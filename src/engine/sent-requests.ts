// What happens to a LocalRequest, and by its items, when the Message with it was sent (spec/domain.md 4.4, 5.10).
import { notesSending, sentEffects } from "../items/sent-request.ts";
import { extended } from "../model/extended.ts";
import { instantOf } from "../model/instant.ts";
import type { RequestRecord } from "../model/records.ts";
import type { Request } from "../model/request.ts";
import type { Reads } from "../turn/turn.ts";
import type { Change } from "./change.ts";
import type { Account } from "./context.ts";
import { applyEffects } from "./effects.ts";
import { gatherKnown, infoFor, type Known, nothingKnown } from "./knowledge.ts";
import { announceMoved } from "./receive.ts";
import { moveOutgoing } from "./request-state.ts";

const contentOf = (record: RequestRecord) => record.content as unknown as Request;

/** What the items look at when they were sent. Few kinds note it, so most Requests read nothing for it. */
export async function gatherSent(account: Account, reads: Reads, request: RequestRecord | undefined): Promise<Known> {
  if (request === undefined || !notesSending(contentOf(request), account.kinds)) return nothingKnown;
  const now = instantOf(account.clock.now());
  const info = infoFor(account, { now, peer: request.peer, requestId: request.id });
  return gatherKnown(account, reads, { request: contentOf(request), info });
}

/** A Request that left with a Message. */
export interface SentBy {
  readonly request: RequestRecord;
  readonly message: string;
  readonly known: Known;
  readonly now: string;
}

/** Moves the LocalRequest on, and lets its items note it; one that expired on the way stays as it is. */
export function requestSent(account: Account, change: Change, { request, message, known, now }: SentBy): void {
  const moved = moveOutgoing(request, { type: "request.sent" }, now);
  if (!moved.ok) return;
  const record = extended(moved.value.record, { source: { type: "Message", reference: message } });
  const info = infoFor(account, { now, peer: request.peer, requestId: request.id, known });
  applyEffects(change, sentEffects({ request: contentOf(request), kinds: account.kinds, info }));
  change.put("requests", request.id, record);
  announceMoved(change, { ...moved.value, record });
}
