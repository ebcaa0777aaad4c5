/**
 * The floors: Fastify alone, with what any program would need for the same answers. One object: its bytes, ready. A list: the
 * same SELECT on the same rows, whose rendered text is stored, joined. A template: the same call to a relay in the same
 * process, between two commits of the same documents.
 */
import { randomBytes } from "node:crypto";
import Fastify from "fastify";
import Database from "libsql";
import type { Call, TransportPort } from "rapport/core";
import { createSqliteStore } from "rapport/plugins/storage-sqlite";
import { storedRequest } from "./stored.ts";

interface Ground {
  readonly folder: string;
  readonly count: number;
  openLoopback(): Promise<TransportPort>;
}

const json = "application/json; charset=utf-8";

/** Listens, and gives the base URL. */
export async function openBareRoutes({ folder, count, openLoopback }: Ground): Promise<string> {
  const app = Fastify({ logger: false });
  const one = JSON.stringify({ result: renderedOf(0) });
  app.get("/one", (_request, reply) => reply.type(json).send(one));
  const select = listOf(`${folder}/bare.db`, count);
  app.get<{ Querystring: { peer: string } }>("/list", (request, reply) => {
    const texts = select.all(request.query.peer).map(({ text }) => text);
    return reply.type(json).send(`{"result":[${texts.join(",")}]}`);
  });
  const create = await creatorOn(folder, await openLoopback());
  app.post("/template", async (request, reply) => {
    reply.code(201).type(json);
    return { result: await create(request.body as object) };
  });
  return app.listen({ port: 0, host: "127.0.0.1" });
}

function renderedOf(n: number): object {
  const { state: _state, ...view } = storedRequest(n);
  return view;
}

interface Rows {
  all(peer: string): readonly { readonly text: string }[];
}

/** Rows as a store keeps them: documents in order, and an index of values beside them. */
function listOf(file: string, count: number): Rows {
  const db = new Database(file);
  db.exec(`PRAGMA journal_mode = WAL;
    CREATE TABLE documents (since INTEGER PRIMARY KEY, text TEXT NOT NULL);
    CREATE TABLE entries (field TEXT, value TEXT, since INTEGER, PRIMARY KEY (field, value, since)) WITHOUT ROWID;`);
  const document = db.prepare("INSERT INTO documents VALUES (?, ?)");
  const entry = db.prepare("INSERT INTO entries VALUES ('peer', ?, ?)");
  db.exec("BEGIN");
  for (let n = 0; n < count; n += 1) {
    document.run(n, JSON.stringify(renderedOf(n)));
    entry.run(String(storedRequest(n)["peer"]), n);
  }
  db.exec("COMMIT");
  return db.prepare(
    `SELECT d.text FROM entries e CROSS JOIN documents d ON d.since = e.since
     WHERE e.field = 'peer' AND e.value = ? ORDER BY e.since LIMIT 50`,
  ) as unknown as Rows;
}

async function creatorOn(folder: string, transport: TransportPort): Promise<(body: object) => Promise<object>> {
  const store = createSqliteStore({ file: `${folder}/bare-engine.db` });
  await store.open([
    { kind: "templates", indexes: ["createdBy"] },
    { kind: "intents", indexes: [] },
    { kind: "secrets", indexes: [] },
  ]);
  const session = await sessionOn(transport);
  return async (content) => {
    const intent = randomBytes(8).toString("hex");
    const sealed = Buffer.from(JSON.stringify(content)).toString("base64url");
    const body = JSON.stringify({ content: sealed, expiresAt: "2099-01-01T00:00:00.000Z" });
    const secret = { key: `a/secrets/${intent}`, document: { sealed: randomBytes(200).toString("base64url") } };
    const noted = { key: `a/intents/${intent}`, document: { id: intent, body } };
    await store.commit({ puts: [noted, secret] });
    const call: Call = { operation: "createTemplate", body, idempotencyKey: intent };
    const answer = await transport.call(call, session);
    if (!answer.ok) throw new Error(answer.error.message);
    const { id, createdAt } = answer.result as { readonly id: string; readonly createdAt: string };
    const template = { id, createdAt, isOwn: true, content: content as never };
    await store.commit({
      puts: [
        { key: `a/templates/${id}`, document: template },
        { ...secret, key: `a/secrets/${id}` },
      ],
      deletes: [{ key: noted.key }, { key: secret.key }],
    });
    return template;
  };
}

/** An identity at the relay, made by an engine of its own. */
async function sessionOn(transport: TransportPort) {
  const seen: { session?: Parameters<TransportPort["call"]>[1] } = {};
  const watching: TransportPort = {
    ...transport,
    call: (call, session) => {
      if (session !== undefined) seen.session = session;
      return transport.call(call, session);
    },
  };
  const { createRapport } = await import("rapport");
  const { Transport } = await import("rapport/core");
  const engine = await createRapport({
    plugins: [{ name: "watching", register: ({ provide }) => provide(Transport, () => watching) }],
    background: false,
  });
  const account = await engine.accounts.create({ name: "bare" });
  await account.sync();
  if (seen.session === undefined) throw new Error("The engine has not logged in.");
  return seen.session;
}
