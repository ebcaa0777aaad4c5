import type { JsonObject } from "../model/json.ts";

/** An event of spec/domain.md 9 as publishers are asked about it; `data` is without the keys of templates and Files. */
export interface OfferedEvent {
  /** The address of the account. */
  readonly account: string;
  readonly accountName: string;
  readonly name: string;
  readonly at: string;
  readonly data: JsonObject;
  /** Which call caused it, where the caller said so (`account.withCorrelationId`). */
  readonly correlationId?: string;
}

/** The event on its way out. `id` is the same on every try and every replay, so a receiver can drop repeats. */
export interface PublishedEvent extends OfferedEvent {
  readonly id: string;
  /** Which try this is, from 1. A replayed dead letter begins anew. */
  readonly attempt: number;
}

/**
 * Carries events to the outside: at least once, and in order for each subscriber and entity; what different entities tell goes
 * out side by side. Throwing means: try again later, and so does saying nothing for `publishMaxMs`.
 */
export interface Publisher {
  readonly name: string;
  /** `subscriber` is one of those that `subscribers` gave, or else the publisher's own name. */
  publish(event: PublishedEvent, subscriber: string): Promise<void>;
  /**
   * Who wants the event, asked once and before its commit, so it must be quick and must not throw. Without this method the
   * publisher itself is the one subscriber; an empty list costs nothing. A name must mean the same after a restart.
   */
  subscribers?(event: OfferedEvent): readonly string[];
  /** Tries before an event becomes a dead letter: `deliveryAttemptsMax` by default. */
  readonly attemptsMax?: number;
  /** Back-off between tries, doubled each time up to the cap: `deliveryWaitMs`, `deliveryWaitMaxMs` by default. */
  readonly waitMs?: number;
  readonly waitMaxMs?: number;
  /** How long a call of `publish` may take: `publishMaxMs` by default, `Infinity` for what surely comes to its end by itself. */
  readonly publishMaxMs?: number;
}
