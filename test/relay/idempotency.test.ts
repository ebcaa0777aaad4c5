import { createMemoryStore } from "rapport/plugins/storage-memory";
import { expect, test } from "vitest";
import { createSeededEntropy } from "../kit/seeded-entropy.ts";
import { interruptedStore } from "./interrupted.ts";
import { base64, bring, crypto, identityBody, letter, minute, offer, openRelay, pend } from "./parties.ts";

const day = 24 * 60 * minute;
const replayed = { "idempotency-replayed": "true" };

test("the same call under the same key answers the same and has its effect once (I1)", async () => {
  const world = await openRelay();
  const [from, to] = [await world.party(), await world.party()];
  await bring(from, to, "Active");
  await to.sync();
  const ask = { body: letter(to), key: "key-1" };

  const first = await from.call("createMessage", ask);
  world.clock.advance(day);
  const second = await from.call("createMessage", ask);

  expect(first).not.toHaveProperty("headers");
  expect(second).toEqual({ ...first, headers: replayed });
  expect(await to.sync()).toHaveLength(1);
});

test("of ten such calls at the same time one has the effect and all get its answer", async () => {
  const world = await openRelay();
  const [from, to] = [await world.party(), await world.party()];
  await bring(from, to, "Active");
  await to.sync();

  const answers = await Promise.all(
    Array.from({ length: 10 }, () => from.call("createMessage", { body: letter(to), key: "key-1" })),
  );

  expect(new Set(answers.map((answer) => JSON.stringify({ ...answer, headers: undefined })))).toHaveLength(1);
  expect(answers.filter((answer) => answer.headers === undefined)).toHaveLength(1);
  expect(await to.sync()).toHaveLength(1);
});

test("a call that finds the effect of its double, made a moment ago, gets its double's answer and no refusal (I2)", async () => {
  const { store, after } = interruptedStore();
  const world = await openRelay({ store });
  const [from, to] = [await world.party(), await world.party()];
  const ask = { id: await pend(from, to), body: {}, key: "accept" };
  let first: object = {};
  after("/idempotency/", async () => {
    first = await to.call("acceptRelationship", ask);
  });

  const second = await to.call("acceptRelationship", ask);

  expect(second).toEqual({ ...first, headers: replayed });
  expect(second).toMatchObject({ ok: true, result: { status: "Active" } });
});

test("a key of another request is refused", async () => {
  const world = await openRelay();
  const [owner, other] = [await world.party(), await world.party()];
  const body = { content: base64("one") };
  await owner.ok("createTemplate", { body, key: "key-1" });

  expect(await owner.no("createTemplate", { body: { content: base64("two") }, key: "key-1" })).toBe(
    "idempotencyKeyReused",
  );
  expect(await owner.no("createToken", { body: { ...body, expiresAt: world.in(minute) }, key: "key-1" })).toBe(
    "idempotencyKeyReused",
  );
  await other.ok("createTemplate", { body: { content: base64("two") }, key: "key-1" });
});

test("a stored success wins over what repeating would find now (I2)", async () => {
  const world = await openRelay();
  const [from, to] = [await world.party(), await world.party()];
  const id = await pend(from, to);
  const accepted = await to.call("acceptRelationship", { id, body: {}, key: "accept" });
  const token = await to.call("createToken", {
    body: { expiresAt: world.in(minute), content: base64("x") },
    key: "token",
  });
  const tokenBody = { expiresAt: world.in(minute), content: base64("x") };
  await from.ok("terminateRelationship", { id, body: {} });

  world.clock.advance(2 * minute);

  expect(await to.call("acceptRelationship", { id, body: {}, key: "accept" })).toEqual({
    ...accepted,
    headers: replayed,
  });
  expect(await to.call("createToken", { body: tokenBody, key: "token" })).toEqual({ ...token, headers: replayed });
});

test("a refusal is stored, so a copy of the call that comes late does nothing, and asking anew is a new call", async () => {
  const world = await openRelay();
  const [from, to] = [await world.party(), await world.party()];
  const id = await bring(from, to, "DeletionProposed");
  const ask = { body: { relationshipTemplateId: await offer(to) }, key: "create" };
  expect(await from.no("createRelationship", ask)).toBe("relationship.relationshipToTargetAlreadyExists");

  await to.ok("decomposeRelationship", { id, body: {} });

  expect(await from.no("createRelationship", ask)).toBe("relationship.relationshipToTargetAlreadyExists");
  expect(await from.ok("createRelationship", { ...ask, key: "anew" })).toMatchObject({ status: "Pending" });
});

test("a call that cannot be understood leaves no answer behind", async () => {
  const world = await openRelay();
  const owner = await world.party();
  expect(await owner.no("createTemplate", { body: { content: 1 }, key: "key-1" })).toBe("invalidPropertyValue");
  await owner.ok("createTemplate", { body: { content: base64("one") }, key: "key-1" });
});

test("a new identity's key belongs to its public key", async () => {
  const world = await openRelay();
  const keys = crypto.signing.keyPair(createSeededEntropy(7).bytes(32));
  const others = crypto.signing.keyPair(createSeededEntropy(8).bytes(32));
  const body = identityBody(await world.anonymous.ok("createChallenge", { body: {} }), keys);
  const otherBody = identityBody(await world.anonymous.ok("createChallenge", { body: {} }), others);

  const first = await world.anonymous.call("createIdentity", { body, key: "create" });
  const second = await world.anonymous.call("createIdentity", { body, key: "create" });
  const other = await world.anonymous.call("createIdentity", { body: otherBody, key: "create" });

  expect(second).toEqual({ ...first, headers: replayed });
  expect(other.ok && other.result).not.toEqual(first.ok && first.result);
});

test("callers that cannot be told apart each get their own answer under the same key, and nothing is stored (I3)", async () => {
  const store = createMemoryStore();
  const world = await openRelay({ store });
  const ask = { body: {}, key: "key-1" };

  const first = await world.anonymous.call("createChallenge", ask);
  const second = await world.anonymous.call("createChallenge", ask);

  expect(first).toMatchObject({ ok: true });
  expect(second).toMatchObject({ ok: true });
  expect(second).not.toHaveProperty("headers");
  expect(second.ok && second.result).not.toEqual(first.ok && first.result);
  const kept = [];
  for await (const { key } of store.find({ under: "relay/idempotency" })) kept.push(key);
  expect(kept).toEqual([]);
});

test("reads and access tokens are never stored", async () => {
  const world = await openRelay();
  const party = await world.party();
  const body = { grant_type: "password", username: party.caller.username, password: party.password };

  const first = await world.anonymous.ok("connectToken", { body, key: "login" });
  const second = await world.anonymous.ok("connectToken", { body, key: "login" });

  expect(second.access_token).not.toBe(first.access_token);
  expect(await party.call("getDevice", { key: "read" })).not.toHaveProperty("headers");
  expect(await party.call("getDevice", { key: "read" })).not.toHaveProperty("headers");
});

test("keys are forgotten after seven days, and swept by later writes of the device (W1)", async () => {
  const store = createMemoryStore();
  const world = await openRelay({ store });
  const owner = await world.party();
  const ask = (key: string) => ({ body: { content: base64("x") }, key });
  const { id } = await owner.ok("createTemplate", ask("one"));
  await owner.ok("createTemplate", ask("two"));

  world.clock.advance(7 * day);
  expect((await owner.ok("createTemplate", ask("one"))).id).not.toBe(id);

  const kept = [];
  for await (const { key } of store.find({ under: "relay/idempotency" })) kept.push(key);
  expect(kept).toEqual([`relay/idempotency/${owner.caller.deviceId}.one`]);
});

test.for(["", "a/b", "a b", "k".repeat(101)])("the key %j is refused", async (key) => {
  const world = await openRelay();
  const owner = await world.party();

  expect(await owner.no("createTemplate", { body: { content: base64("x") }, key })).toBe("invalidPropertyValue");
});

test("a commit that fails writes nothing, and the same key then succeeds", async () => {
  const store = createMemoryStore();
  let isBroken = false;
  const commit: typeof store.commit = async (batch) => {
    if (isBroken) throw new Error("The disk is gone.");
    return store.commit(batch);
  };
  const world = await openRelay({ store: { ...store, commit } });
  const [from, to] = [await world.party(), await world.party()];
  await bring(from, to, "Active");
  await to.sync();
  isBroken = true;
  const failed = await from.call("createMessage", { body: letter(to), key: "key-1" });
  isBroken = false;

  expect(failed).toMatchObject({ ok: false, status: 500, error: { code: "error.platform.unexpected" } });
  expect(await from.ok("listMessages")).toEqual([]);
  expect(await from.call("createMessage", { body: letter(to), key: "key-1" })).not.toHaveProperty("headers");
  expect(await to.sync()).toHaveLength(1);
});
