// Lists against an evaluator that was written from the grammar's tables alone (RAPPORT_PROOF_SCALE for more pairs).
import fc from "fast-check";
import type { Document, StorePort } from "rapport/core";
import { createMemoryStore } from "rapport/plugins/storage-memory";
import { createSqliteStore } from "rapport/plugins/storage-sqlite";
import { describe, expect, test } from "vitest";
import { parseQuery } from "../../src/model/query.ts";
import { proofScale } from "../apps/relay/proof.ts";
import type { StorePlace } from "../kit/contracts/store.ts";
import { noKey, placeInFolder } from "../plugins/storage-files.ts";
import { placeOnServer, server } from "../plugins/storage-postgres/places.ts";
import { isFound, type NaiveQuery } from "./naive-query.ts";

const indexes = ["status", "createdAt", "title", "size", "isOwn", "content.tags", "rows.address"];
const names = [...indexes, "content.body", "content", "content.@type", "rows.n", "rows.deep.id", "nothing.here"];
const fields = Object.fromEntries(names.map((name) => [name, name]));

const words = [
  ...["Active", "active", "Pending", "MSG1", "MSG12", "did:e:localhost:dids:0a1b", "true", "False", "null", "x"],
  ...["0123", "123", "1e3", "1000", "-5", ".5", "2026", "2026-01-01T10:00:00.000Z", "2026-06-01T10:00:00.000Z"],
  ...[
    ".*",
    "[a-z]+",
    "(x",
    "a|b",
    "^Act",
    "=x",
    "!x",
    "~",
    ">5",
    "$",
    "\\d",
    "%",
    "_",
    "Ä",
    "ä",
    "ß",
    "SS",
    "\u212a",
    "k",
  ],
  ...["x".repeat(140), `${"x".repeat(140)}y`, "", " ", "a\nb"],
];
const word = fc.oneof(
  fc.constantFrom(...words),
  fc.string({ maxLength: 3 }),
  fc.date({ noInvalidDate: true }).map(instant),
);
const number = fc.oneof(fc.constantFrom(0, 1, -5, 0.5, 123, 1000, 2026), fc.integer());
const scalar = fc.oneof({ arbitrary: word, weight: 4 }, number, fc.boolean(), fc.constant(null));

const object: fc.Arbitrary<Document> = fc.record(
  {
    status: scalar,
    createdAt: word,
    title: scalar,
    size: fc.oneof(number, word),
    isOwn: fc.oneof(fc.boolean(), fc.constant(null)),
    content: fc.oneof(
      fc.record(
        { "@type": word, body: scalar, tags: fc.oneof(fc.array(word, { maxLength: 3 }), word) },
        { requiredKeys: [] },
      ),
      scalar,
    ),
    rows: fc.array(
      fc.record(
        { address: word, n: number, deep: fc.array(fc.record({ id: word }), { maxLength: 2 }) },
        { requiredKeys: [] },
      ),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: [] },
);

const operator = fc.constantFrom("", "", "", "!", ">", ">=", "<", "<=", "^", "$", "~", "=", "!!", "~~", "!>");
const part = fc.tuple(word, fc.nat({ max: 6 })).map(([text, length]) => (length === 0 ? text : text.slice(0, length)));
const expression = fc.oneof(
  {
    arbitrary: fc.tuple(operator, fc.oneof(word, part, number.map(String))).map(([sign, text]) => sign + text),
    weight: 6,
  },
  fc.constantFrom("", "!", ">", "^", "TRUE", "!FALSE"),
  scalar,
);
const value = fc.oneof({ arbitrary: expression, weight: 2 }, fc.array(expression, { maxLength: 4 }));
const key = fc
  .tuple(fc.constantFrom(...names), fc.constantFrom("", "", "", ".0", ".1", ".17"))
  .map(([name, suffix]) => name + suffix);
const query: fc.Arbitrary<NaiveQuery> = fc.dictionary(key, value, { minKeys: 1, maxKeys: 3, noNullPrototype: true });

const objectsPerRun = 12;
const queriesPerRun = 20;
const runs = Math.ceil(10 * proofScale);

server.describe(() => provedOn("PostgreSQL", placeOnServer));
provedOn("memory", async () => ({ store: () => createMemoryStore(), remove: async () => {} }));
provedOn("SQLite", () => placeInFolder((file) => createSqliteStore({ file, environment: noKey })));

function provedOn(name: string, place: () => Promise<StorePlace>): void {
  describe(`on ${name}`, () => {
    test(`${runs * objectsPerRun * queriesPerRun} pairs of an object and a query agree with the tables`, async () => {
      const { store: make, remove } = await place();
      const store = make();
      await store.open([{ kind: "things", indexes }]);
      let found = 0;
      let run = 0;
      const check = async (objects: readonly Document[], queries: readonly NaiveQuery[]) => {
        run += 1;
        const under = `run${run}/things`;
        await store.commit({ puts: objects.map((document, at) => ({ key: `${under}/${at}`, document })) });
        for (const asked of queries) {
          const expected = objects.flatMap((one, at) => (isFound(one, asked) ? [String(at)] : []));
          expect({ asked, found: await idsOf(store, under, asked) }).toEqual({ asked, found: expected });
          found += expected.length;
        }
      };
      const set = { minLength: objectsPerRun, maxLength: objectsPerRun };
      const many = { minLength: queriesPerRun, maxLength: queriesPerRun };
      try {
        await fc.assert(fc.asyncProperty(fc.array(object, set), fc.array(query, many), check), { numRuns: runs });
        // A proof in which nothing is ever found, or everything, would prove little.
        expect(found).toBeGreaterThan(runs * 10);
        expect(found).toBeLessThan(runs * objectsPerRun * queriesPerRun * 0.9);
      } finally {
        await store[Symbol.asyncDispose]();
        await remove?.();
      }
    });
  });
}

async function idsOf(store: StorePort, under: string, asked: NaiveQuery): Promise<string[]> {
  const where = parseQuery(asked, fields);
  if (!where.ok) throw new Error(where.refusal.message);
  const ids: string[] = [];
  for await (const { key } of store.find({ under, where: where.value })) ids.push(key.slice(under.length + 1));
  return ids;
}

function instant(date: Date): string {
  return date.toISOString();
}
