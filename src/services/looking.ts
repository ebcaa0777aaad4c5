import type { Account } from "../engine/context.ts";
import type { Reads } from "../turn/turn.ts";

/** Reads outside a turn: what they see is not expected to stay. */
export function looking({ store }: Account): Reads {
  return { get: store.get, peek: store.get, find: store.find };
}
