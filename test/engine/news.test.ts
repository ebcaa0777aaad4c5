// Engines that listen to the relay: what peers do arrives without anybody asking (src/services/listening.ts).
import { type Account, createRapport } from "rapport";
import { type Answer, type Call, Clock, fault, Log, type Plugin, Transport, type TransportPort } from "rapport/core";
import { createSodium } from "rapport/plugins/crypto-sodium";
import { systemClock, systemEntropy } from "rapport/plugins/platform-node";
import { createMemoryStore } from "rapport/plugins/storage-memory";
import { createLoopbackTransport } from "rapport/plugins/transport-loopback";
import { createRelayTransport } from "rapport/plugins/transport-relay";
import { createRelay, type Relay } from "rapport/relay";
import { createRelayServer } from "rapport/relay/http";

import { expect, onTestFinished, test } from "vitest";
import { arbitrary, greeting } from "../services/scenes.ts";

const nextYear = () => new Date(Date.now() + 365 * 24 * 60 * 60 * 1000).toISOString();

async function openRelay(): Promise<Relay> {
  const clock = systemClock();
  const relay = createRelay({ store: createMemoryStore(), clock, entropy: systemEntropy(), crypto: createSodium() });
  await relay.open();
  return relay;
}

async function overHttp(): Promise<() => TransportPort> {
  const relay = await openRelay();
  const server = createRelayServer({ relay });
  const [baseUrl = ""] = await server.listen();
  onTestFinished(() => server.close());
  return () => createRelayTransport({ baseUrl, hostName: relay.hostName });
}

async function inOneProcess(): Promise<() => TransportPort> {
  const relay = await openRelay();
  return () => createLoopbackTransport(relay);
}

/** An engine that works by itself until the test is over, and its account. */
async function person(name: string, transport: TransportPort, more: readonly Plugin[] = []): Promise<Account> {
  const way: Plugin = { name: "way", register: ({ provide }) => provide(Transport, () => transport) };
  const rapport = await createRapport({ plugins: [way, ...more] });
  onTestFinished(() => rapport.close());
  return rapport.accounts.create({ name });
}

/** The next thing that the account announces under this name. */
const next = (account: Account, name: string): Promise<unknown> =>
  new Promise((resolve) => {
    const stop = account.events.on(name, ({ data }) => {
      stop();
      resolve(data);
    });
  });

test.for([
  ["in one process", inOneProcess],
  ["over HTTP", overHttp],
] as const)("what a peer does arrives by itself, %s", async ([, open]) => {
  const way = await open();
  const [library, reader] = [await person("library", way()), await person("reader", way())];
  const template = await library.templates.create({ content: arbitrary, expiresAt: nextYear() });
  await reader.templates.load({ reference: template.reference.truncated });
  const pending = next(library, "transport.relationshipChanged");
  const { id } = await reader.relationships.create({ templateId: template.id, creationContent: greeting });
  await pending;
  const active = next(reader, "transport.relationshipChanged");
  await library.relationships.accept(id);
  await active;
  const received = next(library, "transport.messageReceived");
  const content = { "@type": "ArbitraryMessageContent", value: "Hello." };

  await reader.messages.send({ recipients: [library.address], content });

  expect(await received).toMatchObject({ content });
});

/** A transport whose bell the test rings, and which does with the beginning of a sync what the test says. */
async function ringing(starting: (answer: () => Promise<Answer>) => Promise<Answer>) {
  const relay = await openRelay();
  const inner = createLoopbackTransport(relay);
  const wakes: (() => void)[] = [];
  let stopped = 0;
  const transport: TransportPort = {
    ...inner,
    call: (call: Call, session) => {
      const answer = () => inner.call(call, session);
      return call.operation === "startSyncRun" ? starting(answer) : answer();
    },
    onNews: (_session, wake) => {
      wakes.push(wake);
      return () => {
        stopped += 1;
      };
    },
  };
  const ring = () => {
    for (const wake of wakes) wake();
  };
  return { transport, ring, wakes, stopped: () => stopped };
}

test("wakes that come while a sync runs are one more sync", async () => {
  let begun = 0;
  let first: () => void = () => undefined;
  let second: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    first = resolve;
  });
  const again = new Promise<void>((resolve) => {
    second = resolve;
  });
  const { transport, ring, stopped } = await ringing(async (answer) => {
    begun += 1;
    if (begun === 1) await held;
    // The first sync of an account begins three runs: it makes the datawallet.
    if (begun === 4) second();
    return answer();
  });
  const way: Plugin = { name: "way", register: ({ provide }) => provide(Transport, () => transport) };
  const rapport = await createRapport({ plugins: [way] });
  await rapport.accounts.create({ name: "somebody" });

  for (let count = 0; count < 5; count += 1) ring();
  first();
  await again;
  await rapport.close();
  ring();

  expect(begun).toBe(4);
  expect(stopped()).toBe(1);
});

test("a sync that fails is logged and tried again, later each time", async () => {
  const waits: number[] = [];
  const logged: string[] = [];
  let left = 3;
  let done: () => void = () => undefined;
  const fetched = new Promise<void>((resolve) => {
    done = resolve;
  });
  const { transport, ring } = await ringing(async (answer) => {
    left -= 1;
    if (left >= 0) throw fault("relay.unreachable", "Not now.");
    const given = await answer();
    if (given.ok) done();
    return given;
  });
  const ground: Plugin = {
    name: "ground",
    register: ({ provide }) => {
      provide(Log, () => ({ write: (_level, message) => logged.push(message) }));
      provide(Clock, () => ({
        now: () => Date.now(),
        sleep: (ms, stop) =>
          new Promise((resolve) => {
            stop?.addEventListener("abort", () => resolve());
            // The work in the background sleeps as long as the test lasts.
            if (ms >= 30_000) return;
            waits.push(ms);
            setImmediate(resolve);
          }),
      }));
    },
  };
  await person("somebody", transport, [ground]);

  ring();
  await fetched;

  expect(logged).toEqual(Array.from({ length: 3 }, () => "News could not be fetched."));
  expect(waits).toHaveLength(3);
  expect(waits[2]).toBeGreaterThan((waits[0] ?? 0) * 1.3);
});

test("an engine that does nothing in the background does not listen", async () => {
  const { transport, wakes } = await ringing((answer) => answer());
  const way: Plugin = { name: "way", register: ({ provide }) => provide(Transport, () => transport) };
  await using rapport = await createRapport({ plugins: [way], background: false });

  await rapport.accounts.create({ name: "somebody" });

  expect(wakes).toEqual([]);
});

test("what came while an identity was leaving arrives once its deletion is taken back", async () => {
  const way = await inOneProcess();
  const [library, reader] = [await person("library", way()), await person("reader", way())];
  const template = await library.templates.create({ content: arbitrary, expiresAt: nextYear() });
  await reader.templates.load({ reference: template.reference.truncated });
  const { id } = await reader.relationships.create({ templateId: template.id, creationContent: greeting });
  await reader.deletion.start();
  await library.sync();
  const told = next(reader, "transport.relationshipChanged");
  await library.relationships.reject(id);
  await expect(reader.sync()).rejects.toMatchObject({ code: "account.toBeDeleted" });

  await reader.deletion.cancel();

  expect(await told).toMatchObject({ id, status: "Rejected" });
});

test("an engine that does not listen asks for no news, and one that does asks", async () => {
  const transport = (await inOneProcess())();
  let asked = 0;
  const watched: TransportPort = {
    baseUrl: transport.baseUrl,
    hostName: transport.hostName,
    call: (call, session) => transport.call(call, session),
    onNews: () => {
      asked += 1;
      return () => undefined;
    },
    [Symbol.asyncDispose]: async () => transport[Symbol.asyncDispose](),
  };
  const way: Plugin = { name: "way", register: ({ provide }) => provide(Transport, () => watched) };
  const open = async (name: string, listening: boolean) => {
    const rapport = await createRapport({ plugins: [way], listening });
    onTestFinished(() => rapport.close());
    return rapport.accounts.create({ name });
  };

  await open("deaf", false);
  expect(asked).toBe(0);

  await open("listening", true);
  expect(asked).toBe(1);
});
