import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { operations } from "../../src/wire/operations.ts";
import { base64, bring, crypto, identityBody, letter, minute, offer, openRelay, pend, send } from "./parties.ts";
import { uploadOf } from "./uploads.ts";

const fixtures = new URL("../fixtures/", import.meta.url);
const exchanges = readdirSync(fixtures)
  .filter((name) => /^\d\d-.*\.jsonl$/.test(name))
  .flatMap((name) => readFileSync(new URL(name, fixtures), "utf8").split("\n"))
  .filter((line) => line !== "")
  .map((line) => JSON.parse(line));

type Json = unknown;

/** Operation by method and captured path; ids are the only variable segments. */
function operationOf(method: string, url: string): string | undefined {
  const path = url.replace(/\?.*$/, "").replace(/\/[A-Z]{3}[A-Za-z0-9]{17}(?=\/|$)/g, "/{id}");
  return Object.entries(operations).find(
    ([, row]) => row.method === method && row.path.toLowerCase() === path.toLowerCase(),
  )?.[0];
}

/** Member names, nested; lists count by their elements. */
function shapeOf(value: Json): Json {
  if (Array.isArray(value)) return [...new Set(value.map((element) => JSON.stringify(shapeOf(element))))].sort();
  if (typeof value !== "object" || value === null) return "value";
  const members = Object.entries(value).map(([name, inner]): [string, Json] => [
    name,
    name === "payload" ? "value" : shapeOf(inner),
  ]);
  return Object.fromEntries(members.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** The captured shapes of successes, by operation. Empty lists say nothing. */
const captured = new Map<string, Set<string>>();
for (const { request, response } of exchanges) {
  const operation = operationOf(request.method, request.path);
  if (operation === undefined || response.status >= 300 || response.body === undefined || response.body === null)
    continue;
  const result = operation === "connectToken" ? response.body : response.body.result;
  if (result === undefined || (Array.isArray(result) && result.length === 0)) continue;
  const shapes = captured.get(operation) ?? new Set();
  captured.set(operation, shapes.add(JSON.stringify(shapeOf(result))));
}

/** What was captured leaves out unset members; the protocol wants them as null (spec/backbone-protocol.md 1, 4.4). */
const fuller = new Set(["startDeletionProcess", "cancelDeletionProcess"]);

test("our answers have the members that were captured, for every operation that both have", async () => {
  const seen = await observe();

  expect(captured.size).toBeGreaterThan(20);
  for (const [operation, shapes] of captured) {
    const ours = seen.get(operation);
    expect(ours, `${operation} was not called`).toBeDefined();
    if (fuller.has(operation)) {
      for (const shape of ours ?? [])
        expect(JSON.parse(shape), operation).toMatchObject(JSON.parse([...shapes][0] ?? ""));
      continue;
    }
    for (const shape of ours ?? []) expect([...shapes], operation).toContain(shape);
  }
});

/** Calls everything that was captured, at least once, and keeps the shapes of the results. */
async function observe(): Promise<Map<string, Set<string>>> {
  const world = await openRelay();
  const seen = new Map<string, Set<string>>();
  const [one, two] = [await world.party(), await world.party()];
  const noting =
    (party: Pick<typeof one, "ok">) =>
    async (operation: string, ask: object = {}) => {
      const result = await party.ok(operation, ask);
      const shapes = seen.get(operation) ?? new Set();
      if (!(Array.isArray(result) && result.length === 0))
        seen.set(operation, shapes.add(JSON.stringify(shapeOf(result))));
      return result;
    };
  const [anonymous, a, b] = [noting(world.anonymous), noting(one), noting(two)];
  const body = {};

  const challenge = await anonymous("createChallenge", { body });
  const keys = crypto.signing.keyPair(new Uint8Array(32).fill(9));
  await anonymous("createIdentity", { body: identityBody(challenge, keys) });
  const login = { grant_type: "password", username: one.caller.username, password: one.password };
  await anonymous("connectToken", { body: login });
  await anonymous("isIdentityDeleted", { query: { username: one.caller.username } });
  await anonymous("getVersion");
  await anonymous("getTags");
  await a("changePassword", { body: { oldPassword: one.password, newPassword: "b".repeat(45) } });
  await a("getDevice");
  await a("getDatawallet");
  const { syncRun: upgrade } = await a("startSyncRun", { body: { type: "DatawalletVersionUpgrade" } });
  const item = {
    objectIdentifier: "x",
    collection: "c",
    type: "Create",
    payloadCategory: "Content",
    datawalletVersion: 1,
  };
  const modifications = [{ ...item, encryptedPayload: base64("p") }];
  const upgradeBody = { newDatawalletVersion: 1, datawalletModifications: [] };
  await a("finalizeDatawalletVersionUpgrade", { id: upgrade.id, body: upgradeBody });
  const { syncRun: second } = await a("startSyncRun", { body: { type: "DatawalletVersionUpgrade" } });
  const filled = { newDatawalletVersion: 1, datawalletModifications: modifications };
  await a("finalizeDatawalletVersionUpgrade", { id: second.id, body: filled });
  await a("pushModifications", { body: { localIndex: 0, modifications } });
  await a("listModifications");

  const template = (await a("createTemplate", { body: { content: base64("t") } })).id;
  await b("getTemplate", { id: template });
  const { id: token } = await a("createToken", { body: { content: base64("t"), expiresAt: world.in(minute) } });
  await b("getToken", { id: token });
  const empty = await anonymous("createToken", { body: { expiresAt: world.in(minute) } });
  await b("updateTokenContent", { id: empty.id, body: { newContent: base64("t") } });
  await b("canCreateRelationship", { query: { peer: one.address } });
  const { id } = await b("createRelationship", {
    body: { relationshipTemplateId: template, creationContent: base64("c") },
  });
  await a("startSyncRun", { body: { type: "ExternalEventSync" } }).then(async ({ syncRun }) => {
    const events = await a("listExternalEvents", { id: syncRun.id });
    const externalEventResults = events.map((event: { id: string }) => ({ externalEventId: event.id }));
    await a("finalizeExternalEventSync", {
      id: syncRun.id,
      body: { externalEventResults, datawalletModifications: [] },
    });
  });
  await a("getRelationship", { id });
  await a("acceptRelationship", { id, body: { creationResponseContent: base64("r") } });
  const message = await send(one, two);
  await b("getMessage", { id: message });
  await b("listMessages");
  const file = await a("createFile", uploadOf("c", { expiresAt: world.in(minute) }));
  await b("getFile", { id: file.id });
  await a("createMessage", { body: { ...letter(two), attachments: [{ id: file.id }] } }).then(({ id }) =>
    b("getMessage", { id }),
  );
  await a("createMessage", {
    body: { recipients: [{ address: two.address, encryptedKey: base64("k".repeat(40)) }], body: base64("m") },
  });
  for (const round of ["revokeReactivation", "rejectReactivation", "acceptReactivation"] as const) {
    if (round === "revokeReactivation") await a("terminateRelationship", { id, body });
    await a("requestReactivation", { id, body });
    await (round === "revokeReactivation" ? a : b)(round, { id, body });
  }
  await a("terminateRelationship", { id, body });
  await a("decomposeRelationship", { id, body });
  await two.ok("decomposeRelationship", { id, body });
  await a("rejectRelationship", { id: await pend(two, one), body });
  await b("revokeRelationship", { id: await pend(two, one), body });
  await b("getTemplate", { id: await offer(one, { forIdentity: two.address }) });
  await bring(two, one, "Active");

  const proof = await a("createChallenge", { body });
  const { signedChallenge } = identityBody(proof, one.keys);
  await a("createDevice", { body: { devicePassword: "d".repeat(45), signedChallenge } });
  await a("updateDevice", { body: { communicationLanguage: "de" } });
  const push = { platform: "dummy", handle: "handleLongEnough", appId: "appId" };
  await a("registerPushNotifications", { body: push });
  await a("deletePushNotifications");
  const { id: deletion } = await a("startDeletionProcess", { body });
  await a("cancelDeletionProcess", { id: deletion, body });
  return seen;
}
