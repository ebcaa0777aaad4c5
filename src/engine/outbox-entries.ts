// What the outbox stores of an event: for whom it is, and which entity it is about (docs/decisions/0012-deliveries-and-leases.md).
import { extended } from "../model/extended.ts";
import type { JsonObject } from "../model/json.ts";
import { pathOf } from "../model/keys.ts";
import { isObject } from "../model/shape.ts";
import type { OfferedEvent, Publisher } from "../ports/publisher.ts";
import type { Account } from "./context.ts";
import type { PendingEvent } from "./events.ts";
import { withoutTemplateKeys } from "./outbox-templates.ts";

/** `<account>/outbox/events/<index>`. */
export type OutboxEntry = {
  readonly name: string;
  readonly at: string;
  readonly data: JsonObject;
  readonly correlationId?: string;
  /** Events of one entity go out in order. */
  readonly entity: string;
  /** The targets that have not taken it. */
  readonly to: readonly string[];
  /** The event's id, for one that a dead letter brought back; else the key says it. */
  readonly id?: string;
  /** The dead letter that goes when the event is taken. */
  readonly letter?: string;
  /** Failed tries, by target. */
  readonly tried?: { readonly [target: string]: { readonly count: number; readonly nextAt: string } };
};

/** One subscriber of one publisher. */
export interface Target {
  readonly key: string;
  readonly publisher: Publisher;
  readonly subscriber: string;
}

/** Where an account's events wait. */
export const streamOf = ({ id }: Pick<Account, "id">): string => `${pathOf(id, "outbox")}/events`;

/** The entries for the events of a commit; an event that nobody wants has none. */
export function entriesOf(account: Account, events: readonly PendingEvent[]): OutboxEntry[] {
  if (account.publishers.length === 0 || events.length === 0) return [];
  const at = new Date(account.clock.now()).toISOString();
  return events.flatMap(({ name, data: made }) => {
    const told: JsonObject = JSON.parse(JSON.stringify(made() ?? null));
    const { correlationId } = account;
    const data = withoutTemplateKeys(name, told);
    const event = { name, at, data, ...(correlationId === undefined ? {} : { correlationId }) };
    const to = account.publishers.flatMap((publisher) => targetsAt(account, publisher, event));
    return to.length === 0 ? [] : [extended(event, { entity: entityOf(name, data), to })];
  });
}

type ToldEvent = Omit<OfferedEvent, "account" | "accountName">;

function targetsAt(account: Account, publisher: Publisher, event: ToldEvent): string[] {
  try {
    const offered = { account: account.self, accountName: account.record.name, ...event };
    const subscribers = publisher.subscribers?.(offered) ?? [publisher.name];
    return [...new Set(subscribers)].map((subscriber) => targetKey(publisher.name, subscriber));
  } catch (problem) {
    // A command does not fail because of who listens to it.
    const details = { publisher: publisher.name, event: event.name, problem: String(problem) };
    account.log.write("error", "A publisher could not say who wants an event; nobody gets it from there.", details);
    return [];
  }
}

/** What an entry of an earlier version, which named neither its entity nor its targets, comes to: it is for every publisher. */
export function completed({ publishers }: Pick<Account, "publishers">, entry: OutboxEntry): OutboxEntry {
  const { name, data } = entry;
  const to = publishers.map((publisher) => targetKey(publisher.name, publisher.name));
  return extended(entry, { entity: entityOf(name, data), to });
}

const targetKey = (publisher: string, subscriber: string): string =>
  `${encodeURIComponent(publisher)}/${encodeURIComponent(subscriber)}`;

/** The target that a stored key means; undefined when this engine does not have its publisher. */
export function targetOf({ publishers }: Pick<Account, "publishers">, key: string): Target | undefined {
  const [name = "", subscriber = ""] = key.split("/").map(decodeURIComponent);
  const publisher = publishers.find((one) => one.name === name);
  return publisher === undefined ? undefined : { key, publisher, subscriber };
}

/** Events that wrap what they are about, by the member that holds it; the others are about what their own id says. */
const wrappers = ["request", "message", "template", "predecessor"] as const;

/** What an event is about: the id of one thing, or its name when it is about the account as such. */
export function entityOf(name: string, data: JsonObject): string {
  for (const member of wrappers) {
    const inner = data[member];
    if (isObject(inner) && typeof inner["id"] === "string") return inner["id"];
  }
  for (const member of ["id", "relationshipId", "tokenId"]) {
    const id = data[member];
    if (typeof id === "string") return id;
  }
  return name;
}
