// What a history of commands should lead to: a relay and some people, as small as the promises allow. Everything in here
// is plain data that the commands change; nothing of the engine is used, so a mistake in either shows.
import { type Entry, isExisting } from "./lifecycle.ts";

/** How a command ends: the code it is refused with, or undefined when it is done. */
export type Ending = string | undefined;

/** A template. `id` and `reference` are learned from the engine. */
export interface Template {
  id?: string;
  reference?: string;
  readonly owner: string;
  readonly isStructured: boolean;
  readonly expiresAt: number;
  readonly requestExpiresAt: number;
  readonly onExisting?: { readonly expiresAt?: number };
  readonly most?: number;
  /** Deleted at the relay. */
  isWithdrawn?: true;
  /** Who holds a slot. */
  readonly holders: Set<string>;
}

/** A Relationship at the relay. */
export interface Bond {
  id?: string;
  readonly template: Template;
  readonly from: string;
  readonly to: string;
  readonly createdAt: number;
  readonly log: Entry[];
  readonly left: Set<string>;
  /** Messages that wait until it is Active. */
  parked: Post[];
  /** The Request that its creation answers. */
  readonly answers?: Ask;
}

/** A LocalRequest of one side. */
export interface Ask {
  id?: string;
  readonly isOwn: boolean;
  readonly peer: string;
  source?: "Message" | "RelationshipTemplate";
  readonly template?: Template;
  readonly origin?: "onNewRelationship" | "onExistingRelationship";
  readonly expiresAt?: number;
  readonly log: string[];
  status: string;
  result?: "Accepted" | "Rejected";
}

/** A Message at the relay. */
export interface Post {
  id?: string;
  readonly from: string;
  readonly to: string;
  readonly bond: Bond;
  readonly at: number;
  readonly carries?: Ask;
  readonly answers?: Ask;
}

/** A call to the relay that must not get lost. `isHeard` when the relay did it and its answer was lost. */
export interface Wish {
  readonly kind: string;
  readonly key: unknown;
  readonly peer: string | undefined;
  readonly commandId: string | undefined;
  readonly answers?: Ask | undefined;
  isHeard?: true;
  /** Asks the relay; a code when it refuses. */
  ask(now: number): string | undefined;
  /** What follows when the relay agreed. */
  settle(): void;
}

/** One person. */
export interface Side {
  readonly name: string;
  readonly templates: Map<Template, { ask?: Ask }>;
  /** How many audit entries of each Relationship it has seen. */
  readonly views: Map<Bond, number>;
  asks: Ask[];
  readonly wishes: Map<unknown, Wish>;
  inbox: (Bond | Post)[];
  posts: Post[];
  /** Relationships whose decision records went when another one with the same peer was erased. */
  readonly forgotten: Set<Bond>;
  /** Commands whose result is kept. */
  readonly done: Map<string, { readonly at: number; readonly peer: string | undefined }>;
}

/** The last command of a person that can be repeated. */
export interface Last {
  readonly label: string;
  readonly commandId: string;
  readonly at: number;
  readonly value: unknown;
  repeat(): Promise<unknown>;
  expect(now: number): Ending;
  /** What repeating it does once it is done. */
  again(now: number): Ending;
  alike(value: unknown): unknown;
}

/** Everything. */
export interface Model {
  readonly sides: readonly Side[];
  readonly templates: Template[];
  readonly bonds: Bond[];
  readonly posts: Post[];
  readonly lastOf: Map<string, Last>;
  /** Calls of the running command get lost before or after the relay has heard them. */
  outage: "before" | "after" | undefined;
  /** When the oldest call that was lost was made; the relay remembers its answer for a week only. */
  lostAt: number | undefined;
}

/** A model in which nothing has happened. */
export function createModel(names: readonly string[]): Model {
  const sides = names.map((name) => ({
    name,
    templates: new Map(),
    views: new Map(),
    asks: [],
    wishes: new Map(),
    inbox: [],
    posts: [],
    forgotten: new Set<Bond>(),
    done: new Map(),
  }));
  return { sides, templates: [], bonds: [], posts: [], lastOf: new Map(), outage: undefined, lostAt: undefined };
}

/** The person of this name. */
export function sideOf(model: Model, name: string): Side {
  const side = model.sides.find((one) => one.name === name);
  if (side === undefined) throw new Error(`There is nobody called ${name}.`);
  return side;
}

/** The other side of a Relationship. */
export function peerIn({ from, to }: { readonly from: string; readonly to: string }, name: string): string {
  return name === from ? to : from;
}

/** What a side knows of a Relationship. */
export function seenBy(side: Side, bond: Bond): readonly Entry[] {
  return bond.log.slice(0, side.views.get(bond) ?? 0);
}

/** The Relationship with a peer that counts for a side: the existing one, else the youngest. */
export function bondWith(side: Side, peer: string): Bond | undefined {
  const all = [...side.views.keys()].filter((bond) => peerIn(bond, side.name) === peer);
  const existing = all.find((bond) => isExisting(seenBy(side, bond)));
  return (
    existing ??
    all.reduce<Bond | undefined>((best, one) => (best && best.createdAt >= one.createdAt ? best : one), undefined)
  );
}

/** The existing Relationship with a peer, as far as a side knows. */
export function existingWith(side: Side, peer: string): Bond | undefined {
  const bond = bondWith(side, peer);
  return bond !== undefined && isExisting(seenBy(side, bond)) ? bond : undefined;
}

/** The youngest Relationship of two people at the relay. */
export function youngestOf(model: Model, one: string, other: string): Bond | undefined {
  return model.bonds.findLast(({ from, to }) => (from === one && to === other) || (from === other && to === one));
}

/** Sends the wish, as far as the outage lets it, and does what follows from the answer. */
export function perform(
  model: Model,
  side: Side,
  { wish, now }: { readonly wish: Wish; readonly now: number },
): Ending {
  side.wishes.set(wish.key, wish);
  if (model.outage !== undefined) {
    // The relay remembers what it did, not what it refused.
    if (model.outage === "after" && wish.isHeard !== true && wish.ask(now) === undefined) wish.isHeard = true;
    model.lostAt ??= now;
    return "relay.unreachable";
  }
  const code = wish.isHeard === true ? undefined : wish.ask(now);
  side.wishes.delete(wish.key);
  if (code === undefined) {
    wish.settle();
    if (wish.commandId !== undefined) side.done.set(wish.commandId, { at: now, peer: wish.peer });
  }
  return code;
}

/** Finishes what is open, as every sync and every start does. */
export function resume(model: Model, side: Side, now: number): void {
  for (const wish of [...side.wishes.values()]) {
    if (side.wishes.get(wish.key) === wish) perform(model, side, { wish, now });
  }
}
