// Engines in three processes on one PostgreSQL: nothing is judged, handled or delivered twice.
import { randomBytes } from "node:crypto";
import { type Account, createRapport } from "rapport";
import type { Plugin } from "rapport/core";
import { createSodium } from "rapport/plugins/crypto-sodium";
import { platformNode, silentLog, systemClock, systemEntropy } from "rapport/plugins/platform-node";
import { createMemoryBlobs, createMemoryStore, memoryStorage } from "rapport/plugins/storage-memory";
import { postgresStorage } from "rapport/plugins/storage-postgres";
import { relayTransport } from "rapport/plugins/transport-relay";
import { createRelay } from "rapport/relay";
import { createRelayServer } from "rapport/relay/http";
import { expect, test } from "vitest";
import { asked, connectionString, newSchema, server } from "../plugins/storage-postgres/places.ts";
import { startProcess } from "../plugins/storage-processes.ts";
import { arbitrary, ask, greeting } from "../services/scenes.ts";
import { observer } from "./process-observer.ts";

/** The relay lets that many messages wait for somebody who does not fetch them. */
const requestsSent = 18;

/** A relay over HTTP. */
async function relayOverHttp() {
  const crypto = createSodium();
  await crypto.open();
  const relay = createRelay({
    store: createMemoryStore(),
    blobs: createMemoryBlobs(),
    crypto,
    clock: systemClock(),
    entropy: systemEntropy(),
    log: silentLog(),
  });
  await relay.open();
  const http = createRelayServer({ relay });
  const [baseUrl = ""] = await http.listen();
  const { hostName } = relay;
  const close = async () => {
    await http.close();
    await relay[Symbol.asyncDispose]();
  };
  return { baseUrl, hostName, close };
}

/** Two accounts that know each other; "acme" is on PostgreSQL, and nobody serves it any more. */
async function acquainted(transport: Plugin, storage: Plugin) {
  const expiresAt = new Date(systemClock().now() + 60 * 60 * 1000).toISOString();
  const quiet = platformNode({ level: "error" });
  const there = await createRapport({ plugins: [quiet, transport, memoryStorage()], background: false });
  const peer = await there.accounts.create({ name: "peer" });
  const here = await createRapport({ plugins: [quiet, transport, storage], background: false });
  const acme = await here.accounts.create({ name: "acme" });
  const template = await acme.templates.create({ content: arbitrary, expiresAt });
  await peer.templates.load({ reference: template.reference.truncated });
  const { id } = await peer.relationships.create({ templateId: template.id, creationContent: greeting });
  await acme.sync();
  await acme.relationships.accept(id);
  await peer.sync();
  await here.close();
  return { there, peer, acme: acme.address };
}

type Lines = { readonly lines: readonly string[] };

/** What the processes said under a word, as the rest of each line. */
function said(processes: readonly Lines[], word: string): string[] {
  return processes
    .flatMap(({ lines }) => lines)
    .filter((line) => line.startsWith(`${word} `))
    .map((line) => line.slice(word.length + 1));
}

/** Waits until something holds, looking every now and then: what is waited for happens in other processes. */
async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await systemClock().sleep(50);
}

server.describe(() => {
  const title = "Requests that come while three processes synchronise are judged once and told once";
  // Two of the processes load the sources first, which takes its time on a busy machine.
  test(title, { timeout: 240_000 }, async () => {
    const schema = newSchema();
    const storeKey = randomBytes(32).toString("base64url");
    const relay = await relayOverHttp();
    const { baseUrl, hostName } = relay;
    const transport = relayTransport({ baseUrl, hostName });
    const storage = postgresStorage({ connectionString, schema, environment: { RAPPORT_STORE_KEY: storeKey } });
    const { there, peer, acme } = await acquainted(transport, storage);
    const words = [baseUrl, hostName, connectionString, schema, storeKey];
    const program = new URL("process-child.ts", import.meta.url);
    const children = [startProcess(program, words), startProcess(program, words)];
    await Promise.all(children.map((child) => child.said(1)));
    const lines: string[] = [];
    const own = await createRapport({
      plugins: [platformNode({ level: "error" }), transport, storage, observer((line) => lines.push(line))],
    });
    const account = await own.accounts.get("acme");
    const processes = [...children, { lines }];

    const ids = await sendRequests(peer, acme);
    await until(async () => {
      await Promise.all([account.sync(), peer.sync()]);
      return (await peer.requests.outgoing.find({ status: "Completed" })).length === requestsSent;
    });
    const isTold = (id: string) => statusesOf(processes, id).includes("Completed");
    await until(() => ids.every(isTold));
    for (const child of children) await child.kill();
    await own.close();

    expect(said(processes, "judged").toSorted()).toEqual(ids.toSorted());
    const events = said(processes, "delivered").map((line) => line.split(" ")[0] ?? "");
    expect(events).toEqual([...new Set(events)]);
    expect(processes.filter((one) => said([one], "delivered").length > 0)).toHaveLength(1);
    expect(said(processes, "failed")).toEqual([]);
    for (const id of ids) expect(statusesOf(processes, id)).toEqual(statusesInOrder);
    await there.close();
    await relay.close();
    await asked(`DROP SCHEMA "${schema}" CASCADE`);
  });
});

const statusesInOrder = ["Open", "DecisionRequired", "Decided", "Completed"];

function statusesOf(processes: readonly Lines[], id: string): string[] {
  const told = said(processes, "delivered").map((line) => line.split(" "));
  return told.flatMap(([, , about, status = ""]) => (about === id ? [status] : []));
}

async function sendRequests(peer: Account, acme: string): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < requestsSent; n += 1) {
    const draft = await peer.requests.outgoing.create({ content: ask(), peer: acme });
    await peer.messages.send({ recipients: [acme], content: draft.content });
    ids.push(draft.id);
  }
  return ids;
}
