// What must hold of every single commit of an engine, and of everything it publishes (design.md 4).
import type { Document, PublishedEvent } from "rapport/core";
import { chainFlaw, type Entry, isFinal, lives } from "./audit-chain.ts";
import type { Ground } from "./ground.ts";
import type { Change, ChangeEar, Holdings } from "./holdings.ts";

/** Watches one account. */
export interface AccountLaws {
  readonly changed: ChangeEar;
  /** A process has opened the store: what is in it is where it goes on. */
  opened(holdings: Holdings): void;
  published(event: PublishedEvent): void;
  /** The disk is an older copy: what it will tell has the numbers of what was told before. */
  restored(): void;
  /** Events that were committed, not erased, and never published. */
  untold(holdings: Holdings): readonly string[];
  /** Ids of every attribute that was ever in the store. */
  readonly everHad: ReadonlySet<string>;
  /** Ids of templates that are not there any more. */
  readonly withdrawn: ReadonlySet<string>;
  /** How many events were published, repeats among them. */
  readonly publications: number;
}

type Relationship = { readonly status: string; readonly peer: string; readonly auditLog: readonly Entry[] };
type Request = {
  readonly isOwn: boolean;
  readonly status: string;
  readonly response?: { readonly content: Document };
};
type Intent = { readonly facts?: { readonly answers?: string } };

interface Told {
  readonly entity: string;
  readonly name: string;
  readonly text: string;
  isPublished: boolean;
  isErased: boolean;
}

/** Makes the laws of one account. */
export function createAccountLaws(name: string, ground: Ground): AccountLaws {
  const complain = (sentence: string) => ground.findings.push(`${name}: ${sentence}`);
  const existingByPeer = new Map<string, Set<string>>();
  const told = new Map<number, Told>();
  const lastByEntity = new Map<string, number>();
  const left = new Set<string>();
  const withdrawn = new Set<string>();
  const everHad = new Set<string>();
  const effects = new Set<string>();
  let publications = 0;

  const relationship = ({ id, before, after }: Change): void => {
    const [was, is] = [before, after] as [Relationship | undefined, Relationship | undefined];
    const peer = is?.peer ?? was?.peer ?? "";
    const existing = existingByPeer.get(peer) ?? new Set();
    existingByPeer.set(peer, existing);
    if (is !== undefined && lives(is.status)) existing.add(id);
    else existing.delete(id);
    if (existing.size > 1) complain(`R1: two Relationships with one peer exist: ${[...existing].join(", ")}.`);
    if (is === undefined) {
      left.add(peer);
      return;
    }
    const flaw = chainFlaw(is.auditLog, was?.auditLog);
    if (flaw !== undefined) complain(`R4: the log of ${id} ${flaw}.`);
    if (is.auditLog.at(-1)?.newStatus !== is.status) complain(`R4: ${id} is not what its log says.`);
    if (was !== undefined && isFinal(was.status) && was.status !== is.status) complain(`R3: ${id} left ${was.status}.`);
  };

  const request = ({ id, before, after, now }: Change): void => {
    const [was, is] = [before, after] as [Request | undefined, Request | undefined];
    if (is === undefined) return;
    if (was?.status === "Decided" && !["Decided", "Completed", "Expired"].includes(is.status))
      complain(`Q1: ${id} went from Decided to ${is.status}.`);
    if (was?.response !== undefined && same(was.response.content) !== same(is.response?.content))
      complain(`Q1: the Response to ${id} changed.`);
    if (!is.isOwn && is.response !== undefined && was?.response === undefined && now("decisions", id) === undefined)
      complain(`Q3: nobody knows who decided ${id}.`);
  };

  const intent = ({ id, after, now }: Change): void => {
    const answers = (after as Intent | undefined)?.facts?.answers;
    if (answers === undefined) return;
    if ((now("requests", answers) as Request | undefined)?.response === undefined)
      complain(`Q2: the call ${id} leaves before the Response to ${answers} is stored.`);
  };

  const attribute = ({ id, before, after, now }: Change): void => {
    if (before !== undefined || after === undefined) return;
    const source = (after as { readonly sourceReference?: string }).sourceReference ?? "";
    everHad.add(id);
    const effect = `${id} by ${source}`;
    if (effects.has(effect)) complain(`O1: the attribute ${effect} came about twice.`);
    effects.add(effect);
    const asked = now("requests", source) as Request | undefined;
    if (asked !== undefined && asked.response === undefined)
      complain(`Q2: the attribute ${id} is there before the Response to ${source}.`);
  };

  const outbox = ({ id, before, after }: Change): void => {
    if (!id.startsWith("events/")) return;
    const index = Number(id.slice("events/".length));
    const known = told.get(index);
    if (before === undefined && after !== undefined) {
      const { entity, name: event, id: replayed } = after as { entity: string; name: string; id?: string };
      if (replayed !== undefined) return;
      told.set(index, { entity, name: event, text: JSON.stringify(after), isPublished: false, isErased: false });
    }
    if (after === undefined && known !== undefined && !known.isPublished) known.isErased = true;
  };

  const byKind: { readonly [kind: string]: ((change: Change) => unknown) | undefined } = {
    relationships: relationship,
    requests: request,
    intents: intent,
    attributes: attribute,
    outbox,
    templates: ({ id, after }) => after === undefined && withdrawn.add(id),
  };
  return {
    changed: (change) => byKind[change.kind]?.(change),
    opened: (holdings) => {
      existingByPeer.clear();
      for (const id of holdings.ids("relationships")) {
        const { peer, status } = holdings.get<Relationship>("relationships", id) ?? { peer: "", status: "" };
        if (lives(status)) existingByPeer.set(peer, (existingByPeer.get(peer) ?? new Set()).add(id));
      }
      const next = holdings.get<{ next: number }>("outbox", "events")?.next ?? 0;
      // What a crash tore off was never committed.
      for (const index of told.keys()) if (index >= next) told.delete(index);
    },
    published: ({ id }) => {
      publications += 1;
      const index = Number(id.slice(id.lastIndexOf("-") + 1));
      const event = told.get(index);
      if (event === undefined) return complain(`O1: ${id} is published and was never committed.`);
      if (event.isPublished) return;
      event.isPublished = true;
      const last = lastByEntity.get(event.entity);
      if (last !== undefined && last > index) complain(`O1: ${event.name} of ${event.entity} is told too late.`);
      lastByEntity.set(event.entity, index);
    },
    restored: () => {
      told.clear();
      effects.clear();
      lastByEntity.clear();
    },
    untold: (holdings) => {
      const waiting = holdings.ids("outbox").filter((id) => id.startsWith("events/"));
      const lost = [...told].filter(
        ([, event]) => !event.isPublished && !(event.isErased && [...left].some((peer) => event.text.includes(peer))),
      );
      return [
        ...waiting.map((id) => `${id} still waits`),
        ...lost.map(([index, event]) => `${event.name} (${index}) was never published`),
      ];
    },
    everHad,
    withdrawn,
    get publications() {
      return publications;
    },
  };
}

const same = (json: Document | undefined): string => JSON.stringify(json);
