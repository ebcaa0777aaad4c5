// The built command as an operator runs it, against a relay that is a process of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { freshBuild } from "../../tidy/built.ts";
import { strongKey, temporaryFolder } from "./config/read.ts";

const bin = new URL("../../../dist/src/apps/cli/bin.js", import.meta.url).pathname;
const client = { id: "shop", secret: "platform-s3cret" };

beforeAll(freshBuild, 300_000);

/** A process, what it has said, and how it ends. */
interface Running {
  readonly child: ChildProcess;
  readonly said: { out: string; err: string };
  readonly exit: Promise<number | null>;
}

interface Place {
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
}

function run(words: readonly string[], { folder, environment = {} }: Place): Running {
  const env = { PATH: process.env["PATH"], ...environment };
  const child = spawn(process.execPath, [bin, ...words], { cwd: folder, env });
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

async function said(running: Running, wanted: RegExp): Promise<string> {
  while (!wanted.test(running.said.out)) {
    const more = once(running.child.stdout ?? running.child, "data").then(() => true);
    const isOn = await Promise.race([more, running.exit.then(() => false)]);
    if (!isOn) throw new Error(`It ended: ${running.said.out}${running.said.err}`);
  }
  return running.said.out;
}

/** A relay, and a folder with a configuration for it. */
async function ground(more: object = {}) {
  const folder = temporaryFolder();
  const relayWords = [
    "relay",
    "--port",
    "0",
    "--json",
    "--store",
    "memory",
    "--client",
    `${client.id}:${client.secret}`,
  ];
  const relay = run([...relayWords, "--admin-key", "k".repeat(20)], { folder });
  const [listening] = JSON.parse(await said(relay, /\n/)).listening;
  const baseUrl = `http://localhost:${new URL(listening).port}`;
  const config = {
    transportLibrary: { baseUrl, platformClientId: client.id, platformClientSecret: client.secret },
    infrastructure: {
      httpServer: { host: ["127.0.0.1"], port: 0, authentication: { apiKey: { keys: { main: { key: strongKey } } } } },
    },
    ...more,
  };
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  return { folder, relay, config };
}

async function finished(words: readonly string[], place: Place) {
  const running = run(words, place);
  return { exit: await running.exit, ...running.said };
}

describe("rapport connector", () => {
  test("says where it listens and who it is, answers, and stops in order", async () => {
    const { folder, config } = await ground();
    const running = run(["connector"], { folder });
    const lines = await said(running, /stop +Ctrl/);
    const [, url = ""] = /listens +(\S+)/.exec(lines) ?? [];
    const [, address = ""] = /identity +(did:\S+) \(default\)/.exec(lines) ?? [];

    const open = await fetch(`${url}/api/v2/Account/IdentityInfo`, { headers: { "X-API-KEY": strongKey } });
    running.child.kill("SIGTERM");

    expect(JSON.parse(await open.text()).result.address).toBe(address);
    expect(await running.exit).toBe(0);
    expect(lines).toContain(`relay       ${config.transportLibrary.baseUrl} as client shop`);
    expect(lines).toContain("store       sqlite rapport-connector/default.db");
    expect(lines).toMatch(/modules +request, decider, notification, attributeListener, coreHttpApi\n/);
    expect(lines).toContain("callers     API keys in X-API-KEY (main)");
    expect(lines).toContain("config      config.json");
    expect(`${running.said.out}${running.said.err}`).not.toMatch(/s3cret|Aa11/);
    expect(readdirSync(join(folder, "rapport-connector")).toSorted()).toContain("default.db.key");
  });

  test("7.102, 7.103 tells the identity's status and deletes it, when it is not running", async () => {
    const { folder } = await ground();
    const before = await finished(["connector", "identity", "status"], { folder });
    const running = run(["connector", "start", "--json"], { folder });
    const { identities, listening } = JSON.parse(await said(running, /\n/));
    const busy = await finished(["connector", "identity", "status"], { folder });
    running.child.kill("SIGINT");
    await running.exit;
    const [{ address }] = identities;

    const status = await finished(["connector", "identity", "status"], { folder });
    const init = await finished(["connector", "identityDeletion", "init"], { folder });
    const twice = await finished(["connector", "identityDeletion", "init"], { folder });
    const during = await finished(["connector", "identity", "status"], { folder });
    const cancel = await finished(["connector", "identityDeletion", "cancel"], { folder });
    const after = await finished(["connector", "identity", "status", "--json"], { folder });

    expect(listening).toHaveLength(1);
    expect(before).toEqual({ exit: 0, err: "", out: expect.stringContaining("no identity yet") });
    expect(busy.err).toContain("store.inUse");
    expect(status).toEqual({ exit: 0, err: "", out: `Identity default: ${address}\n` });
    expect(init).toMatchObject({ exit: 0, out: expect.stringMatching(/^The deletion of did:\S+ has begun, .*\n$/) });
    expect(twice.exit).not.toBe(0);
    expect(during.out).toMatch(/deletion Active, its period of grace ends at 20\d\d-/);
    expect(cancel).toMatchObject({ exit: 0, out: `The deletion of ${address} is cancelled: the identity stays.\n` });
    expect(JSON.parse(after.out)).toEqual({ identities: [{ name: "default", address }] });
  }, 60_000);

  test("lists everything that is wrong and does not start", async () => {
    const { folder } = await ground({ colour: "red" });

    const { exit, out, err } = await finished(["connector", "--database.driver=mongodb"], {
      folder,
      environment: { modules__sync__intervall: "5" },
    });

    expect({ exit, out }).toEqual({ exit: 2, out: "" });
    expect(err).toContain("config.invalid");
    const lines = err.match(/^ {2}- .*$/gm) ?? [];
    expect(lines).toHaveLength(3);
    expect(lines).toContainEqual(expect.stringContaining("colour is not a key of the configuration (config.json)"));
    expect(lines).toContainEqual(expect.stringMatching(/database.driver is "mongodb".*\(--database.driver\)/));
    expect(lines).toContainEqual(
      expect.stringMatching(/did you mean "modules.sync.interval"\? \(environment variable modules__sync__intervall\)/),
    );
  });

  test("makes no identity where it must not, and keeps the store's key where it is told to", async () => {
    const { folder } = await ground({ database: { driver: "lowdb", keyFile: "keys/store.key" } });
    const refused = await finished(["connector", "--transportLibrary.allowIdentityCreation=false"], { folder });
    const running = run(["connector", "--json"], { folder });
    await said(running, /\n/);
    running.child.kill("SIGTERM");
    await running.exit;

    expect(refused).toMatchObject({ exit: 4, err: expect.stringContaining("account.creationNotAllowed") });
    expect(statSync(join(folder, "keys/store.key")).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, "rapport-connector"))).toEqual(["default.json"]);
    expect(readFileSync(join(folder, "rapport-connector/default.json"), "utf8")).not.toContain(client.secret);
  });

  test("speaks for several identities", async () => {
    const accounts = { shop: { prefix: "/shop" }, lab: { prefix: "/lab" } };
    const { folder } = await ground({ accounts, database: { driver: "memory" } });
    const running = run(["connector", "--json"], { folder });
    const { listening, identities } = JSON.parse(await said(running, /\n/));

    const addresses = await Promise.all(
      ["/shop", "/lab"].map(async (prefix) => {
        const headers = { "X-API-KEY": strongKey };
        const answer = await fetch(`${listening[0]}${prefix}/api/v2/Account/IdentityInfo`, { headers });
        return JSON.parse(await answer.text()).result.address;
      }),
    );

    expect(identities.map(({ address }: { address: string }) => address)).toEqual(addresses);
    expect(new Set(addresses).size).toBe(2);
  });

  test("asks a running one for its dead letters", async () => {
    const { folder } = await ground({ database: { driver: "memory" } });
    const running = run(["connector", "--json"], { folder });
    const { listening } = JSON.parse(await said(running, /\n/));
    const environment = { RAPPORT_CONNECTOR_URL: listening[0], RAPPORT_CONNECTOR_API_KEY: strongKey };
    const letters = (...words: string[]) => finished(["connector", "deadletters", ...words], { folder, environment });

    expect(await letters("list")).toEqual({ exit: 0, err: "", out: "none\n" });
    expect(await letters("list", "--json")).toMatchObject({ exit: 0, out: '{"result":[]}\n' });
    expect((await letters("discard", "DLTnothing")).exit).toBe(3);
    expect((await letters("list", "--url", "http://127.0.0.1:1")).err).toContain("connector.unreachable");
    expect((await letters("burn")).exit).toBe(2);
  });

  test("explains itself", async () => {
    const { out, exit } = await finished(["connector", "--help"], { folder: temporaryFolder() });

    expect(exit).toBe(0);
    expect(out).toContain("rapport connector identityDeletion init");
    expect(out.split("\n").filter((line) => line.length > 110)).toEqual([]);
  });
});
