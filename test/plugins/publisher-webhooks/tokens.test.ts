// Access tokens of webhook targets (spec/connector-api.md 4.4).
import { createWebhooks, type WebhookPublisher } from "rapport/plugins/publisher-webhooks";
import { expect, test } from "vitest";
import { eventOf } from "../publishing.ts";
import { type Behaviour, createReceiver } from "./receiver.ts";

async function stageWith(
  options: { token?: (count: number) => Behaviour; receiver?: (bearer: string) => Behaviour } = {},
) {
  let count = 0;
  let nowMs = Date.parse("2030-01-01T00:00:00.000Z");
  const grant = (number: number): Behaviour => ({
    status: 200,
    body: JSON.stringify({ access_token: `token-${number}`, expires_in: 60, token_type: "Bearer" }),
  });
  const server = await createReceiver(() => (options.token ?? grant)(++count));
  const receiver = await createReceiver(({ headers }) => options.receiver?.(headers.authorization ?? "") ?? 204);
  const publisher = createWebhooks({
    targets: {
      one: {
        url: receiver.url,
        authentication: {
          type: "OAuth2",
          accessTokenUrl: `${server.url}/token`,
          clientId: "me",
          clientSecret: "my:secret",
          scope: "hooks",
        },
      },
    },
    webhooks: [{ triggers: ["**"], target: "one" }],
    timeoutMs: 500,
    clock: { now: () => nowMs },
  });
  return {
    server,
    receiver,
    publisher,
    pass: (seconds: number) => {
      nowMs += seconds * 1000;
    },
    bearers: () => receiver.received.map(({ headers }) => headers.authorization),
    [Symbol.asyncDispose]: async () => {
      await publisher[Symbol.asyncDispose]();
      await server.stop();
      await receiver.stop();
    },
  };
}

const tell = (publisher: WebhookPublisher, number: number) => publisher.publish(eventOf("a", number), "one");

test("client credentials are asked for with a form and basic authentication", async () => {
  await using stage = await stageWith();

  await tell(stage.publisher, 1);

  expect(stage.server.received).toMatchObject([
    {
      path: "/token",
      text: "grant_type=client_credentials&scope=hooks",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        authorization: `Basic ${Buffer.from("me:my:secret").toString("base64")}`,
      },
    },
  ]);
  expect(stage.bearers()).toEqual(["Bearer token-1"]);
});

test("a token is used until ten seconds before its end", async () => {
  await using stage = await stageWith();

  await tell(stage.publisher, 1);
  stage.pass(49);
  await tell(stage.publisher, 2);
  stage.pass(1);
  await tell(stage.publisher, 3);

  expect(stage.bearers()).toEqual(["Bearer token-1", "Bearer token-1", "Bearer token-2"]);
});

test("calls that need a token at the same time share one", async () => {
  await using stage = await stageWith();

  await Promise.all([1, 2, 3, 4, 5].map((number) => tell(stage.publisher, number)));

  expect(stage.server.received.length).toBe(1);
  expect(new Set(stage.bearers())).toEqual(new Set(["Bearer token-1"]));
});

test("a token that the receiver does not want is not used again", async () => {
  await using stage = await stageWith({ receiver: (bearer) => (bearer === "Bearer token-1" ? 401 : 204) });

  await expect(tell(stage.publisher, 1)).rejects.toMatchObject({ code: "publisher.failed" });
  await tell(stage.publisher, 1);

  expect(stage.bearers()).toEqual(["Bearer token-1", "Bearer token-2"]);
});

test.for<Behaviour>([500, "silent", { status: 200, body: "no json" }, { status: 200, body: "{}" }])(
  "a server of tokens that answers %j fails the call, which is tried again",
  async (behaviour) => {
    const granted = { status: 200, body: JSON.stringify({ access_token: "late" }) };
    await using stage = await stageWith({ token: (count) => (count === 1 ? behaviour : granted) });

    await expect(tell(stage.publisher, 1)).rejects.toMatchObject({ code: "publisher.failed", retry: true });
    await tell(stage.publisher, 1);

    expect(stage.bearers()).toEqual(["Bearer late"]);
    expect(JSON.stringify(stage.publisher.deliveries())).not.toContain("secret");
  },
);
