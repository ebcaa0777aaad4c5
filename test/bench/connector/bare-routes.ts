/**
 * The floors: Fastify alone, with what any program would need for the same answers. One object: its bytes, ready. A list: the
 * same SELECT on the same rows, whose rendered text is stored, joined. A template: the same call to a relay in the same
 * process, between two commits of the same documents.
 */
import { randomBytes } from "node:crypto";
import Fastify from "fastify";
import Database from "libsql";
import type { Call, Document, TransportPort } from "rapport/core";
import { createSqliteStore, type SqliteLike, type SqliteValue } from "rapport/plugins/storage-sqlite";
import { peerOf, storedRequest } from "./stored.ts";

interface Ground {
  readonly folder: string;
  readonly count: number;
  openLoopback(): Promise<TransportPort>;
}

const json = "application/json; charset=utf-8";

/** Listens, and gives the base URL. */
export async function openBareRoutes({ folder, count, openLoopback }: Ground): Promise<string> {
  const app = Fastify({ logger: false });
  const one = JSON.stringify({ result: renderedOf(storedRequest(0)) });
  app.get("/one", (_request, reply) => reply.type(json).send(one));
  const list = await listOf(`${folder}/bare.db`, count);
  app.get<{ Querystring: { peer: string } }>("/list", (request, reply) => {
    return reply.type(json).send(`{"result":[${list(request.query.peer).join(",")}]}`);
  });
  const create = await creatorOn(folder, await openLoopback());
  app.post("/template", async (request, reply) => {
    reply.code(201).type(json);
    return { result: await create(request.body as object) };
  });
  return app.listen({ port: 0, host: "127.0.0.1" });
}

function renderedOf({ state: _state, ...view }: Document): Document {
  return view;
}

interface Rows {
  all(...values: readonly SqliteValue[]): readonly { readonly body: string }[];
}

/** The very SELECT that the store runs for the same question, on a file of its own that it has filled with rendered texts. */
async function listOf(file: string, count: number): Promise<(peer: string) => string[]> {
  const asked: { sql: string; values: readonly SqliteValue[] }[] = [];
  const db = new Database(file) as unknown as SqliteLike;
  const store = createSqliteStore({ file, open: () => watched(db, asked) });
  await store.open([
    { kind: "requests", indexes: ["status", "peer", "source.reference", "createdAt", "isOwn", "ignored"] },
  ]);
  for (let from = 0; from < count; from += 500) {
    const some = Array.from({ length: Math.min(500, count - from) }, (_, at) => storedRequest(from + at));
    await store.commit({ puts: some.map((one) => ({ key: `a/requests/${one["id"]}`, document: renderedOf(one) })) });
  }
  asked.length = 0;
  const example = peerOf(0);
  const where = { peer: [{ anyOf: [example] }], isOwn: [{ anyOf: [false] }], ignored: [{ exists: false }] };
  for await (const _ of store.find({ under: "a/requests", where, limit: 50 }));
  const last = asked.findLast(({ sql }) => sql.includes("body"));
  if (last === undefined) throw new Error("The store has asked for no bodies.");
  const select = db.prepare(last.sql) as unknown as Rows;
  return (peer) =>
    select
      .all(...last.values.map((value) => (typeof value === "string" ? value.replace(example, peer) : value)))
      .map(({ body }) => body);
}

function watched(db: SqliteLike, asked: { sql: string; values: readonly SqliteValue[] }[]): SqliteLike {
  return {
    exec: (sql) => db.exec(sql),
    close: () => db.close(),
    prepare: (sql) => {
      const statement = db.prepare(sql);
      const all = (...values: SqliteValue[]) => {
        asked.push({ sql, values });
        return statement.all(...values);
      };
      return { get: (...values) => statement.get(...values), run: (...values) => statement.run(...values), all };
    },
  };
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
