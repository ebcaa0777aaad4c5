/**
 * Events as HTTP calls.
 *
 * W1. Anything but an answer 2xx in time is a failure, and a failure is thrown: the engine tries again.
 * W2. A retry carries the same webhook-id and the same body; time and signature are those of the try.
 * W3. Neither the log nor a message holds a body, an address or a secret.
 */
import { createHash } from "node:crypto";
import {
  type ClockPort,
  dataOf,
  type EventShape,
  fault,
  namesOf,
  type OfferedEvent,
  type PublishedEvent,
  type PublisherPort,
} from "rapport/core";
import type { WebhooksConfig } from "./config.ts";
import { createDeliveryLog, type WebhookDelivery } from "./deliveries.ts";
import { type Caller, createCaller } from "./exchange.ts";
import { answerBytesMax, callMsDefault, deliveriesPerTargetMax } from "./limits.ts";
import { signatureHeaders } from "./signature.ts";
import { readWebhooks, type Subscription, urlFor } from "./targets.ts";
import { createTokenSource, type TokenSource } from "./tokens.ts";
import { isTriggeredBy } from "./triggers.ts";

/** Options of webhooks. */
export interface WebhooksOptions extends WebhooksConfig {
  /** The publisher's name, under which the engine keeps what waits. Default "publisher-webhooks". */
  readonly name?: string;
  /** How events look outside; by default as the engine tells them. */
  readonly shape?: EventShape;
  /** How long a call may take. */
  readonly timeoutMs?: number;
  /** Tries of an event before it becomes a dead letter; the engine's own number by default. */
  readonly attemptsMax?: number;
  readonly clock?: Pick<ClockPort, "now">;
}

/** A publisher that remembers its last calls. */
export interface WebhookPublisher extends PublisherPort, AsyncDisposable {
  /** The newest first; of one target, or of all. */
  deliveries(target?: string): readonly WebhookDelivery[];
}

/** Makes the publisher; nothing is called before there is an event. Faults: those of the configuration. */
export function createWebhooks(options: WebhooksOptions): WebhookPublisher {
  const { name = "publisher-webhooks", shape, attemptsMax, clock = { now: () => Date.now() } } = options;
  const caller = createCaller({
    timeoutMs: options.timeoutMs ?? callMsDefault,
    skipTlsCheck: options.skipTlsCheck === true,
  });
  const now = () => clock.now();
  const lines = new Map(readWebhooks(options).map((one) => [one.name, lineOf(one, { caller, now })]));
  const log = createDeliveryLog(deliveriesPerTargetMax);

  return {
    name,
    ...(attemptsMax === undefined ? {} : { attemptsMax }),
    subscribers: (event) =>
      [...lines.values()].filter((line) => triggerOf(event, line, shape)).map((line) => line.name),
    publish: async (event, subscriber) => {
      const line = lines.get(subscriber);
      if (line === undefined)
        throw fault(
          "publisher.failed",
          `There is no webhook target "${subscriber}" any more; add it, or discard this.`,
        );
      // The patterns may have changed since the event was stored for the target.
      const trigger = triggerOf(event, line, shape) ?? namesOf(event, shape)[0] ?? event.name;
      const body = JSON.stringify({ data: await dataOf(event, shape), trigger });
      const startedAt = now();
      const { status, problem } = await deliver({ event, trigger, body }, { line, caller, at: startedAt });
      log.add({
        target: line.name,
        at: new Date(startedAt).toISOString(),
        eventId: event.id,
        trigger,
        account: event.account,
        attempt: event.attempt,
        outcome: problem === undefined ? "delivered" : "failed",
        ...(status === undefined ? {} : { status }),
        durationMs: now() - startedAt,
        ...(problem === undefined ? {} : { problem }),
      });
      if (problem !== undefined) throw fault("publisher.failed", `Webhook target "${line.name}": ${problem}`);
    },
    deliveries: log.list,
    [Symbol.asyncDispose]: () => caller[Symbol.asyncDispose](),
  };
}

interface Line extends Subscription {
  readonly tokens: TokenSource | undefined;
}

interface Letter {
  readonly event: PublishedEvent;
  readonly trigger: string;
  readonly body: string;
}

interface Delivered {
  readonly status?: number;
  readonly problem?: string;
}

function lineOf(subscription: Subscription, parts: { caller: Caller; now: () => number }): Line {
  const { authentication } = subscription.target;
  const tokens = authentication?.type === "OAuth2" ? createTokenSource(authentication, parts) : undefined;
  return { ...subscription, tokens };
}

/** The first of the event's names that the target wants. */
function triggerOf(event: OfferedEvent, { patterns }: Subscription, shape?: EventShape): string | undefined {
  return namesOf(event, shape).find((name) => patterns.some((pattern) => isTriggeredBy(pattern, name)));
}

async function deliver(letter: Letter, to: { line: Line; caller: Caller; at: number }): Promise<Delivered> {
  const { line, caller, at } = to;
  const { event, trigger, body } = letter;
  try {
    const token = await line.tokens?.token();
    const headers = {
      ...lowerCased(line.target.headers ?? {}),
      ...credentials(line, token),
      "content-type": "application/json",
      "user-agent": "rapport",
      "x-correlation-id": event.correlationId ?? correlationIdOf(event),
      ...signatureHeaders({ id: event.id, at: new Date(at), body }, line.signer),
    };
    const { status } = await caller.post({ url: urlFor(line.target, trigger), headers, body, answerBytesMax });
    if (status === 401 && token !== undefined) line.tokens?.forget(token);
    return status >= 200 && status <= 299 ? { status } : { status, problem: `It answered with ${status}.` };
  } catch (problem) {
    return { problem: problem instanceof Error ? problem.message : String(problem) };
  }
}

function credentials({ target: { authentication } }: Line, token: string | undefined): { [name: string]: string } {
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  if (authentication?.type !== "ApiKey") return {};
  return { [(authentication.headerName ?? "x-api-key").toLowerCase()]: authentication.apiKey };
}

// Names of headers are the same in any case, and ours come after those of the configuration.
function lowerCased(headers: { readonly [name: string]: string }): { [name: string]: string } {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

// Receivers expect one on every call, a UUID and the same on every try.
function correlationIdOf({ id }: PublishedEvent): string {
  const hex = createHash("sha256").update(id).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}
