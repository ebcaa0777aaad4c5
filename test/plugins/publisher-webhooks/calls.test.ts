// One call of a webhook: what it carries, and what counts as a failure.
import type { PublishedEvent } from "rapport/core";
import { createWebhooks, type WebhooksOptions, type WebhookTarget } from "rapport/plugins/publisher-webhooks";
import { expect, test } from "vitest";
import { eventOf } from "../publishing.ts";
import { type Behaviour, createReceiver, isSigned, type Receiver, secretOf } from "./receiver.ts";

const failed = expect.objectContaining({ code: "publisher.failed", retry: true });

function publisherTo(target: WebhookTarget, more: Partial<WebhooksOptions> = {}) {
  const publisher = createWebhooks({
    targets: { one: target },
    webhooks: [{ triggers: ["**"], target: "one" }],
    timeoutMs: 200,
    ...more,
  });
  return { publisher, publish: (event: PublishedEvent = eventOf("a", 1)) => publisher.publish(event, "one") };
}

async function heardBy(receiver: Receiver, target: Omit<WebhookTarget, "url">, more: Partial<WebhooksOptions> = {}) {
  const { publisher, publish } = publisherTo({ url: `${receiver.url}/hook`, ...target }, more);
  await publish();
  await publisher[Symbol.asyncDispose]();
  return receiver.received[0];
}

test("a call has the event's data and name, the configured headers, and the id of what caused it", async () => {
  await using receiver = await createReceiver();

  const call = await heardBy(receiver, { headers: { "X-Mine": "yes", "Content-Type": "text/plain" } });

  expect(call).toMatchObject({
    path: "/hook",
    json: { data: { entity: "a", number: 1 }, trigger: "consumption.incomingRequestReceived" },
    headers: {
      "content-type": "application/json",
      "x-mine": "yes",
      "x-correlation-id": "cause-1",
      "webhook-id": "acc-a-1",
    },
  });
  expect(Object.keys(call?.json)).toEqual(["data", "trigger"]);
  expect(call?.headers["webhook-signature"]).toBeUndefined();
});

test("an event that nobody asked for has a UUID as correlation id, the same on every try", async () => {
  await using receiver = await createReceiver(() => 500);
  const { publish } = publisherTo({ url: receiver.url });
  const { correlationId: _none, ...uncaused } = eventOf("a", 1);

  await publish(uncaused).catch(() => undefined);
  await publish({ ...uncaused, attempt: 2 }).catch(() => undefined);

  const [first, second] = receiver.received.map(({ headers }) => headers["x-correlation-id"]);
  expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(second).toBe(first);
});

test("an API key goes into the header of its name", async () => {
  await using one = await createReceiver();
  await using other = await createReceiver();

  const usual = await heardBy(one, { authentication: { type: "ApiKey", apiKey: "k-1" } });
  const own = await heardBy(other, { authentication: { type: "ApiKey", apiKey: "k-2", headerName: "X-Own" } });

  expect(usual?.headers["x-api-key"]).toBe("k-1");
  expect(own?.headers["x-own"]).toBe("k-2");
});

test("name and password in a url become an Authorization header", async () => {
  await using receiver = await createReceiver();
  const { publish } = publisherTo({ url: receiver.url.replace("//", "//us%40er:pass@") });

  await publish();

  expect(receiver.received[0]?.headers.authorization).toBe(`Basic ${Buffer.from("us@er:pass").toString("base64")}`);
});

test("the package for receivers believes a signed call, and nobody else's", async () => {
  await using receiver = await createReceiver();

  const call = await heardBy(receiver, { signingSecrets: [secretOf(1)] });

  expect(call === undefined ? false : isSigned(call, secretOf(1))).toBe(true);
  expect(call === undefined ? true : isSigned(call, secretOf(2))).toBe(false);
  expect(call === undefined ? true : isSigned({ ...call, text: call.text.replace("a", "b") }, secretOf(1))).toBe(false);
});

test("while a secret is changed both sign, so that a receiver may change at any moment", async () => {
  await using receiver = await createReceiver();

  const call = await heardBy(receiver, { signingSecrets: [secretOf(2), secretOf(1)] });

  expect(call?.headers["webhook-signature"]).toMatch(/^v1,\S+ v1,\S+$/);
  expect([1, 2, 3].map((seed) => call !== undefined && isSigned(call, secretOf(seed)))).toEqual([true, true, false]);
});

test.for<Behaviour>([
  300,
  301,
  { status: 302, headers: { location: "http://127.0.0.1:1/" } },
  400,
  401,
  404,
  500,
  503,
  "silent",
  "gone",
])("an answer of %j is a failure, to be tried again", async (behaviour) => {
  await using receiver = await createReceiver(() => behaviour);
  const { publish, publisher } = publisherTo({ url: receiver.url });

  await expect(publish()).rejects.toEqual(failed);

  expect(publisher.deliveries()).toMatchObject([{ outcome: "failed", attempt: 1 }]);
});

test.for([200, 201, 202, 204])("%i is a success, whatever else it says", async (status) => {
  await using receiver = await createReceiver(() => ({ status, body: status === 204 ? "" : "x".repeat(1024 * 1024) }));
  const { publish } = publisherTo({ url: receiver.url });

  expect(await publish()).toBeUndefined();
});

test("a redirect is not followed", async () => {
  await using other = await createReceiver();
  await using receiver = await createReceiver(() => ({ status: 307, headers: { location: other.url } }));
  const { publish } = publisherTo({ url: receiver.url });

  await publish().catch(() => undefined);

  expect(other.received).toEqual([]);
});

test("a receiver that is not there is a failure until it is", async () => {
  await using receiver = await createReceiver();
  const { publish } = publisherTo({ url: receiver.url });
  await receiver.stop();

  await expect(publish()).rejects.toEqual(failed);
  await receiver.start();
  await publish();

  expect(receiver.received.length).toBe(1);
});

test("the log says what happened, newest first, and holds no body, address or secret", async () => {
  await using receiver = await createReceiver(({ headers }) => (headers["webhook-id"] === "acc-a-1" ? 500 : 204));
  const target = {
    url: `${receiver.url}/?token=SECRET`,
    headers: { "x-key": "SECRET" },
    signingSecrets: [secretOf(1)],
  };
  let now = Date.parse("2030-01-01T00:00:00.000Z");
  const { publish, publisher } = publisherTo(target, { clock: { now: () => now } });

  await publish({ ...eventOf("a", 1), data: { text: "SECRET" } }).catch(() => undefined);
  now += 1_000;
  await publish(eventOf("a", 2));

  const log = publisher.deliveries("one");
  expect(log).toMatchObject([
    { target: "one", eventId: "acc-a-2", outcome: "delivered", status: 204, at: "2030-01-01T00:00:01.000Z" },
    { target: "one", eventId: "acc-a-1", outcome: "failed", status: 500, problem: "It answered with 500." },
  ]);
  expect(JSON.stringify(log)).not.toMatch(/SECRET|127\.0\.0\.1|whsec/);
  expect(publisher.deliveries("other")).toEqual([]);
});

test("the log keeps the last hundred calls of a target", async () => {
  await using receiver = await createReceiver();
  const { publish, publisher } = publisherTo({ url: receiver.url });

  for (let number = 0; number < 105; number += 1) await publish(eventOf("a", number));

  expect(publisher.deliveries().length).toBe(100);
  expect(publisher.deliveries().some(({ eventId }) => eventId === "acc-a-4")).toBe(false);
});

test("each target asks only for what its triggers fit", () => {
  const publisher = createWebhooks({
    targets: { all: { url: "http://a.example" }, messages: { url: "http://b.example" } },
    webhooks: [
      { triggers: ["**"], target: "all" },
      { triggers: ["transport.message*", "transport.messageSent"], target: "messages" },
    ],
  });

  expect(publisher.subscribers?.({ ...eventOf("a", 1), name: "transport.messageSent" })).toEqual(["all", "messages"]);
  expect(publisher.subscribers?.({ ...eventOf("a", 1), name: "transport.messageDelivered" })).toEqual(["all"]);
});

test("a target that is in the configuration no more fails, so that the event becomes a dead letter", async () => {
  const { publisher } = publisherTo({ url: "http://127.0.0.1:1" });

  await expect(publisher.publish(eventOf("a", 1), "gone")).rejects.toEqual(failed);
});

test("a shape gives names and data; a target that asks for an older name is called by it", async () => {
  await using receiver = await createReceiver();
  const publisher = createWebhooks({
    webhooks: [
      { triggers: ["old.name"], target: { url: `${receiver.url}/old/{{trigger}}` } },
      { triggers: ["**"], target: { url: `${receiver.url}/new/{{trigger}}` } },
    ],
    shape: { names: () => ["new.name", "old.name"], data: async ({ data }) => ({ ...data, shaped: true }) },
  });
  const event = eventOf("a", 1);

  for (const subscriber of publisher.subscribers?.(event) ?? []) await publisher.publish(event, subscriber);

  expect(receiver.received.map(({ path, json }) => ({ path, ...json }))).toEqual([
    { path: "/old/old.name", trigger: "old.name", data: { entity: "a", number: 1, shaped: true } },
    { path: "/new/new.name", trigger: "new.name", data: { entity: "a", number: 1, shaped: true } },
  ]);
});
