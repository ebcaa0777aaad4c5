// Lines with many versions, and many items about one line: what a peer can make of both costs one walk each.
import type { JsonObject } from "rapport/core";
import { expect, test } from "vitest";
import { attributeKey, type Known, versionsIn, versionsNeeds } from "../../src/items/attribute-keys.ts";
import { judgeSuccession } from "../../src/items/attribute-succession.ts";
import { deleteAttributeItem } from "../../src/items/delete-attribute.ts";
import { attributeVersionsMax } from "../../src/limits.ts";
import { name } from "./contents.ts";

const bob = "did:e:bob";
const idAt = (at: number): string => `ATT${String(at).padStart(17, "0")}`;

/** A line of what Bob gave, newest last. */
function line(length: number, first = 0): Map<string, JsonObject> {
  const documents = new Map<string, JsonObject>();
  for (let at = 0; at < length; at += 1) {
    const links = {
      ...(at === 0 ? {} : { succeeds: idAt(at - 1) }),
      ...(at === length - 1 ? {} : { succeededBy: idAt(at + 1) }),
    };
    const content = name(`Bob ${at}`, { owner: bob });
    const record = { id: idAt(at), "@type": "PeerIdentityAttribute", peer: bob, content, root: idAt(0), createdAt: "" };
    documents.set(attributeKey(idAt(at)), { ...record, version: first + at, ...links });
  }
  return documents;
}

test("what is needed of a line is asked for step by step, and each step is walked once for each version", () => {
  const stored = line(200);
  const known = new Map<string, JsonObject | undefined>();
  let looks = 0;
  const counted: Known = Object.assign(new Map(), {
    get: (key: string) => {
      looks += 1;
      return known.get(key);
    },
  });
  const ids = Array.from({ length: 100 }, (_, at) => idAt(199 - at));
  const missing = () => ids.flatMap((id) => versionsNeeds(counted, id)).filter((key) => !known.has(key));
  for (let keys = missing(); keys.length > 0; keys = missing()) for (const key of keys) known.set(key, stored.get(key));

  expect(versionsIn(known, idAt(199))).toHaveLength(200);
  // A walk from every version in every round would take some 100 * 200 * 100 looks.
  expect(looks).toBeLessThan(100 * 200 * 6);
});

test("several items that delete one line write each version once", () => {
  const info = {
    self: "did:e:acme",
    peer: bob,
    now: "2030-01-01T00:00:00.000Z",
    newId: String,
  };
  const decision = { accept: true, deletionDate: "2030-02-01T00:00:00.000Z" } as const;
  const item = { "@type": "DeleteAttributeRequestItem", mustBeAccepted: true, attributeId: idAt(49) };
  const known = line(50);

  const first = deleteAttributeItem.accept?.(item, decision, { ...info, known })?.effects?.puts ?? [];
  for (const { key, document } of first) known.set(key, document);
  const second = deleteAttributeItem.accept?.(item, decision, { ...info, known })?.effects?.puts ?? [];

  expect(first).toHaveLength(50);
  expect(second).toEqual([]);
});

test.for([
  [attributeVersionsMax - 2, true],
  [attributeVersionsMax - 1, false],
] as const)("version %d of a line can be succeeded: %s", ([version, isFine]) => {
  const known = line(1, version);
  const successor = { id: idAt(1), content: name("Robert", { owner: bob }) };

  const judged = judgeSuccession(known, { predecessorId: idAt(0), successor });

  expect(judged.ok ? "ok" : judged.refusal.code).toBe(isFine ? "ok" : "input.tooLarge");
});
