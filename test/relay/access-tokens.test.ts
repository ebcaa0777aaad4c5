// The invariants G1 to G3 are those of src/relay/signing-keys.ts, J1 and J2 those of src/relay/signed-token.ts.
import { createMemoryDisk, createMemoryStore } from "rapport/plugins/storage-memory";
import { createRelay, type RelayOptions } from "rapport/relay";
import { describe, expect, test } from "vitest";
import { createSeededEntropy } from "../kit/seeded-entropy.ts";
import { base64, crypto, openRelay, type Party, type RelayWorld } from "./parties.ts";

const week = 7 * 24 * 3_600_000;
const refused = { ok: false, refusal: { code: "error.platform.unauthorized" } };

const logIn = async ({ anonymous }: Pick<RelayWorld, "anonymous">, party: Party): Promise<string> => {
  const body = { grant_type: "password", username: party.caller.username, password: party.password, client_id: "app" };
  return (await anonymous.ok("connectToken", { body })).access_token;
};
const decoded = (part: string | undefined) => JSON.parse(Buffer.from(part ?? "", "base64url").toString());
const headerOf = (token: string) => token.split(".")[0];

/** A memory store that tells which keys are read. */
function watched() {
  const reads: string[] = [];
  const store = createMemoryStore();
  const get: typeof store.get = (key) => {
    reads.push(key);
    return store.get(key);
  };
  return { reads, store: { ...store, get } };
}

/** Another process of the same relay: it shares the store of the first one. */
function neighbour(world: RelayWorld, store: RelayOptions["store"]) {
  const relay = createRelay({ store, clock: world.clock, entropy: createSeededEntropy(99), crypto, shared: true });
  const body = async (party: Party) =>
    JSON.stringify({ grant_type: "password", username: party.caller.username, password: party.password });
  const login = async (party: Party): Promise<string> => {
    const answer = await relay.call({ operation: "connectToken", body: await body(party) });
    return answer.ok ? (answer.result as { access_token: string }).access_token : "";
  };
  return { relay, login };
}

describe("an access token", () => {
  test("is a JWT that says who the caller is, through which client, and for how long", async () => {
    const world = await openRelay();
    const party = await world.party();
    const { address, deviceId, username } = party.caller;

    const [header, claims, signature] = (await logIn(world, party)).split(".");

    expect(decoded(header)).toEqual({ alg: "EdDSA", kid: expect.any(String), typ: "JWT" });
    const iat = world.clock.now() / 1000;
    const who = { sub: username, name: username, nmshd_address: address, device_id: deviceId, client_id: "app" };
    expect(decoded(claims)).toEqual({ ...who, iat, exp: iat + 300, jti: expect.any(String) });
    expect(Buffer.from(signature ?? "", "base64url")).toHaveLength(64);
  });

  test("costs no write of its own, and no read when it is shown", async () => {
    const { store, reads } = watched();
    const world = await openRelay({ store });
    const party = await world.party();
    const token = await logIn(world, party);
    reads.length = 0;

    expect(await world.relay.callerOf(token)).toEqual({ ok: true, value: party.caller });
    expect(await world.relay.callerOf(token)).toEqual({ ok: true, value: party.caller });

    expect(reads).toEqual([]);
  });

  test("ends after its life, also where it was seen before", async () => {
    const world = await openRelay();
    const token = await logIn(world, await world.party());
    await world.relay.callerOf(token);

    world.clock.advance(299_999);
    expect(await world.relay.callerOf(token)).toMatchObject({ ok: true });
    world.clock.advance(1);

    expect(await world.relay.callerOf(token)).toMatchObject(refused);
    expect(await world.relay.callerOf(token)).toMatchObject(refused);
  });

  test("that somebody made up or changed is refused, always in the same words (J1, J2)", async () => {
    const world = await openRelay();
    const party = await world.party();
    const token = await logIn(world, party);
    const [header = "", claims = "", signature = ""] = token.split(".");
    const own = crypto.signing.keyPair(createSeededEntropy(5).bytes(32));
    const kid = decoded(header).kid;
    const signedBy = (head: string, body: string) =>
      `${head}.${body}.${Buffer.from(crypto.signing.sign(Buffer.from(`${head}.${body}`), own.privateKey)).toString("base64url")}`;
    const foreign = await logInElsewhere();
    const forged = [
      "",
      ".",
      "..",
      "made up",
      "a.b.c",
      `${token}.${signature}`,
      `${header}.${claims}`,
      `${header}.${claims}.`,
      `${header}..${signature}`,
      `${base64(JSON.stringify({ alg: "none", kid, typ: "JWT" }))}.${claims}.`,
      `${base64(JSON.stringify({ alg: "none", kid, typ: "JWT" }))}.${claims}.${signature}`,
      `${base64(JSON.stringify({ alg: "HS256", kid, typ: "JWT" }))}.${claims}.${signature}`,
      `${base64(JSON.stringify({ typ: "JWT", alg: "EdDSA", kid }))}.${claims}.${signature}`,
      `${header}.${base64(JSON.stringify({ ...decoded(claims), exp: 9_999_999_999 }))}.${signature}`,
      signedBy(header, claims),
      signedBy(base64(JSON.stringify({ alg: "EdDSA", kid: "unknown", typ: "JWT" })), claims),
      signedBy(base64(JSON.stringify({ alg: "EdDSA", kid, typ: "JWT", jwk: {} })), claims),
      `${header}.${claims}.${signature}=`,
      ` ${token}`,
      `${header}.${claims}.${"A".repeat(86)}`,
      `${header}.${"A".repeat(3_000)}.${signature}`,
      foreign,
    ];

    const answers = await Promise.all(forged.map((text) => world.relay.callerOf(text)));

    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject(refused);
    expect(await world.relay.callerOf(token)).toMatchObject({ ok: true });
  });

  async function logInElsewhere(): Promise<string> {
    const elsewhere = await openRelay({ seed: 2 });
    return logIn(elsewhere, await elsewhere.party());
  }
});

describe("signing keys", () => {
  test("are in the store, where nobody can read them, and one restart later the tokens still count", async () => {
    const disk = createMemoryDisk();
    const world = await openRelay({ store: createMemoryStore({ disk }) });
    const party = await world.party();
    const token = await logIn(world, party);

    const kept = disk.documents().get("relay/secret/signing-keys");
    const again = createRelay({
      store: createMemoryStore({ disk }),
      clock: world.clock,
      entropy: createSeededEntropy(3),
      crypto,
    });
    await again.open();

    expect(kept).toEqual({ keyId: expect.any(String), nonce: expect.any(String), sealed: expect.any(String) });
    expect(await again.callerOf(token)).toEqual({ ok: true, value: party.caller });
  });

  test("change with age; the key before stays valid, and a new one signs a little later only (G1, G2)", async () => {
    const world = await openRelay();
    const party = await world.party();
    const first = await logIn(world, party);

    world.clock.advance(week);
    const announced = await logIn(world, party);
    world.clock.advance(5_000);
    const second = await logIn(world, party);

    expect(headerOf(announced)).toBe(headerOf(first));
    expect(headerOf(second)).not.toBe(headerOf(first));
    expect(await world.relay.callerOf(announced)).toMatchObject({ ok: true });
    expect(await world.relay.callerOf(second)).toMatchObject({ ok: true });
    expect(await world.relay.callerOf(first)).toMatchObject(refused);
  });

  test("of two processes at one store are the same, whoever makes the next one", async () => {
    const store = createMemoryStore();
    const world = await openRelay({ store });
    const party = await world.party();
    const other = neighbour(world, store);
    const both = async () => [await logIn(world, party), await other.login(party)] as const;
    const acceptedBy = async (token: string) =>
      [(await world.relay.callerOf(token)).ok, (await other.relay.callerOf(token)).ok] as const;

    const [here, there] = await Promise.all([logIn(world, party), other.login(party)]);
    expect(headerOf(here)).toBe(headerOf(there));
    expect(await acceptedBy(here)).toEqual([true, true]);
    expect(await acceptedBy(there)).toEqual([true, true]);

    world.clock.advance(week);
    await other.login(party);
    world.clock.advance(5_000);
    const [later, latest] = await both();

    expect(headerOf(later)).toBe(headerOf(latest));
    expect(await acceptedBy(later)).toEqual([true, true]);
    expect(await acceptedBy(latest)).toEqual([true, true]);
  });

  test("are not looked for again and again because somebody shows forged ids (G3)", async () => {
    const { store, reads } = watched();
    const world = await openRelay({ store });
    await logIn(world, await world.party());
    const forged = (name: number) =>
      `${base64(JSON.stringify({ alg: "EdDSA", kid: `forged${name}`, typ: "JWT" }))}.e30.${"A".repeat(86)}`;
    reads.length = 0;

    for (let name = 0; name < 20; name += 1) await world.relay.callerOf(forged(name));
    expect(reads).toEqual(["relay/secret/signing-keys"]);
    world.clock.advance(1_000);
    await world.relay.callerOf(forged(20));

    expect(reads).toHaveLength(2);
  });

  test("that are new are known to a process that forged ids keep busy (G2)", async () => {
    const store = createMemoryStore();
    const world = await openRelay({ store });
    const party = await world.party();
    const other = neighbour(world, store);
    await other.relay.callerOf(await logIn(world, party));
    const forged = `${base64(JSON.stringify({ alg: "EdDSA", kid: "forged", typ: "JWT" }))}.e30.${"A".repeat(86)}`;
    world.clock.advance(week);
    await logIn(world, party);

    world.clock.advance(4_999);
    await other.relay.callerOf(forged);
    world.clock.advance(1);
    const token = await logIn(world, party);

    expect(await other.relay.callerOf(token)).toMatchObject({ ok: true });
  });

  test("that the store key does not open are a fault when the relay is opened", async () => {
    const disk = createMemoryDisk();
    const world = await openRelay({ store: createMemoryStore({ disk }) });
    await logIn(world, await world.party());
    const store = { ...createMemoryStore({ disk }), sealKey: async () => new Uint8Array(32).fill(7) };
    const again = createRelay({ store, clock: world.clock, entropy: createSeededEntropy(3), crypto });

    await expect(again.open()).rejects.toMatchObject({ code: "store.keyWrong" });
  });

  test("of a store that keeps no key live in the process alone", async () => {
    const disk = createMemoryDisk();
    const { sealKey: _, ...store } = createMemoryStore({ disk });
    const world = await openRelay({ store });
    const party = await world.party();

    const token = await logIn(world, party);

    expect(await world.relay.callerOf(token)).toEqual({ ok: true, value: party.caller });
    expect(await neighbour(world, store).relay.callerOf(token)).toMatchObject(refused);
    expect([...disk.documents().keys()].filter((key) => key.startsWith("relay/secret/"))).toEqual([]);
  });
});

test("the token endpoint says no in the words of OAuth", async () => {
  const world = await openRelay({ clients: [{ id: "test", secret: "right" }] });
  const good = { grant_type: "password", client_id: "test", client_secret: "right", username: "USRunknownunknown000" };
  const said = async (more: object) => {
    const answer = await world.anonymous.call("connectToken", { body: { ...good, password: "x", ...more } });
    return [answer.status, answer.reason];
  };

  expect(await said({})).toEqual([400, "invalid_grant"]);
  expect(await said({ client_secret: "wrong" })).toEqual([401, "invalid_client"]);
  expect(await said({ client_id: "other" })).toEqual([401, "invalid_client"]);
  expect(await said({ grant_type: "authorization_code" })).toEqual([400, "unsupported_grant_type"]);
  expect(await said({ password: null })).toEqual([400, "invalid_request"]);
});

test("a locked device is told apart from wrong credentials", async () => {
  const world = await openRelay();
  const party = await world.party();
  const said = async (password: string) => {
    const body = { grant_type: "password", username: party.caller.username, password };
    const answer = await world.anonymous.call("connectToken", { body });
    return [answer.status, answer.reason];
  };

  for (let tries = 0; tries < 3; tries += 1) expect(await said("wrong")).toEqual([400, "invalid_grant"]);

  expect(await said(party.password)).toEqual([400, "access_denied"]);
});
