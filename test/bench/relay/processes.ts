// Children of the benches, and the places that their stores have.
import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";

/** What a child keeps its documents in. */
export type Place =
  | { readonly kind: "memory" }
  | { readonly kind: "sqlite"; readonly file: string }
  | { readonly kind: "postgres"; readonly connectionString: string; readonly schema: string };

/** What a child runs. */
export interface ChildOptions {
  readonly mode: "relay" | "bare" | "streams";
  readonly place: Place;
}

/** A running child. */
export interface Child {
  readonly url: string;
  memory(): Promise<{ readonly rss: number; readonly heapUsed: number; readonly external: number }>;
  end(): Promise<void>;
}

const connectionString = process.env["RAPPORT_TEST_POSTGRES"] ?? "postgres://postgres@127.0.0.1:5432/test";
const source = ["--conditions=rapport:source", "--import", "./.config/load-typescript.mjs", "--expose-gc"];

/** Starts one and waits until it listens. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const file = new URL("child.ts", import.meta.url).pathname;
  const key = { RAPPORT_STORE_KEY: "00".repeat(32) };
  const child = fork(file, [JSON.stringify(options)], { execArgv: source, env: { ...process.env, ...key } });
  const { url } = await answerOf<{ url: string }>(child);
  return {
    url,
    memory: () => {
      const answer = answerOf<Awaited<ReturnType<Child["memory"]>>>(child);
      child.send("memory");
      return answer;
    },
    end: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.disconnect();
      await ended;
    },
  };
}

function answerOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: unknown) => reject(new Error(`A child ended with ${code}.`));
    child.once("exit", ended);
    child.once("message", (answer) => {
      child.off("exit", ended);
      resolve(answer as T);
    });
  });
}

/** A new place of that kind, and the way to be rid of it. */
export async function newPlace(kind: Place["kind"]): Promise<{ place: Place; remove: () => Promise<void> }> {
  if (kind === "memory") return { place: { kind }, remove: async () => undefined };
  if (kind === "sqlite") {
    const folder = await mkdtemp(join(tmpdir(), "rapport-bench-"));
    return {
      place: { kind, file: join(folder, "relay.db") },
      remove: () => rm(folder, { recursive: true, force: true }),
    };
  }
  const schema = `rapport_bench_${randomBytes(6).toString("hex")}`;
  return { place: { kind, connectionString, schema }, remove: () => ask(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`) };
}

/** True when PostgreSQL answers. */
export async function hasPostgres(): Promise<boolean> {
  return ask("SELECT 1").then(
    () => true,
    () => false,
  );
}

async function ask(text: string): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  await client.query(text).finally(() => client.end());
}
