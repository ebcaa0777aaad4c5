import type { JsonObject } from "../model/json.ts";
import type { OfferedEvent, PublishedEvent } from "./publisher.ts";

/** How events look outside, where receivers know other names or other data than the engine's. */
export interface EventShape {
  /** Under which names the event is told, the preferred one first; none: it is not told. Quick, and it does not throw. */
  names?(event: OfferedEvent): readonly string[];
  /** What is told of it. Asked at every try, so it must say the same again. */
  data?(event: PublishedEvent): JsonObject | Promise<JsonObject>;
}

/** The names of an event under a shape; its own one without. */
export function namesOf(event: OfferedEvent, shape: EventShape = {}): readonly string[] {
  return shape.names?.(event) ?? [event.name];
}

/** The data of an event under a shape; its own without. */
export async function dataOf(event: PublishedEvent, shape: EventShape = {}): Promise<JsonObject> {
  return (await shape.data?.(event)) ?? event.data;
}
