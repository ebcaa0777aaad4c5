import { createServer } from "node:http";
import { configShape } from "rapport/connector";
import { Log, type Plugin } from "rapport/core";
import { expect, onTestFinished, test } from "vitest";
import { callerNameOf } from "../../../src/apps/connector/access/caller-name.ts";
import { brokersModule } from "../../../src/apps/connector/modules/brokers.ts";
import { pinoLog } from "../../../src/apps/connector/pino-log.ts";
import { startLines, startObject } from "../../../src/apps/connector/start-lines.ts";
import { addressOf, befriended, inHours, ok, type Result, sync, template, v2 } from "./calls.ts";
import { least, problemsOf, strongKey, withValues } from "./config/read.ts";
import { calledWith, mainKey } from "./security-stage.ts";
import { type Actor, openStage } from "./stage.ts";

const spare = `${strongKey}-spare`;
const signing = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

/** Whatever is written here is a secret, or only for the other side. */
const hush = {
  platform: "hush-platform-secret",
  header: "hush-tenant-header",
  webhookKey: "hush-webhook-key",
  oauth: "hush-oauth-secret",
  token: "hush-access-token",
  path: "hush-path-of-a-chat",
  password: "hush-password",
  subject: "hush-subject-of-a-mail",
  plain: "hush-plain-content",
  file: "hush-content-of-a-file",
};

async function openReceiver() {
  const server = createServer((request, response) => {
    const isToken = request.url === "/token";
    response.statusCode = isToken ? 200 : 500;
    response.end(isToken ? JSON.stringify({ access_token: hush.token, expires_in: 60 }) : hush.plain);
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

function settings(receiver: string, debug: boolean) {
  const basic = { url: `${receiver}/services/${hush.path}`, signingSecrets: [signing] };
  const key = { ...basic, authentication: { type: "ApiKey", apiKey: hush.webhookKey } };
  const oauth = { type: "OAuth2", accessTokenUrl: `${receiver}/token`, clientId: "c", clientSecret: hush.oauth };
  const targets = { key, oauth: { ...basic, headers: { "x-tenant": hush.header }, authentication: oauth } };
  const triggers = ["**"];
  return {
    debug,
    transportLibrary: {
      baseUrl: "http://localhost",
      platformClientId: "test",
      platformClientSecret: hush.platform,
      platformAdditionalHeaders: { "x-any": hush.header },
    },
    infrastructure: {
      httpServer: { authentication: { apiKey: { keys: { main: { key: mainKey }, spare: { key: spare } } } } },
    },
    modules: {
      webhooks: { enabled: true, targets, webhooks: Object.keys(targets).map((target) => ({ triggers, target })) },
    },
  } as never;
}

/** Two who meet, write and mistake themselves in many ways. Gives the bodies of all refusals. */
async function story(alice: Actor, bob: Actor): Promise<{ readonly refusals: string[]; readonly made: string[] }> {
  const protection = { passwordProtection: { password: hush.password } };
  const value = { [hush.plain]: hush.plain };
  const content = { "@type": "ArbitraryRelationshipTemplateContent", value };
  const locked = await template(alice, { content, ...protection });
  const token = await ok(alice, `POST ${v2}/Tokens/Own`, { content: value, expiresAt: inHours(1), ephemeral: false });
  await befriended(alice, bob);
  const to = [await addressOf(bob)];
  const mail = { "@type": "Mail", to, subject: hush.subject, body: hush.plain };
  await ok(alice, `POST ${v2}/Messages`, { recipients: to, content: mail });
  await ok(alice, `POST ${v2}/Attributes`, { content: { value: { "@type": "GivenName", value: hush.plain } } });
  const form = new FormData();
  form.set("title", hush.plain);
  form.set("file", new Blob([hush.file]), "f.txt");
  await fetch(`${alice.url}${v2}/Files/Own`, { method: "POST", headers: { "x-api-key": mainKey }, body: form });
  await sync(bob);
  await sync(alice);
  const reference = locked.truncatedReference;
  const calls: readonly (readonly [string, string, unknown?, Record<string, string>?])[] = [
    ["POST", "/RelationshipTemplates/Peer", { reference, password: `${hush.password}x` }],
    ["POST", "/RelationshipTemplates/Peer", { reference }],
    ["POST", "/RelationshipTemplates/Peer", { reference: `${reference}AAAA` }],
    ["POST", "/RelationshipTemplates/Own", { content, expiresAt: hush.plain, ...protection }],
    ["POST", "/Messages", { recipients: ["nobody"], content: mail }],
    [
      "POST",
      "/Messages",
      { recipients: to, content: { "@type": "Request", items: [{ "@type": "Unknown", value: hush.subject }] } },
    ],
    ["POST", "/Attributes", { content: { value: { "@type": "EMailAddress", value: hush.plain } } }],
    ["POST", "/Tokens/Peer", { reference: token.truncatedReference, password: hush.password }],
    ["GET", `/Messages?content.body=${hush.plain}`],
    ["GET", `/Files/${encodeURIComponent(reference)}`],
    ["GET", "/Account/IdentityInfo", undefined, { "x-api-key": `${mainKey}x` }],
    ["GET", "/nowhere", undefined, { "x-api-key": spare }],
  ];
  const refusals: string[] = [];
  for (const [method, path, body, headers] of calls) {
    const answer = await bob.call(method, v2 + path, body, headers);
    if (answer.status >= 400) refusals.push(JSON.stringify(answer.body));
  }
  return { refusals, made: [token.truncatedReference, reference, secretIn(token), secretIn(locked)] };
}

/** The key in a reference. */
function secretIn({ truncatedReference }: Result): string {
  return Buffer.from(truncatedReference, "base64url").toString().split("|")[2] ?? "";
}

test.for([true, false])("nothing secret is in a log, a refusal or support output (debug mode: %s)", async (debug) => {
  const lines: string[] = [];
  const log = pinoLog({ level: "debug" }, (line) => void lines.push(line));
  const logging: Plugin = { name: "log", register: ({ provide }) => provide(Log, () => log) };
  await using stage = await openStage();
  const options = {
    config: settings(await openReceiver(), debug),
    log,
    plugins: [logging],
    unauthorizedDelayMs: () => 0,
  };
  const alice = calledWith(await stage.actor("alice", { ...options, background: true }), mainKey);
  const bob = calledWith(await stage.actor("bob", options), mainKey);

  const { refusals, made } = await story(alice, bob);
  const deliveries = () => alice.call("GET", "/api/rapport/v1/WebhookDeliveries");
  await expect.poll(async () => (await deliveries()).body.result?.length ?? 0).toBeGreaterThan(0);
  const told = [
    JSON.stringify((await alice.call("GET", "/Monitoring/Support")).body),
    JSON.stringify((await deliveries()).body),
    JSON.stringify((await alice.call("GET", "/api/rapport/v1/DeadLetters")).body),
  ];

  expect(refusals.length).toBeGreaterThan(6);
  expect(lines.length).toBeGreaterThan(6);
  expect(made.every((secret) => secret.length > 20)).toBe(true);
  const secrets = { ...hush, mainKey, spare, signing };
  for (const [kind, texts] of Object.entries({ log: lines, told, refusals })) {
    for (const [name, secret] of [...Object.entries(secrets), ...Object.entries(made)]) {
      const showing = texts.filter((text) => text.includes(secret));
      expect({ kind, name, showing }).toEqual({ kind, name, showing: [] });
    }
  }
});

test("what is printed at the start has no secret", () => {
  const connectionString = "postgres://user:hush-p@ss@db.example/main?password=hush-too";
  const config = configShape.parse(
    withValues(least, {
      "database.driver": "postgres",
      "database.connectionString": connectionString,
      "infrastructure.httpServer.apiKey": `${strongKey}-hush`,
      "infrastructure.httpServer.authentication": { apiKey: { keys: { main: { key: `hush-${strongKey}` } } } },
    }),
  );
  const started = { config, urls: ["http://127.0.0.1:1"], identities: [] };

  const text = [...startLines(started), JSON.stringify(startObject(started))].join("\n");
  expect(text).toContain("db.example/main");
  expect(text).not.toMatch(/hush|relay-secret/);
});

test("the name of a broker, under which events wait and are logged, has no password, with a scheme or without", () => {
  const urls = ["nats://me:hush@a.example:4222", "me:hush@a.example:4222", "hush@a.example"];
  const brokers = urls.map((url) => ({ type: "NATS", configuration: { url } }));
  const values = { "modules.messageBrokerPublisher": { enabled: true, brokers } };
  const config = configShape.parse(withValues(least, values));

  const modules = brokersModule({ config, log: { write: () => undefined }, clock: { now: () => 0 } } as never);
  const names = modules.flatMap(({ plugins = [] }) => plugins.map(({ name }) => name)).join("\n");
  expect(names).toContain("a.example");
  expect(names).not.toContain("hush");
});

test("two callers whom an issuer calls nearly the same are two: one cannot repeat the call of the other", () => {
  const long = "x".repeat(150);

  expect(callerNameOf("bearer", `${long}a`)).not.toBe(callerNameOf("bearer", `${long}b`));
  expect(callerNameOf("bearer", `${long}a`).length).toBe("bearer ".length + 100);
  expect(callerNameOf("login", "mara")).toBe("login mara");
});

test("configurations reach no prototype, from a file, the environment or the command line", () => {
  const file = `{"__proto__":{"polluted":1},"modules":{"constructor":{"prototype":{"polluted":1}}}}`;
  const environment = { modules__constructor__prototype__polluted: "1", modules____proto____polluted: "1" };
  const words = ["constructor", "--modules.__proto__.polluted=1", "--constructor=1", "--__proto__=1", "--toString"];

  const problems = problemsOf({ file, environment, words }).join("\n");
  for (const one of [
    "__proto__ is a name",
    "modules.constructor is a name",
    "--constructor",
    "--__proto__",
    "--toString",
    '"constructor" is not',
  ]) {
    expect(problems).toContain(one);
  }
  expect("polluted" in {}).toBe(false);
});
