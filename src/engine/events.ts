/**
 * The live event bus of one account (spec/domain.md 9): after the commit, best effort, in commit order.
 */
import { fault } from "../errors/rapport-error.ts";
import type { Log } from "../ports/log.ts";

/** The envelope handlers receive. */
export interface EngineEvent {
  readonly namespace: string;
  readonly eventTargetAddress: string;
  readonly data: unknown;
  /** Which call caused it, where the caller said so (`account.withCorrelationId`). */
  readonly correlationId?: string;
}

/** An event that a turn wants published once it is committed; `data` is made only when somebody listens. */
export interface PendingEvent {
  readonly name: string;
  readonly data: () => unknown;
}

/** What embedders use: `on` returns the way to stop. `*` hears everything. */
export interface EventBus {
  on(name: string, handler: (event: EngineEvent) => void): () => void;
  publish(events: readonly PendingEvent[], correlationId?: string): void;
}

/** A throwing handler is logged and harms nobody. */
export function createEventBus(address: string, log: Log): EventBus {
  const handlersByName = new Map<string, Set<(event: EngineEvent) => void>>();

  const hand = (name: string, key: string, event: EngineEvent) => {
    for (const handler of handlersByName.get(key) ?? []) {
      try {
        handler(event);
      } catch (problem) {
        log.write("error", "An event handler threw.", { event: name, problem: String(problem) });
      }
    }
  };

  return {
    on(name, handler) {
      if (typeof name !== "string" || typeof handler !== "function")
        throw fault("input.invalid", "events.on takes the name of an event, or *, and a function that hears it.");
      const handlers = handlersByName.get(name) ?? new Set();
      handlersByName.set(name, handlers);
      handlers.add(handler);
      return () => {
        handlers.delete(handler);
        if (handlers.size === 0) handlersByName.delete(name);
      };
    },
    publish(events, correlationId) {
      const mark = correlationId === undefined ? {} : { correlationId };
      for (const { name, data } of events) {
        if (!handlersByName.has(name) && !handlersByName.has("*")) continue;
        const event = { namespace: name, eventTargetAddress: address, data: data(), ...mark };
        hand(name, name, event);
        hand(name, "*", event);
      }
    },
  };
}
