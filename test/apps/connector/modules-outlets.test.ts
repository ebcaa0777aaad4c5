// Modules that tell events (spec/connector-api.md 4.3, 4.4), between two Connectors and a relay.
import { createClient } from "redis";
import { describe, expect, test } from "vitest";
import { createReceiver } from "../../plugins/publisher-webhooks/receiver.ts";
import { until } from "../../plugins/publishing.ts";
import { service } from "../../plugins/services.ts";
import { befriended, type ModuleSettings, withModules } from "./modules-stage.ts";
import { openStage } from "./stage.ts";

describe("webhooks", () => {
  const content = { items: [{ "@type": "ConsentRequestItem", mustBeAccepted: true, consent: "May we?" }] };

  async function toldStage(modules: (url: string) => ModuleSettings) {
    const receiver = await createReceiver();
    const stage = await openStage();
    const { alice, bob, id } = await befriended(stage, modules(receiver.url));
    const peer = bob.connector.identities[0]?.account.address ?? "";
    return {
      alice,
      bob,
      id,
      peer,
      receiver,
      [Symbol.asyncDispose]: async () => {
        await stage[Symbol.asyncDispose]();
        await receiver.stop();
      },
    };
  }

  const requests = (url: string) => ({
    webhooks: {
      enabled: true,
      targets: { requests: { url: `${url}/{{trigger}}` } },
      webhooks: [{ triggers: ["consumption.outgoingRequestCreated"], target: "requests" }],
    },
  });

  test("7.10 a call without a correlation id has a UUID, and the webhook carries the same", async () => {
    await using at = await toldStage(requests);

    const made = await at.alice.call("POST", "/api/v2/Requests/Outgoing", { peer: at.peer, content });
    await until(() => at.receiver.received.length === 1);

    const [call] = at.receiver.received;
    expect(call?.headers["x-correlation-id"]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(call?.headers["x-correlation-id"]).toBe(made.headers.get("x-correlation-id"));
    expect(call).toMatchObject({
      path: "/consumption.outgoingRequestCreated",
      json: { trigger: "consumption.outgoingRequestCreated", data: { id: made.body.result.id, status: "Draft" } },
    });
  });

  test("7.11 a correlation id of the caller's own is carried exactly", async () => {
    await using at = await toldStage(requests);
    const headers = { "x-correlation-id": "my-own-id.1" };

    await at.alice.call("POST", "/api/v2/Requests/Outgoing", { peer: at.peer, content }, headers);
    await until(() => at.receiver.received.length === 1);

    expect(at.receiver.received[0]?.headers["x-correlation-id"]).toBe("my-own-id.1");
  });

  test("the last calls can be looked at, with what became of them", async () => {
    await using at = await toldStage(requests);

    const made = await at.alice.call("POST", "/api/v2/Requests/Outgoing", { peer: at.peer, content });
    const log = async (query = "") =>
      (await at.alice.call("GET", `/api/rapport/v1/WebhookDeliveries${query}`)).body.result;
    await until(async () => (await log()).length === 1);

    expect(made.status).toBe(201);
    expect(await log("?target=requests")).toMatchObject([
      {
        target: "requests",
        trigger: "consumption.outgoingRequestCreated",
        outcome: "delivered",
        status: 204,
        attempt: 1,
      },
    ]);
    expect(await log("?target=other")).toEqual([]);
    expect(JSON.stringify(await log())).not.toContain(at.receiver.url);
  });

  test("data looks as the profile says, with the template that older clients expect", async () => {
    await using at = await toldStage((url) => ({
      webhooksV2: {
        enabled: true,
        targets: { all: { url } },
        webhooks: [{ triggers: ["transport.relationshipChanged"], target: "all" }],
      },
    }));
    await until(() => at.receiver.received.length > 0);

    const told = at.receiver.received.at(-1)?.json.data;
    const { body } = await at.alice.call("GET", `/api/v2/Relationships/${at.id}`);

    expect(told).toMatchObject({ id: at.id, template: { id: body.result.template.id } });
    expect(Object.keys(told).toSorted()).toEqual(Object.keys(body.result).toSorted());
  });

  test("a target that does not exist fails the start", async () => {
    await using stage = await openStage();
    const webhooks = { enabled: true, webhooks: [{ triggers: ["**"], target: "nobody" }] };

    await expect(stage.actor("alice", withModules({ webhooks }))).rejects.toMatchObject({
      code: "error.runtime.modules.webhooks.invalidTargetReference",
    });
  });
});

describe("messageBrokerPublisher", () => {
  test("no brokers, or one that is not there, fails the start", async () => {
    await using stage = await openStage();
    const away = { type: "Redis" as const, configuration: { url: "redis://127.0.0.1:1" } };

    await expect(
      stage.actor("alice", withModules({ messageBrokerPublisher: { enabled: true } })),
    ).rejects.toMatchObject({ code: "publisher.invalid" });
    await expect(
      stage.actor("bob", withModules({ messageBrokerPublisher: { enabled: true, brokers: [away] } })),
    ).rejects.toMatchObject({ code: "publisher.failed" });
  });
});

const url = process.env["RAPPORT_TEST_REDIS"] ?? "redis://127.0.0.1:6379";

async function redisClient() {
  const client = createClient({ url, socket: { reconnectStrategy: false, connectTimeout: 5_000 } });
  client.on("error", () => undefined);
  return client.connect();
}

const redis = await service("Redis", async () => (await redisClient()).destroy());

redis.describe(() => {
  test("messageBrokerPublisher: every event is published under its name", async () => {
    const heard: { readonly channel: string; readonly data: { readonly id?: string } }[] = [];
    const client = await redisClient();
    await client.pSubscribe("transport.*", (message, channel) => heard.push({ channel, data: JSON.parse(message) }));
    await using stage = await openStage();

    const { id } = await befriended(stage, {
      messageBrokerPublisher: { enabled: true, brokers: [{ type: "Redis", configuration: { url } }] },
    });
    const mine = () =>
      heard.filter(({ channel, data }) => channel === "transport.relationshipChanged" && data.id === id);
    await until(() => mine().length >= 2);
    client.destroy();

    expect(mine().at(-1)?.data).toMatchObject({ id, status: "Active" });
  });
});
