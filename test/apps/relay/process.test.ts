// The built command as an operator runs it.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { base64 } from "../../relay/parties.ts";
import { freshBuild } from "../../tidy/built.ts";
import { temporaryFolder } from "../cli/told.ts";
import { asking, clientOf } from "./served.ts";

const root = new URL("../../../", import.meta.url).pathname;
const bin = join(root, "dist/src/apps/cli/bin.js");

beforeAll(freshBuild, 300_000);

/** A process, what it has said, and how it ends. */
interface Running {
  readonly child: ChildProcess;
  readonly said: { out: string; err: string };
  readonly exit: Promise<number | null>;
}

function run(...words: string[]): Running {
  const child = spawn(process.execPath, [bin, "relay", ...words], { env: { ...process.env, NODE_OPTIONS: "" } });
  const said = { out: "", err: "" };
  child.stdout.on("data", (chunk) => {
    said.out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    said.err += chunk;
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return { child, said, exit: once(child, "close").then(([code]) => code) };
}

/** Starts a relay on a free port and gives what it says about itself. */
async function start(...words: string[]) {
  const running = run("--port", "0", "--json", ...words);
  while (!running.said.out.includes("\n")) await once(running.child.stdout ?? running.child, "data");
  const told = JSON.parse(running.said.out);
  return { ...running, told, ask: asking(told.listening[0]) };
}

describe("rapport relay", () => {
  test("makes a client and a key at its first start, and knows both at the next", async () => {
    const store = ["--store", `sqlite:${join(temporaryFolder(), "relay.db")}`];
    const first = await start(...store);
    const { newClient, newAdminKey } = first.told;
    const authorization = `Bearer ${newAdminKey}`;
    first.child.kill("SIGTERM");
    const exit = await first.exit;

    const second = await start(...store);
    const listed = await second.ask("/admin/clients", { headers: { authorization } });
    const client = await clientOf(second.ask, newClient);

    expect({ exit, err: first.said.err }).toEqual({ exit: 0, err: "" });
    expect(second.told).toMatchObject({ newClient: null, newAdminKey: null });
    expect(listed.json.result).toMatchObject([{ id: newClient.id }]);
    expect(client.caller.address).toMatch(/^did:e:localhost:dids:/);
  });

  test("says where it listens and what it allows, for people", async () => {
    const running = run("--port", "0", "--store", "memory", "--client", "shop:s3cret", "--admin-key", "k".repeat(20));
    while (!running.said.out.includes("stop ")) await once(running.child.stdout ?? running.child, "data");

    running.child.kill("SIGINT");
    const exit = await running.exit;

    expect(exit).toBe(0);
    expect(running.said.out).toMatch(/listens +http:\/\/127\.0\.0\.1:\d+/);
    expect(running.said.out).toMatch(/store +memory; files: memory/);
    expect(running.said.out).toMatch(/clients +shop/);
    expect(running.said.out).toMatch(/rates +no limit/);
    expect(running.said.out).not.toMatch(/s3cret|kkkk/);
  });

  test("keeps its secrets out of the store's files", async () => {
    const file = join(temporaryFolder(), "relay.db");
    const { told, child, exit } = await start("--store", `sqlite:${file}`);
    child.kill("SIGTERM");
    await exit;

    const bytes = [file, `${file}-wal`]
      .filter(existsSync)
      .map((one) => readFileSync(one, "latin1"))
      .join("");

    expect(bytes).toContain("relay/");
    expect(bytes).not.toContain(told.newAdminKey);
    expect(bytes).not.toContain(told.newClient.secret);
  });

  test("counts on a port of its own when it is asked to", async () => {
    const { told } = await start("--store", "memory", "--metrics-port", "0");

    const { status, text } = await asking(told.metrics)("");

    expect(status).toBe(200);
    expect(text).toContain("rapport_relay_store_commit_duration_seconds_count");
  });

  test("a port that is taken is refused with exit 2 and a way out", async () => {
    const { told } = await start("--store", "memory");
    const { port } = new URL(told.listening[0]);

    const { exit, said } = run("--store", "memory", "--port", port);

    expect(await exit).toBe(2);
    expect(said.err).toMatch(/^rapport: Cannot listen on .*EADDRINUSE.*--port/);
  });
});

describe("SIGTERM under load", () => {
  test("loses no write that was acknowledged", async () => {
    const store = ["--store", `sqlite:${join(temporaryFolder(), "relay.db")}`, "--client", "test:test"];
    const first = await start(...store);
    const client = await clientOf(first.ask);
    const acknowledged: string[] = [];
    const statuses = new Set<number>();
    const write = async () => {
      for (;;) {
        const answer = await client.ask("/api/v2/RelationshipTemplates", { body: { content: base64("t") } });
        statuses.add(answer.status);
        acknowledged.push(answer.json.result.id);
        if (acknowledged.length === 100) first.child.kill("SIGTERM");
      }
    };

    // Each writer ends when the relay takes no more connections.
    const ends = await Promise.allSettled(Array.from({ length: 16 }, write));
    const exit = await first.exit;
    const second = await start(...store);
    const there = await Promise.all(
      acknowledged.map((id) => client.at(second.ask)(`/api/v2/RelationshipTemplates/${id}`)),
    );

    expect({ exit, err: first.said.err }).toEqual({ exit: 0, err: "" });
    expect(ends.every(({ status }) => status === "rejected")).toBe(true);
    expect(statuses).toEqual(new Set([201]));
    expect(acknowledged.length).toBeGreaterThanOrEqual(100);
    expect(there.filter(({ status }) => status !== 200)).toEqual([]);
  });
});
