// What is not finished and what could not be, over HTTP and by the command (spec/connector-api.md 4.6; Rapport's own).

import { configShape, createConnector } from "rapport/connector";
import { Log, type Plugin } from "rapport/core";
import { createSodium } from "rapport/plugins/crypto-sodium";
import { silentLog, systemClock, systemEntropy } from "rapport/plugins/platform-node";
import { createMemoryBlobs, createMemoryStore, memoryStorage } from "rapport/plugins/storage-memory";
import { relayTransport } from "rapport/plugins/transport-relay";
import { createRelay } from "rapport/relay";
import { createRelayServer } from "rapport/relay/http";
import { describe, expect, onTestFinished, test } from "vitest";
import { runConnectorCommand } from "../../../src/apps/connector/command.ts";
import { type Behaviour, createReceiver } from "../../plugins/publisher-webhooks/receiver.ts";
import { until } from "../../plugins/publishing.ts";
import { inHours, ok, type Result, refused, template, v2 } from "./calls.ts";
import { addressOf, befriend } from "./friends.ts";
import { withModules } from "./modules-stage.ts";
import { type Actor, callerOf, openStage } from "./stage.ts";

const own = "/api/rapport/v1";

const quiet: Plugin = { name: "quiet", register: ({ provide }) => provide(Log, () => silentLog()) };

describe("dead letters", () => {
  /** Alice, whose only webhook says no as long as it is told to, and who tries twice. */
  async function failing() {
    const answer: { behaviour: Behaviour } = { behaviour: 503 };
    const receiver = await createReceiver(() => answer.behaviour);
    const stage = await openStage();
    onTestFinished(async () => {
      await stage[Symbol.asyncDispose]();
      await receiver.stop();
    });
    const alice = await stage.actor(
      "alice",
      withModules(
        {
          webhooks: {
            enabled: true,
            attemptsMax: 2,
            targets: { crm: { url: receiver.url } },
            webhooks: [{ triggers: ["consumption.attributeCreated"], target: "crm" }],
          },
        },
        { plugins: [quiet] },
      ),
    );
    const letters = (): Promise<Result> => ok(alice, `GET ${own}/DeadLetters`);
    const dead = async (): Promise<Result> => {
      await name(alice);
      await until(async () => (await letters()).length === 1);
      return (await letters())[0];
    };
    return { answer, receiver, alice, letters, dead };
  }

  let named = 0;
  const name = (actor: Actor) => {
    named += 1;
    const content = { value: { "@type": "GivenName", value: `Alice ${named}` } };
    return ok(actor, `POST ${v2}/Attributes`, { content });
  };

  test("what a webhook refused twice is one; replayed, it is delivered under its old id and gone", async () => {
    const { answer, receiver, alice, letters, dead } = await failing();
    const letter = await dead();
    const [first] = receiver.received;
    answer.behaviour = 204;

    await ok(alice, `POST ${own}/DeadLetters/${letter.id}/Replay`, undefined, 204);
    await until(async () => (await letters()).length === 0);

    expect(letter).toMatchObject({ delivery: { subscriber: "crm", attempts: 2, event: first?.headers["webhook-id"] } });
    expect(receiver.received).toHaveLength(3);
    expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(receiver.received[2]?.json).toEqual(first?.json);
    const deliveries: Result[] = await ok(alice, `GET ${own}/WebhookDeliveries?target=crm`);
    expect(deliveries.map(({ outcome, status, attempt }) => [outcome, status, attempt])).toEqual([
      ["delivered", 204, 1],
      ["failed", 503, 2],
      ["failed", 503, 1],
    ]);
  });

  test("replayed in vain it stays, with the newest reason; discarded, it is gone for good", async () => {
    const { answer, receiver, alice, letters, dead } = await failing();
    const { id } = await dead();
    answer.behaviour = 410;

    await ok(alice, `POST ${own}/DeadLetters/${id}/Replay`, undefined, 204);
    await until(async () => (await letters())[0]?.message.includes("410"));
    const again = await ok(alice, `GET ${own}/DeadLetters/${id}`);
    await ok(alice, `DELETE ${own}/DeadLetters/${id}`, undefined, 204);

    expect(again).toMatchObject({ id, delivery: { attempts: 2 } });
    expect(again.message).toContain("410");
    expect(receiver.received).toHaveLength(4);
    expect(await letters()).toEqual([]);
    expect(await refused(alice, `GET ${own}/DeadLetters/${id}`)).toMatchObject({
      status: 404,
      code: "deadLetter.notFound",
    });
  });

  test("the command lists them, has them delivered again and throws them away", async () => {
    const { answer, receiver, alice, letters, dead } = await failing();
    const run = async (...words: string[]) => {
      const lines: string[] = [];
      const all = ["deadletters", ...words, "--url", alice.url];
      await runConnectorCommand(all, { write: (line) => lines.push(line) });
      return lines.join("\n");
    };
    const one = await dead();
    const listed = await run("list");
    answer.behaviour = 204;
    const replayed = await run("replay", one.id);
    await until(async () => (await letters()).length === 0);
    answer.behaviour = 500;
    const other = await dead();
    const discarded = await run("discard", other.id, "--json");

    expect(JSON.parse(listed)).toMatchObject({ id: one.id });
    expect(replayed).toBe(`${one.id}: queued again`);
    expect(receiver.received[2]?.headers["webhook-id"]).toBe(one.delivery.event);
    expect(JSON.parse(discarded)).toEqual({ result: { id: other.id, done: "discard" } });
    expect(await run("list")).toBe("none");
    await expect(run("replay", other.id)).rejects.toMatchObject({ code: "deadLetter.notFound" });
  });
});

describe("intents", () => {
  /** A Connector, and a relay behind HTTP that can be taken away and put back. */
  async function besideRelay() {
    const crypto = createSodium();
    await crypto.open();
    const relay = createRelay({
      ...{ store: createMemoryStore(), blobs: createMemoryBlobs(), crypto },
      ...{ clock: systemClock(), entropy: systemEntropy(), log: silentLog() },
    });
    await relay.open();
    let http = createRelayServer({ relay });
    const [baseUrl = ""] = await http.listen();
    const config = configShape.parse({
      debug: true,
      transportLibrary: { baseUrl, platformClientId: "test", platformClientSecret: "test" },
      database: { driver: "memory" },
    });
    const plugins = [memoryStorage(), relayTransport({ baseUrl, hostName: relay.hostName })];
    const connector = await createConnector({ config, plugins, log: silentLog(), background: false });
    const [url = ""] = await connector.listen({ port: 0 });
    onTestFinished(async () => {
      await connector.close();
      await http.close();
      await relay[Symbol.asyncDispose]();
    });
    const actor = { connector, url, call: callerOf(url), [Symbol.asyncDispose]: () => connector.close() };
    const away = () => http.close();
    const back = async () => {
      http = createRelayServer({ relay });
      await http.listen({ port: Number(new URL(baseUrl).port) });
    };
    return { actor, away, back };
  }

  test("of a relay that is away are listed; cancelled, they are gone and the call is never made", async () => {
    const { actor, away, back } = await besideRelay();
    await away();

    const failed = await refused(actor, `POST ${v2}/RelationshipTemplates/Own`, newTemplate());
    const [intent, ...more]: Result[] = await ok(actor, `GET ${own}/Intents`);
    await ok(actor, `DELETE ${own}/Intents/${intent.id}`, undefined, 204);
    const after = await ok(actor, `GET ${own}/Intents`);
    await back();
    await ok(actor, `POST ${own}/Intents/Resume`, undefined, 204);

    expect(failed).toMatchObject({ status: 503, code: "relay.unreachable" });
    expect([more, after]).toEqual([[], []]);
    expect(intent).toMatchObject({ kind: "createTemplate", operation: "createTemplate" });
    expect(await ok(actor, `GET ${v2}/RelationshipTemplates`)).toEqual([]);
    expect(await refused(actor, `DELETE ${own}/Intents/${intent.id}`)).toMatchObject({ code: "intent.notFound" });
  });

  test("that are resumed once the relay is back are finished", async () => {
    const { actor, away, back } = await besideRelay();
    await away();
    await refused(actor, `POST ${v2}/RelationshipTemplates/Own`, newTemplate());
    await back();

    await ok(actor, `POST ${own}/Intents/Resume`, undefined, 204);

    expect(await ok(actor, `GET ${own}/Intents`)).toEqual([]);
    expect(await ok(actor, `GET ${v2}/RelationshipTemplates`)).toMatchObject([{ isOwn: true }]);
    await template(actor);
    expect(await ok(actor, `GET ${v2}/RelationshipTemplates`)).toHaveLength(2);
  });

  const newTemplate = () => ({
    content: { "@type": "ArbitraryRelationshipTemplateContent", value: {} },
    expiresAt: inHours(24),
  });
});

test("what automation decided says by which entry, over HTTP", async () => {
  await using stage = await openStage();
  const automationConfig = [
    { requestConfig: { "content.item.@type": "ConsentRequestItem" }, responseConfig: { accept: true } },
  ];
  const alice = await stage.actor("alice", withModules({ decider: { neverAutomatic: [], automationConfig } }));
  const bob = await stage.actor("bob");
  await befriend(alice, bob);
  const content = { items: [{ "@type": "ConsentRequestItem", mustBeAccepted: true, consent: "May we?" }] };
  const draft = await ok(bob, `POST ${v2}/Requests/Outgoing`, { peer: addressOf(alice), content });
  await ok(bob, `POST ${v2}/Messages`, { recipients: [addressOf(alice)], content: draft.content });
  await ok(alice, `POST ${v2}/Account/Sync`);

  const decision = await ok(alice, `GET ${own}/Requests/Incoming/${draft.id}/Decision`);
  const explained = await ok(alice, `GET ${own}/Requests/Incoming/${draft.id}/Explain`);

  expect(decision).toMatchObject({ verdict: "accept", decider: { kind: "rule", rule: "decider" } });
  expect(explained).toMatchObject({ id: draft.id, kind: "request", decided: { by: "rule", rule: "decider" } });
  expect(explained.rules[0].entries).toMatchObject([{ entry: "#1", item: "items[0]", outcome: "decided" }]);
});
