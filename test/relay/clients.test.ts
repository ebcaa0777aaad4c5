// The invariant C1 is that of src/relay/clients.ts.
import { createMemoryDisk, createMemoryStore } from "rapport/plugins/storage-memory";
import { describe, expect, test } from "vitest";
import { createSeededEntropy } from "../kit/seeded-entropy.ts";
import { crypto, identityBody, openRelay, type RelayWorld } from "./parties.ts";

const entropy = createSeededEntropy(77);
const limitReached = "device.clientReachedIdentitiesLimit";

/** POST Identities by this client, with a key of its own each time. */
const create = async ({ anonymous }: RelayWorld, client: { id: string; secret: string }) => {
  const challenge = await anonymous.ok("createChallenge", { body: {} });
  const keys = crypto.signing.keyPair(entropy.bytes(32));
  const more = { clientId: client.id, clientSecret: client.secret };
  return anonymous.call("createIdentity", { body: identityBody(challenge, keys, more) });
};
const codeOf = (answer: Awaited<ReturnType<typeof create>>) =>
  answer.ok ? "ok" : answer.error.code.replace(/^error\.platform\.(validation\.)?/, "");

describe("the registry of clients", () => {
  test("is what the options and the operator name, together", async () => {
    const world = await openRelay({ clients: [{ id: "configured", secret: "one" }] });
    await world.relay.admin.clients.put({ id: "stored", secret: "two" });

    expect(await create(world, { id: "configured", secret: "one" })).toMatchObject({ status: 201 });
    expect(await create(world, { id: "stored", secret: "two" })).toMatchObject({ status: 201 });
    for (const client of [
      { id: "configured", secret: "two" },
      { id: "stored", secret: "one" },
      { id: "stranger", secret: "one" },
      { id: "../client/stored", secret: "two" },
    ]) {
      expect(await create(world, client)).toMatchObject({
        status: 400,
        error: { code: "error.platform.unauthorized" },
      });
    }
  });

  test("lets nobody in while it is empty, and everybody when there is none", async () => {
    const closed = await openRelay({ clients: [] });
    const open = await openRelay();

    expect(codeOf(await create(closed, { id: "any", secret: "any" }))).toBe("unauthorized");
    expect(codeOf(await create(open, { id: "any", secret: "any" }))).toBe("ok");
  });

  test("is asked at the token endpoint, too, and forgets a client that was taken away", async () => {
    const world = await openRelay({ clients: [] });
    const client = { id: "app", secret: "secret" };
    await world.relay.admin.clients.put(client);
    const created = await create(world, client);
    const username = created.ok ? (created.result as { device: { username: string } }).device.username : "";
    const body = {
      grant_type: "password",
      username,
      password: "a-device-password-of-some-forty-five-characters",
      client_id: "app",
      client_secret: "secret",
    };
    await world.anonymous.ok("connectToken", { body });

    expect(await world.relay.admin.clients.delete("app")).toBe(true);

    expect(await world.anonymous.call("connectToken", { body })).toMatchObject({
      status: 401,
      reason: "invalid_client",
    });
    expect(await world.relay.admin.clients.delete("app")).toBe(false);
  });

  test("shows no secret, and keeps none", async () => {
    const disk = createMemoryDisk();
    const world = await openRelay({ store: createMemoryStore({ disk }), clients: [] });
    const createdAt = world.in(0);
    await world.relay.admin.clients.put({ id: "app", secret: "a secret to look for", maxIdentities: 3 });

    expect(await world.relay.admin.clients.list()).toEqual([{ id: "app", createdAt, maxIdentities: 3 }]);
    expect(JSON.stringify([...disk.documents()])).not.toContain("a secret to look for");
  });

  test("changes a client that it has: the secret always, the limit if one is given", async () => {
    const world = await openRelay({ clients: [] });
    const { clients } = world.relay.admin;
    await clients.put({ id: "app", secret: "old", maxIdentities: 3 });
    world.clock.advance(1_000);

    await clients.put({ id: "app", secret: "new" });
    expect(await clients.list()).toMatchObject([{ id: "app", maxIdentities: 3 }]);
    expect(codeOf(await create(world, { id: "app", secret: "old" }))).toBe("unauthorized");
    expect(codeOf(await create(world, { id: "app", secret: "new" }))).toBe("ok");

    await clients.put({ id: "app", secret: "new", maxIdentities: null });
    expect(await clients.list()).toMatchObject([{ id: "app", maxIdentities: null }]);
  });
});

describe("identities of a client", () => {
  test("are no more than its limit, however many are created at once (C1)", async () => {
    const world = await openRelay({ clients: [{ id: "configured", secret: "one", maxIdentities: 2 }] });
    await world.relay.admin.clients.put({ id: "stored", secret: "two", maxIdentities: 3 });
    const tries = (client: { id: string; secret: string }) =>
      Promise.all(Array.from({ length: 5 }, () => create(world, client)));

    const [configured, stored] = await Promise.all([
      tries({ id: "configured", secret: "one" }),
      tries({ id: "stored", secret: "two" }),
    ]);

    expect(configured.map(codeOf).sort()).toEqual([limitReached, limitReached, limitReached, "ok", "ok"]);
    expect(stored.map(codeOf).sort()).toEqual([limitReached, limitReached, "ok", "ok", "ok"]);
    expect(configured.find(({ ok }) => !ok)).toMatchObject({ status: 400 });
  });

  test("count from the first on, so a limit that comes later knows of them", async () => {
    const world = await openRelay({ clients: [] });
    const client = { id: "app", secret: "secret" };
    await world.relay.admin.clients.put(client);
    await create(world, client);
    await create(world, client);

    await world.relay.admin.clients.put({ ...client, maxIdentities: 2 });

    expect(codeOf(await create(world, client))).toBe(limitReached);
  });
});

test("what is no client is refused, and the member is named", async () => {
  const world = await openRelay({ clients: [{ id: "configured", secret: "one" }] });
  const put = (client: object) => world.relay.admin.clients.put(client as { id: string; secret: string });
  const good = { id: "app", secret: "secret" };

  for (const [client, member] of [
    [{ ...good, id: "" }, "id"],
    [{ ...good, id: "a/b" }, "id"],
    [{ ...good, id: 7 }, "id"],
    [{ ...good, id: "configured" }, "id"],
    [{ ...good, secret: "" }, "secret"],
    [{ id: "app" }, "secret"],
    [{ ...good, maxIdentities: -1 }, "maxIdentities"],
    [{ ...good, maxIdentities: 1.5 }, "maxIdentities"],
    [[], "client"],
  ] as const) {
    const message = expect.stringMatching(new RegExp(`^${member} must`));
    await expect(put(client)).rejects.toMatchObject({ code: "input.invalid", message });
  }
  expect(await world.relay.admin.clients.list()).toEqual([]);
});
