// Random histories of attributes: what the ledger writes stays in order (L1 to L4).
import fc from "fast-check";
import type { JsonObject } from "rapport/core";
import { expect, test } from "vitest";
import {
  attributeKey,
  forwardsKey,
  indexesNeeds,
  indexKeyOf,
  type Known,
  removalNeeds,
} from "../../src/items/attribute-keys.ts";
import { createLedger, type Ledger, type NewAttribute } from "../../src/items/attribute-ledger.ts";
import type { AttributeRecord, ForwardsRecord, KeyBucketRecord } from "../../src/model/attribute-records.ts";

const now = "2030-01-01T00:00:00.000Z";
const peers = ["did:e:x:dids:1", "did:e:x:dids:2"] as const;

/** Documents of one account, and the ids in them. */
interface Books {
  readonly documents: Map<string, JsonObject>;
  readonly deadlines: Map<string, string>;
  readonly everMade: string[];
}

/** One entry of the ledger per turn, as turns take them: what is needed is read, what is written is kept. */
function turn(books: Books, needs: (known: Known) => readonly string[], work: (ledger: Ledger) => void): void {
  const known = new Map<string, JsonObject | undefined>();
  for (let missing = needs(known); missing.length > 0; missing = needs(known).filter((key) => !known.has(key)))
    for (const key of missing) known.set(key, books.documents.get(key));
  let next = books.everMade.length * 1000;
  const ledger = createLedger({ known, now, newId: (prefix) => `${prefix}${next++}` });
  work(ledger);
  const { puts, deletes, deadlines } = ledger.effects();
  for (const { key, document } of puts) books.documents.set(key, document);
  for (const key of deletes) books.documents.delete(key);
  for (const { entity, dueAt } of deadlines)
    if (dueAt === undefined) books.deadlines.delete(entity);
    else books.deadlines.set(entity, dueAt);
}

type Step = (books: Books) => void;

const attributesIn = (books: Books): AttributeRecord[] =>
  [...books.documents].flatMap(([key, one]) => (key.startsWith("attributes/") ? [one as AttributeRecord] : []));

const some = (books: Books, pick: number): AttributeRecord | undefined => {
  const all = attributesIn(books);
  return all[pick % Math.max(1, all.length)];
};

function draftOf(books: Books, type: NewAttribute["@type"], value: number): NewAttribute {
  const id = `ATT${String(books.everMade.length).padStart(17, "0")}`;
  const inner = { "@type": type === "OwnIdentityAttribute" ? "GivenName" : "ProprietaryString", value: `v${value}` };
  const isIdentity = type.endsWith("IdentityAttribute");
  const content = { "@type": isIdentity ? "IdentityAttribute" : "RelationshipAttribute", value: inner, key: "k" };
  return { id, "@type": type, content, ...(type === "OwnIdentityAttribute" ? {} : { peer: peers[0] }) };
}

const types = [
  "OwnIdentityAttribute",
  "PeerIdentityAttribute",
  "OwnRelationshipAttribute",
  "PeerRelationshipAttribute",
  "ThirdPartyRelationshipAttribute",
] as const;

const created = fc.tuple(fc.constantFrom(...types), fc.nat(3)).map(
  ([type, value]): Step =>
    (books) => {
      const draft = draftOf(books, type, value);
      turn(
        books,
        () => [attributeKey(draft.id), ...indexesNeeds([draft])],
        (ledger) => ledger.create(draft),
      );
      books.everMade.push(draft.id);
    },
);

const succeeded = fc.tuple(fc.nat(20), fc.nat(3)).map(
  ([pick, value]): Step =>
    (books) => {
      const before = some(books, pick);
      if (before === undefined || before.succeededBy !== undefined) return;
      const draft = draftOf(books, before["@type"], value);
      const needs = [attributeKey(before.id), attributeKey(draft.id), ...indexesNeeds([before, draft])];
      turn(
        books,
        () => needs,
        (ledger) => ledger.succeed(before.id, draft),
      );
      books.everMade.push(draft.id);
    },
);

const given = fc.tuple(fc.nat(20), fc.constantFrom(...peers), fc.constantFrom("forward", "mark", "unforward")).map(
  ([pick, peer, how]): Step =>
    (books) => {
      const one = some(books, pick);
      if (one === undefined) return;
      const needs = [attributeKey(one.id), forwardsKey(one.root, peer)];
      turn(
        books,
        () => needs,
        (ledger) => {
          if (how === "forward") ledger.forward(one, { peer, sourceReference: "REQ" });
          else if (how === "unforward") ledger.unforward(one, peer);
          else ledger.markForward(one, peer, { deletionStatus: "DeletedByRecipient", deletionDate: now });
        },
      );
    },
);

const marked = fc.tuple(fc.nat(20), fc.constantFrom("ToBeDeleted", "DeletedByEmitter", undefined)).map(
  ([pick, deletionStatus]): Step =>
    (books) => {
      const one = some(books, pick);
      if (one === undefined) return;
      const info = deletionStatus === undefined ? undefined : { deletionStatus, deletionDate: now };
      turn(
        books,
        () => [attributeKey(one.id)],
        (ledger) => ledger.mark(one.id, info),
      );
    },
);

const removed = fc.nat(20).map(
  (pick): Step =>
    (books) => {
      const one = some(books, pick);
      if (one === undefined) return;
      const forwards = peers.map((peer) => forwardsKey(one.root, peer));
      turn(
        books,
        (known) => [...removalNeeds(known, one.id), ...forwards],
        (ledger) => {
          for (let next: AttributeRecord | undefined = one; next !== undefined; ) {
            for (const peer of peers) ledger.unforward(next, peer);
            ledger.remove(next.id);
            next = next.succeeds === undefined ? undefined : ledger.attribute(next.succeeds);
          }
        },
      );
    },
);

/** The index documents that should be there, with what they should name. */
function indexesOf(books: Books): Map<string, Set<string>> {
  const indexes = new Map<string, Set<string>>();
  for (const one of attributesIn(books)) {
    const key = indexKeyOf(one);
    if (key === undefined || one.succeededBy !== undefined) continue;
    indexes.set(key, (indexes.get(key) ?? new Set()).add(one.id));
  }
  return indexes;
}

function check(books: Books): void {
  const all = new Map(attributesIn(books).map((one) => [one.id, one]));
  const stored = [...books.documents].filter(([key]) => /^attribute(values|keys)\//.test(key));
  expect(new Map(stored.map(([key, one]) => [key, new Set((one as KeyBucketRecord).ids)]))).toEqual(indexesOf(books));
  for (const one of all.values()) {
    if (one.succeeds !== undefined) expect(all.get(one.succeeds)?.succeededBy).toBe(one.id);
    if (one.succeededBy !== undefined) expect(all.get(one.succeededBy)?.succeeds).toBe(one.id);
  }
  for (const [key, document] of books.documents) {
    if (!key.startsWith("attributeforwards/")) continue;
    const { root, peer, details } = document as ForwardsRecord;
    expect(key).toBe(forwardsKey(root, peer));
    expect(details.length).toBeGreaterThan(0);
    for (const { attributeId, version } of details) expect(all.get(attributeId)).toMatchObject({ root, version });
  }
  const due = [...all.values()].filter(({ deletionInfo }) => deletionInfo?.deletionStatus === "ToBeDeleted");
  expect([...books.deadlines.keys()].sort()).toEqual(due.map(({ id }) => `attribute-${id}`).sort());
}

test("after every step the latest are indexed, versions point at each other, forwards name what is there (L1, L4)", () => {
  const steps = fc.array(fc.oneof(created, succeeded, given, marked, removed), { maxLength: 30 });

  fc.assert(
    fc.property(steps, (history) => {
      const books: Books = { documents: new Map(), deadlines: new Map(), everMade: [] };
      for (const step of history) {
        step(books);
        check(books);
      }
    }),
  );
});

test("what was not looked for is not written (L2), and no id twice (L3)", () => {
  const books: Books = { documents: new Map(), deadlines: new Map(), everMade: [] };
  const draft = draftOf(books, "OwnIdentityAttribute", 1);
  const create = (needs: readonly string[]) => () =>
    turn(
      books,
      () => needs,
      (ledger) => ledger.create(draft),
    );
  const needs = [attributeKey(draft.id), ...indexesNeeds([draft])];

  expect(create([attributeKey(draft.id)])).toThrow("not looked for");
  expect(create([])).toThrow("not looked for");
  create(needs)();
  expect(create(needs)).toThrow("exists");
});
