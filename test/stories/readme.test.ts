// The README's promises: its example runs, and its links lead somewhere.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatWithOptions } from "node:util";
import { createSodium } from "rapport/plugins/crypto-sodium";
import { systemClock, systemEntropy } from "rapport/plugins/platform-node";
import { createMemoryStore } from "rapport/plugins/storage-memory";
import { createRelay } from "rapport/relay";
import { createRelayServer } from "rapport/relay/http";
import { expect, onTestFinished, test } from "vitest";

const root = new URL("../../", import.meta.url).pathname;
const readme = readFileSync(join(root, "README.md"), "utf8");
const [example = "", durable = "", ruled = "", distant = ""] = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map(
  ([, code]) => code ?? "",
);

// The doors that the examples open, as source: the program runs in this process, with a console that we can read.
const doors: { readonly [name: string]: () => Promise<object> } = {
  rapport: () => import("rapport"),
  "rapport/relay": () => import("rapport/relay"),
  "rapport/plugins/crypto-sodium": () => import("rapport/plugins/crypto-sodium"),
  "rapport/plugins/rules-table": () => import("rapport/plugins/rules-table"),
  "rapport/plugins/platform-node": () => import("rapport/plugins/platform-node"),
  "rapport/plugins/storage-sqlite": () => import("rapport/plugins/storage-sqlite"),
  "rapport/plugins/transport-loopback": () => import("rapport/plugins/transport-loopback"),
  "rapport/plugins/transport-relay": () => import("rapport/plugins/transport-relay"),
};

async function run(program: string): Promise<readonly string[]> {
  const said: string[] = [];
  const log = (...values: unknown[]) => said.push(formatWithOptions({ colors: false }, ...values));
  const body = program.replaceAll(/^import (\{[^}]+\}) from ("[^"]+");$/gm, "const $1 = await open($2);");
  const main = new AsyncFunction("open", "console", body);
  await main((name: string) => doors[name]?.(), { log });
  return said;
}

const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor;

test("the embedding example runs as it stands, against the source, and prints what the text says", async () => {
  const said = /It prints `([^`]+)`/.exec(readme)?.[1];

  expect(await run(example)).toEqual([said]);
});

test("the durable variant opens and closes", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rapport-readme-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const elsewhere = durable.replaceAll(/file: "/g, `file: "${folder}/`);

  const said = await run(elsewhere);

  expect(said).toEqual([]);
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(["acme.db", "acme.db.key", "relay.db"]));
});

test("the example with rules prints what the block behind it says", async () => {
  const [, , promised = ""] = readme.slice(readme.indexOf(ruled)).split("```");

  expect(await run(ruled)).toEqual(promised.replace(/^text/, "").trim().split("\n"));
});

test("the variant over HTTP makes an identity at a relay that listens", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rapport-readme-"));
  const parts = { store: createMemoryStore(), crypto: createSodium(), clock: systemClock(), entropy: systemEntropy() };
  const relay = createRelay({ ...parts, clients: [{ id: "shop", secret: "secret" }] });
  await relay.open();
  const server = createRelayServer({ relay });
  const [url = ""] = await server.listen({ hosts: ["localhost"] });
  onTestFinished(async () => {
    await server.close();
    await relay[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  const there = distant
    .replaceAll(/file: "/g, `file: "${folder}/`)
    .replace("4300", new URL(url).port)
    .replace("process.env.CLIENT_ID", '"shop"')
    .replace("process.env.CLIENT_SECRET", '"secret"');

  const said = await run(there);

  expect(said).toEqual([expect.stringMatching(/^did:e:localhost:dids:/)]);
});

test("the example is about twenty lines", () => {
  expect(example.split("\n").filter((line) => line.trim() !== "").length).toBeLessThanOrEqual(20);
});

test("no page tells anybody to install the package of that name", () => {
  const pages = ["README.md", "docs/tour.md", "docs/plugins.md"].map((page) => readFileSync(join(root, page), "utf8"));

  expect(pages.filter((page) => /npm (i|install|add) (-\S+ )*rapport(@\S+)?\s/.test(page))).toEqual([]);
});

test("every link and every door in it is there", () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, target]) => target ?? "");
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const named = [...readme.matchAll(/^\| `(rapport[^`]*)` \|/gm)].map(([, door]) => door?.replace(/^rapport/, "."));

  expect(links.filter((target) => !existsSync(join(root, target)))).toEqual([]);
  expect(named.toSorted()).toEqual(
    Object.keys(exports)
      .filter((door) => door !== "./package.json")
      .toSorted(),
  );
});

test("every file that the tour names is there", () => {
  const tour = readFileSync(join(root, "docs/tour.md"), "utf8");
  const named = [...tour.matchAll(/`((?:src|machines|plugins|test|docs)\/[\w./-]+)`/g)].map(([, path]) => path ?? "");

  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
