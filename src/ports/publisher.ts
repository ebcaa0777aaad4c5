import type { JsonObject } from "../model/json.ts";

/** An event of spec/domain.md 9 on its way out. `id` is the same on every try, so a receiver can drop repeats. */
export interface PublishedEvent {
  readonly id: string;
  readonly account: string;
  readonly name: string;
  readonly at: string;
  readonly data: JsonObject;
}

/** Carries events to the outside, at least once and in order per entity. Throwing means: try again later. */
export interface Publisher {
  readonly name: string;
  publish(event: PublishedEvent): Promise<void>;
}
