// The configuration of webhooks (spec/connector-api.md 4.4 and 7, behaviours 104 and 105).
import { createWebhooks, type WebhooksConfig } from "rapport/plugins/publisher-webhooks";
import { describe, expect, test } from "vitest";
import { readWebhooks, urlFor } from "../../../plugins/publisher-webhooks/targets.ts";
import { isTriggeredBy } from "../../../plugins/publisher-webhooks/triggers.ts";
import { secretOf } from "./receiver.ts";

const url = "https://receiver.example/hook";
const faultOf = (config: WebhooksConfig) => expect(() => createWebhooks(config));

test("7.104 the event's name takes the place of {{trigger}} in the url", () => {
  expect(urlFor({ url: "https://receiver.example/{{trigger}}/{{trigger}}" }, "transport.messageSent")).toBe(
    "https://receiver.example/transport.messageSent/transport.messageSent",
  );
  expect(urlFor({ url }, "transport.messageSent")).toBe(url);
});

describe("7.105 targets", () => {
  test("inline ones keep their url and headers", () => {
    const [only] = readWebhooks({ webhooks: [{ triggers: ["a.b"], target: { url, headers: { "x-a": "1" } } }] });

    expect(only).toMatchObject({ target: { url, headers: { "x-a": "1" } }, patterns: ["a.b"] });
  });

  test("named ones keep their url and headers, and are told once whatever names them", () => {
    const targets = { one: { url, headers: { "x-a": "1" } }, unused: { url } };
    const found = readWebhooks({
      targets,
      webhooks: [
        { triggers: ["a.b"], target: "one" },
        { triggers: ["c.*"], target: "one" },
      ],
    });

    expect(found).toMatchObject([{ name: "one", target: targets.one, patterns: ["a.b", "c.*"] }]);
  });

  test("an unknown name is a target-reference error", () => {
    faultOf({ targets: {}, webhooks: [{ triggers: ["a"], target: "toString" }] }).toThrow(
      expect.objectContaining({ code: "error.runtime.modules.webhooks.invalidTargetReference" }),
    );
  });

  test.for(["not a url", "ftp://receiver.example", "//receiver.example", "{{trigger}}"])(
    "%s is a url-format error",
    (bad) => {
      const wrong = expect.objectContaining({ code: "error.runtime.modules.webhooks.invalidUrlFormat" });

      faultOf({ webhooks: [{ triggers: ["a"], target: { url: bad } }] }).toThrow(wrong);
      faultOf({ targets: { one: { url: bad } }, webhooks: [] }).toThrow(wrong);
    },
  );

  test.for([
    { type: "ApiKey", apiKey: "" },
    { type: "ApiKey", apiKey: "k", headerName: "not a name" },
    { type: "ApiKey", apiKey: "line\nbreak" },
    { type: "OAuth2", accessTokenUrl: "nowhere", clientId: "c", clientSecret: "s" },
    { type: "OAuth2", accessTokenUrl: url, clientId: "", clientSecret: "s" },
    { type: "OAuth2", accessTokenUrl: url, clientId: "c", clientSecret: "" },
    { type: "Basic" },
  ])("authentication %j is an authentication error", (authentication) => {
    const target = { url, authentication } as NonNullable<WebhooksConfig["targets"]>[string];

    faultOf({ webhooks: [{ triggers: ["a"], target }] }).toThrow(
      expect.objectContaining({ code: "error.runtime.modules.webhooks.invalidAuthenticationConfig" }),
    );
  });
});

test("an inline target is the same target after a restart with another secret and in another place", () => {
  const inline = (signingSecrets: string[]) => ({ triggers: ["a"], target: { url, signingSecrets } });
  const [before] = readWebhooks({ webhooks: [inline([secretOf(1)])] });
  const [, after] = readWebhooks({
    webhooks: [{ triggers: ["b"], target: { url: `${url}2` } }, inline([secretOf(2)])],
  });

  expect(after?.name).toBe(before?.name);
});

test.for(["whsec_short", "not base64 at all, but long enough to be a secret", `whsec_${"A".repeat(120)}`])(
  "%s is no signing secret",
  (secret) => {
    faultOf({
      targets: { one: { url, signingSecrets: [secret] } },
      webhooks: [{ triggers: ["a"], target: "one" }],
    }).toThrow(expect.objectContaining({ code: "publisher.invalid" }));
  },
);

test.for([
  ["**", "consumption.attributeCreated", true],
  ["*", "consumption.attributeCreated", false],
  ["*", "consumption", true],
  ["consumption.*", "consumption.attributeCreated", true],
  ["consumption.*", "consumption.relationshipEvent.REL1", false],
  ["consumption.**", "consumption.relationshipEvent.REL1", true],
  ["*.attributeCreated", "consumption.attributeCreated", true],
  ["**.REL1", "consumption.relationshipEvent.REL1", true],
  ["consumption.**.REL1", "consumption.relationshipEvent.REL1", true],
  ["consumption.**.REL1", "consumption.REL1", true],
  ["transport.messageSent", "transport.messageSent", true],
  ["transport.messageSent", "transport.messageSents", false],
  ["transport.message", "transport.messageSent", false],
  ["transport", "transport.messageSent", false],
  ["transport.messageSent.*", "transport.messageSent", false],
] as const)("the trigger %s and the event %s: %s", ([pattern, name, fits]) => {
  expect(isTriggeredBy(pattern, name)).toBe(fits);
});

test("a pattern of many stars is answered at once", () => {
  expect(isTriggeredBy(`${"**.".repeat(200)}x`, `${"a.".repeat(200)}y`)).toBe(false);
});
