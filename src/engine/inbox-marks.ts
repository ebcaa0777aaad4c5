import type { WireExternalEvent } from "../wire/shapes.ts";
import type { Change } from "./change.ts";

/** The marks of events, put into the commit that applies them (B1). */
export function mark(change: Change, events: readonly WireExternalEvent[]): void {
  for (const { id, index } of events) change.put("inbox", id, { index });
}
