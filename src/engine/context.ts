import type { Outcome } from "../errors/refusal.ts";
import type { createItemKinds } from "../items/item-kinds.ts";
import type { JsonObject } from "../model/json.ts";
import type { AccountRecord, MessageRecord, RelationshipRecord } from "../model/records.ts";
import type { Clock } from "../ports/clock.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Entropy } from "../ports/entropy.ts";
import type { Log } from "../ports/log.ts";
import type { Publisher } from "../ports/publisher.ts";
import type { Rule } from "../ports/rule.ts";
import type { Store } from "../ports/store.ts";
import type { Session, Transport } from "../ports/transport.ts";
import type { Lanes } from "../turn/lanes.ts";
import type { EventBus } from "./events.ts";
import type { IntentKinds } from "./intents.ts";
import type { Presence } from "./presence.ts";

/** The parts one engine is made of, resolved once. */
export interface Engine {
  readonly store: Store;
  readonly transport: Transport;
  readonly crypto: Crypto;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly rules: readonly Rule[];
  readonly publishers: readonly Publisher[];
  readonly kinds: ReturnType<typeof createItemKinds>;
  readonly intentKinds: IntentKinds;
  /** This process among those on the store; undefined where there can be no other. */
  readonly presence?: Presence | undefined;
  readonly storeKey: Uint8Array;
  /** Answers to an IQLQuery must match it (spec/domain.md 12 #18). */
  readonly strictIql?: boolean | undefined;
  /** Says that the engine was closed. */
  readonly stopped: AbortSignal;
}

/** One account at work: what all its turns share. Nothing in it is stored. */
export interface Account extends Engine {
  readonly id: string;
  readonly record: AccountRecord;
  readonly self: string;
  readonly session: Session;
  /** Private signing keys, base64url. */
  readonly keys: { readonly identity: string; readonly device: string };
  readonly lanes: Lanes;
  readonly events: EventBus;
  readonly memory: AccountMemory;
  /** The mark of the events that are committed from here. */
  readonly correlationId?: string;
}

/** What an account remembers while the process lives; losing it costs time and nothing else. */
export interface AccountMemory {
  /** Timers due before this instant (ms) may exist; later ones need no look. */
  timersLookedUntil: number;
  /** The earliest known deadline (ms), or Infinity. */
  nextDueAt: number;
  /** Passed deadlines that are at work. */
  settling: Promise<void> | undefined;
  /** The sync that is running, which later calls join. */
  syncing: Promise<unknown> | undefined;
  /** What it has brought so far: all that was written since it began. */
  brought: Brought | undefined;
  /** When the last sync of this process came to its end. */
  syncedAt: string | undefined;
  /** When (ms) the store was told of the end of a sync. */
  syncNotedAt: number;
  /** The message counters of this process; asked for when it seals its first message (C2). */
  counterBlock: Promise<CounterBlock> | undefined;
  /** Whether the relay keeps idempotency keys, as its latest answer said; undefined before the first one. */
  keepsKeys: boolean | undefined;
  /** When the identity was deleted at its relay, once that is known. */
  deletedAt: string | undefined;
  /** The account is being taken out of the store: nothing may be written any more. */
  isErased: boolean;
  /** The collection of tags as the relay last gave it. */
  tags: KnownTags | undefined;
  /** Hashes of the rule sets that are known to be stored. */
  readonly storedRuleSets: Set<string>;
  /** Intents that this process is working on, by id. */
  readonly performing: Map<string, Promise<Outcome<unknown>>>;
  /** Secrets of the intents that this process has opened and not closed yet. */
  readonly secretByIntent: WeakMap<object, JsonObject>;
  readonly deliveries: Deliveries;
  /** Leases of this process, with the era of its presence in which it took them. */
  readonly leases: Map<string, number>;
}

/** Events on their way to publishers. */
export interface Deliveries {
  /** The outbox is known up to before this index; undefined before the first look. */
  seen: number | undefined;
  isLooking: boolean;
  /** Entities at work by target, and whether there came more of them meanwhile. */
  readonly lanesByTarget: Map<string, Map<string, { again: boolean }>>;
  /** Targets of which more waits than there are lanes. */
  readonly fullTargets: Set<string>;
  /** Who publishes, and who waits for its turn, by target. */
  readonly gates: Map<string, { publishing: number; readonly waiting: (() => void)[] }>;
  /** Everything that is at work. */
  readonly running: Set<Promise<void>>;
}

/** Relationships and Messages that came or changed during one sync, as they are now. */
export interface Brought {
  readonly relationships: Map<string, RelationshipRecord>;
  readonly messages: Map<string, MessageRecord>;
}

/** Tags, their version at the relay, and until when nobody asks for a newer one. */
export interface KnownTags {
  readonly collection: JsonObject;
  readonly etag: string | undefined;
  readonly freshUntilMs: number;
}

/** Message counters of every Relationship, from `first` to before `end`; exclusive ones belong to this process alone. */
export interface CounterBlock {
  readonly first: number;
  readonly end: number;
  readonly isExclusive: boolean;
  readonly nextById: Map<string, number>;
}
