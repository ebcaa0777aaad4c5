/**
 * What happens to attributes, as documents and events (spec/domain.md 6). Pure: a ledger works on what is known and collects
 * effects, which a turn commits.
 *
 * L1. The index documents follow: `attributevalues` names exactly the latest OwnIdentityAttributes by value, `attributekeys`
 *     the latest Own- and PeerRelationshipAttributes by key.
 * L2. Nothing is written that was not looked for before; the commit expects it unchanged. Ids drawn here are new to everybody.
 * L3. An id is written once: a peer cannot put its attribute over another one.
 * L4. An attribute that is to be deleted has a deadline, and no other attribute has one (T1).
 */
import { invariant } from "../errors/bug.ts";
import type { AttributeRecord, DeletionInfo, ForwardsRecord, KeyBucketRecord } from "../model/attribute-records.ts";
import { extended } from "../model/extended.ts";
import type { JsonObject } from "../model/json.ts";
import type { ItemEffects, ItemInfo } from "../ports/item-kind.ts";
import { attributeIn, attributeKey, forwardsIn, forwardsKey, indexKeyOf, type Known } from "./attribute-keys.ts";
import { createOverlay } from "./overlay.ts";

/** A new attribute: its line begins here, or goes on with `predecessor`. */
export type NewAttribute = Omit<AttributeRecord, "root" | "version" | "succeeds" | "succeededBy" | "createdAt">;

/** A LocalAttribute as embedders see it. */
export type AttributeView = Omit<AttributeRecord, "root" | "version">;

/** Attributes at work within one turn. What was written is seen by what comes after. */
export interface Ledger {
  readonly known: Known;
  attribute(id: string): AttributeRecord | undefined;
  /** An id for a new attribute of our own making; nobody needs to look for it. */
  newId(): string;
  /** What the peer was given of the attribute's line. */
  forwards(attribute: AttributeRecord, peer: string): ForwardsRecord["details"];
  /** Stores the first version of a line. */
  create(draft: NewAttribute): AttributeRecord;
  /** Stores the next version of the predecessor's line; only the latest version has a next one. */
  succeed(predecessorId: string, draft: NewAttribute): AttributeRecord;
  /** Notes that the peer was given this version (AttributeForwardingDetails), once. */
  forward(attribute: AttributeRecord, to: { readonly peer: string; readonly sourceReference: string }): void;
  /** Sets or clears what becomes of a copy at the peer, for this version of what it was given. */
  markForward(attribute: AttributeRecord, peer: string, info: DeletionInfo | undefined): void;
  /** Takes away what it says of this version and the peer. */
  unforward(attribute: AttributeRecord, peer: string): void;
  /** Sets or clears the deletion info of the attribute itself. */
  mark(id: string, info: DeletionInfo | undefined): void;
  /** Changes members of no consequence for the line. */
  change(id: string, more: Partial<Pick<AttributeRecord, "wasViewedAt" | "isDefault">>): AttributeRecord;
  /** Deletes this version and detaches its successor; `silent` leaves out the event. */
  remove(id: string, silent?: "silent"): void;
  event(name: string, data: JsonObject): void;
  effects(): Required<ItemEffects>;
}

/** A ledger over what is known. */
export function createLedger(info: Pick<ItemInfo, "known" | "now" | "newId">): Ledger {
  const page = createPage(info);
  return {
    get known() {
      return page.known;
    },
    attribute: page.attribute,
    newId: page.newId,
    ...versionsOn(page, info.now),
    ...forwardsOn(page, info),
    mark(id, deletionInfo) {
      const record = page.existing(id);
      page.due(record, deletionInfo);
      page.put(withDeletion(record, deletionInfo));
    },
    change(id, more) {
      const record = extended(page.existing(id), more) as AttributeRecord;
      page.put(record);
      return record;
    },
    event: page.event,
    effects: page.effects,
  };
}

/** What is known and what was written, with the index documents. */
type Page = ReturnType<typeof createPage>;

function createPage({ known, newId }: Pick<ItemInfo, "known" | "newId">) {
  const overlay = createOverlay(known);
  const written = new Map<string, JsonObject | undefined>();
  const events: { name: string; data: JsonObject }[] = [];
  const drawn = new Set<string>();
  const deadlines = new Map<string, string | undefined>();
  const write = (key: string, document: JsonObject | undefined) => {
    invariant(overlay.known.has(key) || drawn.has(nameIn(key)), `${key} is written and was not looked for.`);
    overlay.write(document === undefined ? { deletes: [key] } : { puts: [{ key, document }] });
    written.set(key, document);
  };
  const attribute = (id: string) => attributeIn(overlay.known, id);
  return {
    get known() {
      return overlay.known;
    },
    write,
    put: (record: AttributeRecord) => write(attributeKey(record.id), record as unknown as JsonObject),
    attribute,
    newId() {
      const id = newId("ATT");
      drawn.add(id);
      return id;
    },
    existing(id: string): AttributeRecord {
      const record = attribute(id);
      invariant(record, `There is no attribute ${id}.`);
      return record;
    },
    /** L1. */
    list(record: AttributeRecord, isListed: boolean) {
      const key = indexKeyOf(record);
      if (key === undefined) return;
      const { ids = [] } = (overlay.known.get(key) ?? {}) as Partial<KeyBucketRecord>;
      const others = ids.filter((id) => id !== record.id);
      const next = isListed ? [...others, record.id] : others;
      invariant(overlay.known.has(key), `${key} was not looked for.`);
      if (next.length === ids.length && ids.includes(record.id) === isListed) return;
      write(key, next.length === 0 ? undefined : { ids: next });
    },
    /** L4. */
    due({ id, deletionInfo }: AttributeRecord, info: DeletionInfo | undefined) {
      const dueAt = info?.deletionStatus === "ToBeDeleted" ? info.deletionDate : undefined;
      if (dueAt !== undefined || deletionInfo?.deletionStatus === "ToBeDeleted")
        deadlines.set(attributeTimer(id), dueAt);
    },
    event: (name: string, data: JsonObject) => void events.push({ name, data }),
    effects: (): Required<ItemEffects> => ({
      puts: [...written].flatMap(([key, document]) => (document === undefined ? [] : [{ key, document }])),
      deletes: [...written].flatMap(([key, document]) => (document === undefined ? [key] : [])),
      events,
      secrets: [],
      deadlines: [...deadlines].map(([entity, dueAt]) => ({ entity, dueAt })),
    }),
  };
}

function versionsOn(page: Page, now: string): Pick<Ledger, "create" | "succeed" | "remove"> {
  const store = (record: AttributeRecord) => {
    invariant(page.attribute(record.id) === undefined, `The attribute ${record.id} exists.`);
    page.put(record);
    page.list(record, true);
  };
  return {
    create(draft) {
      const record: AttributeRecord = extended(draft, { createdAt: now, root: draft.id, version: 0 });
      store(record);
      page.event("consumption.attributeCreated", attributeView(record) as JsonObject);
      return record;
    },
    succeed(predecessorId, draft) {
      const before = page.existing(predecessorId);
      invariant(before.succeededBy === undefined, `The attribute ${predecessorId} has a successor.`);
      const { root, version, id: succeeds } = before;
      const record: AttributeRecord = extended(draft, { createdAt: now, succeeds, root, version: version + 1 });
      const predecessor = extended(before, { succeededBy: record.id });
      page.list(before, false);
      page.put(predecessor);
      store(record);
      const pair = { predecessor: attributeView(predecessor), successor: attributeView(record) };
      page.event("consumption.attributeSucceeded", pair as unknown as JsonObject);
      return record;
    },
    remove(id, silent) {
      const record = page.existing(id);
      page.list(record, false);
      page.due(record, undefined);
      const successor = record.succeededBy === undefined ? undefined : page.attribute(record.succeededBy);
      if (successor !== undefined) {
        const { succeeds: _gone, ...detached } = successor;
        page.put(detached);
      }
      page.write(attributeKey(id), undefined);
      if (silent === undefined) page.event("consumption.attributeDeleted", attributeView(record) as JsonObject);
    },
  };
}

function forwardsOn(
  page: Page,
  { now, newId }: Pick<ItemInfo, "now" | "newId">,
): Pick<Ledger, "forwards" | "forward" | "markForward" | "unforward"> {
  const detailsOf = (record: AttributeRecord, peer: string) => forwardsIn(page.known, record.root, peer)?.details ?? [];
  const put = (record: AttributeRecord, peer: string, next: ForwardsRecord["details"]) => {
    const { root } = record;
    page.write(forwardsKey(root, peer), next.length === 0 ? undefined : { root, peer, details: next });
  };
  // `sharedCopy` says what is new; the second generation has an event of its own for that.
  const tell = (record: AttributeRecord, more: JsonObject = {}) =>
    page.event("consumption.attributeForwardingDetailsChanged", { ...attributeView(record), ...more } as JsonObject);
  return {
    forwards: detailsOf,
    forward(record, { peer, sourceReference }) {
      const others = detailsOf(record, peer).filter(({ attributeId }) => attributeId !== record.id);
      const { id: attributeId, version } = record;
      const added = { id: newId("ATTFD"), attributeId, version, sourceReference, sharedAt: now };
      put(record, peer, [...others, added]);
      tell(record, { sharedCopy: { id: added.id, peer, sourceReference, sharedAt: now } });
    },
    markForward(record, peer, deletionInfo) {
      const before = detailsOf(record, peer);
      if (!before.some(({ attributeId }) => attributeId === record.id)) return;
      const next = before.map((one) => (one.attributeId === record.id ? withDeletion(one, deletionInfo) : one));
      put(record, peer, next);
      tell(record);
    },
    unforward(record, peer) {
      const before = detailsOf(record, peer);
      const next = before.filter(({ attributeId }) => attributeId !== record.id);
      if (next.length === before.length) return;
      put(record, peer, next);
      tell(record);
    },
  };
}

/** The deadline of an attribute that is to be deleted. */
export const attributeTimer = (id: string): string => `attribute-${id}`;

/** The attribute as embedders see it. */
export function attributeView({ root: _root, version: _version, ...view }: AttributeRecord): AttributeView {
  return view;
}

/** The attribute, or first version of a line, whose document this is. */
function nameIn(key: string): string {
  return key.slice(key.indexOf("/") + 1).split("~")[0] ?? "";
}

function withDeletion<T extends { readonly deletionInfo?: DeletionInfo }>(one: T, info: DeletionInfo | undefined): T {
  const { deletionInfo: _before, ...rest } = one;
  return (info === undefined ? rest : { ...rest, deletionInfo: info }) as T;
}
