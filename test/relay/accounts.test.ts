import { describe, expect, test } from "vitest";
import { createSeededEntropy } from "../kit/seeded-entropy.ts";
import { base64, bring, crypto, identityBody, minute, openRelay, send } from "./parties.ts";

const keys = crypto.signing.keyPair(createSeededEntropy(42).bytes(32));
const otherKeys = crypto.signing.keyPair(createSeededEntropy(43).bytes(32));
const challengeFor = async ({ anonymous }: Awaited<ReturnType<typeof openRelay>>) =>
  anonymous.ok("createChallenge", { body: {} });

describe("challenges", () => {
  test("live ten minutes and name who asked", async () => {
    const world = await openRelay();
    const party = await world.party();

    const anonymous = await world.anonymous.call("createChallenge", { body: {} });
    const named = await party.ok("createChallenge", { body: {} });

    expect(anonymous).toMatchObject({
      status: 201,
      result: { expiresAt: world.in(10 * minute), createdBy: null, createdByDevice: null },
    });
    expect(named).toMatchObject({ createdBy: party.address, createdByDevice: party.caller.deviceId });
    expect(await party.ok("getChallenge", { id: named.id })).toEqual(named);
    expect(await party.no("getChallenge", { id: "CHLunknownunknown000" })).toBe("recordNotFound");
  });
});

describe("creating an identity", () => {
  test("gives the address that the key and the host name make, as captured", async () => {
    const world = await openRelay({ hostName: "relay.example.org" });

    const answer = await world.anonymous.call("createIdentity", {
      body: identityBody(await challengeFor(world), keys),
    });

    expect(answer).toMatchObject({
      status: 201,
      result: {
        address: expect.stringMatching(/^did:e:relay\.example\.org:dids:[0-9a-f]{22}$/),
        createdAt: world.in(0),
        device: { id: expect.stringMatching(/^DVC/), username: expect.stringMatching(/^USR/), createdAt: world.in(0) },
      },
    });
  });

  test("needs a signature of the very key over the very text", async () => {
    const world = await openRelay();
    const challenge = await challengeFor(world);
    const good = identityBody(challenge, keys);
    const foreign = identityBody(challenge, otherKeys);
    const bodies = [
      { ...good, signedChallenge: foreign.signedChallenge },
      { ...good, signedChallenge: { ...good.signedChallenge, challenge: `${good.signedChallenge.challenge} ` } },
      { ...good, signedChallenge: { ...good.signedChallenge, signature: base64("{}") } },
    ];

    for (const body of bodies) {
      expect(await world.anonymous.no("createIdentity", { body })).toBe("device.invalidSignature");
    }
  });

  test("needs a challenge that exists and is not over", async () => {
    const world = await openRelay();
    const challenge = await challengeFor(world);
    const unknown = { ...challenge, id: "CHLunknownunknown000" };
    expect(await world.anonymous.no("createIdentity", { body: identityBody(unknown, keys) })).toBe("recordNotFound");

    world.clock.advance(10 * minute);

    const code = await world.anonymous.no("createIdentity", { body: identityBody(challenge, keys) });
    expect(code).toBe("device.challengeHasExpired");
  });

  test("works once for a key, and once for a challenge", async () => {
    const world = await openRelay();
    const challenge = await challengeFor(world);
    await world.anonymous.ok("createIdentity", { body: identityBody(challenge, keys) });

    expect(await world.anonymous.no("createIdentity", { body: identityBody(challenge, otherKeys) })).toBe(
      "recordNotFound",
    );
    const second = identityBody(await challengeFor(world), keys);
    expect(await world.anonymous.no("createIdentity", { body: second })).toBe("device.addressAlreadyExists");
  });

  test("needs a known client when there is a registry; the refusal is a 400", async () => {
    const world = await openRelay({ clients: [{ id: "test", secret: "right" }] });
    const challenge = await challengeFor(world);

    const answer = await world.anonymous.call("createIdentity", { body: identityBody(challenge, keys) });

    expect(answer).toMatchObject({ status: 400, error: { code: "error.platform.unauthorized" } });
    await world.anonymous.ok("createIdentity", { body: identityBody(challenge, keys, { clientSecret: "right" }) });
  });
});

describe("logging in", () => {
  test("gives a token that stands for the caller for 300 seconds", async () => {
    const world = await openRelay();
    const party = await world.party();
    const { username } = party.caller;

    const body = { grant_type: "password", username, password: party.password };
    const token = await world.anonymous.ok("connectToken", { body });

    expect(token).toEqual({ access_token: expect.any(String), token_type: "Bearer", expires_in: 300 });
    expect(await world.relay.callerOf(token.access_token)).toEqual({ ok: true, value: party.caller });
    expect(await party.ok("getDevice")).toMatchObject({ username, lastLogin: { time: world.in(0) } });
    world.clock.advance(300_000);
    expect(await world.relay.callerOf(token.access_token)).toMatchObject({ ok: false });
    expect(await world.relay.callerOf("made up")).toMatchObject({ ok: false });
  });

  test("three wrong passwords lock the device for ten minutes, for the right one too", async () => {
    const world = await openRelay();
    const party = await world.party();
    const { username } = party.caller;
    const login = (password: string) => world.relay.authenticate(username, password);
    await login("wrong");
    await login("wrong");
    expect(await login(party.password)).toMatchObject({ ok: true, value: party.caller });
    await Promise.all([login("wrong"), login("wrong"), login("wrong")]);

    expect(await login(party.password)).toMatchObject({ ok: false, refusal: { details: { reason: "access_denied" } } });

    world.clock.advance(10 * minute);
    expect(await login(party.password)).toMatchObject({ ok: true });
  });

  test("an unknown username, another grant or a wrong client is refused as the protocol says", async () => {
    const world = await openRelay({ clients: [{ id: "test", secret: "test" }] });
    const party = await world.party();
    const good = { grant_type: "password", username: party.caller.username, password: party.password };
    const client = { client_id: "test", client_secret: "test" };

    expect(
      await world.anonymous.no("connectToken", { body: { ...good, ...client, username: "USRunknownunknown000" } }),
    ).toBe("unauthorized");
    expect(await world.anonymous.no("connectToken", { body: { ...good, ...client, grant_type: "code" } })).toBe(
      "unauthorized",
    );
    expect(await world.anonymous.no("connectToken", { body: good })).toBe("unauthorized");
    await world.anonymous.ok("connectToken", { body: { ...good, ...client } });
  });

  test("changing the password needs the old one", async () => {
    const world = await openRelay();
    const party = await world.party();
    const newPassword = "another-device-password-of-forty-five-letters";

    expect(await party.no("changePassword", { body: { oldPassword: "wrong", newPassword } })).toBe(
      "device.changePasswordFailed",
    );
    const answer = await party.call("changePassword", { body: { oldPassword: party.password, newPassword } });

    expect(answer).toMatchObject({ status: 204, result: {} });
    expect(await world.relay.authenticate(party.caller.username, newPassword)).toMatchObject({ ok: true });
    expect(await world.relay.authenticate(party.caller.username, party.password)).toMatchObject({ ok: false });
  });
});

test("the epoch only grows, and a client that is behind is told that its store is an old copy (C2)", async () => {
  const world = await openRelay();
  const party = await world.party();
  const raise = (epoch: number, sent = 0) => party.ok("raiseEpoch", { body: { epoch, sent } });

  expect(await raise(0)).toEqual({ epoch: 1, sent: 0, restored: false, restores: 0 });
  expect(await raise(1)).toEqual({ epoch: 2, sent: 0, restored: false, restores: 0 });
  expect(await raise(1)).toEqual({ epoch: 3, sent: 0, restored: true, restores: 1 });
  expect(await raise(3)).toEqual({ epoch: 4, sent: 0, restored: false, restores: 1 });
  expect(await raise(7)).toEqual({ epoch: 8, sent: 0, restored: false, restores: 1 });
});

test("a client that knows of fewer sent Messages than the relay has an old copy of its store too (C2)", async () => {
  const world = await openRelay();
  const [from, to] = [await world.party(), await world.party()];
  await bring(from, to, "Active");
  await send(from, to);
  await send(from, to);

  const behind = await from.ok("raiseEpoch", { body: { epoch: 0, sent: 1 } });
  const upToDate = await from.ok("raiseEpoch", { body: { epoch: 1, sent: 2 } });

  expect(behind).toEqual({ epoch: 1, sent: 2, restored: true, restores: 1 });
  expect(upToDate).toEqual({ epoch: 2, sent: 2, restored: false, restores: 1 });
});

describe("any call", () => {
  test("without a login is refused where one is needed", async () => {
    const world = await openRelay();

    const answer = await world.anonymous.call("createTemplate", { body: { content: base64("x") } });

    expect(answer).toMatchObject({
      ok: false,
      status: 401,
      error: { code: "error.platform.unauthorized" },
      rapport: true,
    });
  });

  test("that is no JSON object, or has a malformed id, or names no operation, is refused", async () => {
    const { relay, party } = await openRelay();
    const { caller, no } = await party();

    for (const body of ["{", "[]", "null", '"text"']) {
      const answer = await relay.call({ operation: "createTemplate", body }, caller);
      expect(answer).toMatchObject({ status: 400, error: { code: "error.platform.inputCannotBeParsed" } });
    }
    expect(await no("getTemplate", { id: "../identity" })).toBe("invalidId");
    expect(await no("noSuchOperation")).toBe("recordNotFound");
    expect(await no("constructor")).toBe("recordNotFound");
  });

  test("to a store that fails answers 500 and says nothing about the inside", async () => {
    const entries: string[] = [];
    const log = { write: (_level: string, message: string) => entries.push(message) };
    const world = await openRelay({ log });
    const party = await world.party();
    await world.relay[Symbol.asyncDispose]();

    const answer = await party.call("getDevice");

    expect(answer).toMatchObject({ ok: false, status: 500, error: { code: "error.platform.unexpected" } });
    expect(entries).toEqual(["A call failed."]);
  });
});

test("Version and IsDeleted answer anybody", async () => {
  const world = await openRelay();
  const { caller } = await world.party();

  expect(await world.anonymous.ok("getVersion")).toEqual({ majorVersion: "7" });
  const query = { username: caller.username };
  expect(await world.anonymous.ok("isIdentityDeleted", { query })).toEqual({ isDeleted: false, deletionDate: null });
});
