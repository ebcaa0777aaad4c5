// A process of its own that opens a store and tells its parent what it did, one line each.
import { createLowdbStore } from "rapport/plugins/storage-lowdb";
import { createPostgresStore } from "rapport/plugins/storage-postgres";
import { createSqliteStore } from "rapport/plugins/storage-sqlite";

const [kind, task, place = ""] = process.argv.slice(2);
const store = storeAt();
const say = (line: string) => process.stdout.write(`${line}\n`);

try {
  await store.open([{ kind: "things", indexes: ["writer"] }]);
  say("opened");
  if (task === "write") await Promise.all(Array.from({ length: 16 }, (_, writer) => writeForEver(writer)));
  else setInterval(() => undefined, 1_000);
} catch (problem) {
  say(problem instanceof Error && "code" in problem ? String(problem.code) : String(problem));
}

/** Appends, and says so once the store has said it is durable. Each batch also moves a counter along. */
async function writeForEver(writer: number): Promise<never> {
  for (;;) {
    const result = await store.commit({
      appends: [{ stream: "acme/things/s", document: { writer, text: "x".repeat(300) } }],
      adds: [{ counter: "acme/things/written", by: 1 }],
    });
    if (result.ok) say(`wrote ${result.indexes[0]}`);
  }
}

function storeAt() {
  if (kind === "lowdb") return createLowdbStore({ file: place });
  if (kind === "sqlite") return createSqliteStore({ file: place });
  const [connectionString = "", schema = ""] = place.split(" ");
  return createPostgresStore({ connectionString, schema });
}
