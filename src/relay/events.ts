import { newId } from "../model/ids.ts";
import type { Asked } from "./asked.ts";
import type { Desk } from "./desk.ts";
import type { EventDraft } from "./documents.ts";

/** What makes an event. */
export interface Happening {
  readonly to: string;
  readonly type: EventDraft["type"];
  readonly payload: EventDraft["payload"];
  readonly relationshipId?: string;
}

/** An external event of this moment. */
export function eventOf(
  asked: Pick<Asked, "now">,
  desk: Desk,
  { to, type, payload, relationshipId }: Happening,
): EventDraft {
  const id = newId("SYI", desk.entropy);
  return { to, id, type, createdAt: asked.now, payload, relationshipId: relationshipId ?? null };
}
