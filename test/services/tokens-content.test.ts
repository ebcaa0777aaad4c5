// Tokens with any content, and for files (spec/domain.md 2.4, spec/connector-api.md 1.10).
import type { Json } from "rapport/core";
import { createWorld } from "rapport/testkit";
import { describe, expect, test } from "vitest";
import { keyIn, reseal } from "./resealing.ts";
import { listen, onDay, only, refused } from "./scenes.ts";

const notFound = "error.runtime.recordNotFound";
const gone = "error.platform.recordNotFound";
const invalid = "error.runtime.validation.invalidPropertyValue";

async function strangers() {
  const world = await createWorld();
  return { world, ada: await world.person("ada"), bob: await world.person("bob") };
}

test.for([
  ["an object", { any: [1, { deep: null }] }],
  ["a list", [1, "two", null]],
  ["a text", "Grüße"],
  ["a number", 7],
  ["nothing", null],
] as readonly (readonly [string, Json])[])("a token carries any JSON: %s", async ([, content]) => {
  const { world, ada, bob } = await strangers();
  await using _ = world;

  const token = await ada.account.tokens.create({ content, expiresAt: onDay(3) });
  const loaded = await bob.account.tokens.load({ reference: token.reference.truncated });

  const { id, createdAt } = token;
  const created = { id, createdAt, createdBy: ada.account.address, createdByDevice: ada.account.deviceId };
  expect(token).toEqual({
    ...created,
    isOwn: true,
    isEphemeral: false,
    expiresAt: onDay(3),
    content,
    reference: token.reference,
    truncatedReference: token.reference.truncated,
  });
  expect(loaded).toEqual({ ...token, isOwn: false });
  expect(await ada.account.tokens.get(id)).toEqual(token);
  expect(await bob.account.tokens.get(id)).toEqual(loaded);
  expect(await bob.account.tokens.load({ reference: token.reference.url })).toEqual(loaded);
});

test("what a token holds is nowhere to be read in a store", async () => {
  const { world, ada, bob } = await strangers();
  await using _ = world;
  const token = await ada.account.tokens.create({ content: "MARKER-of-a-token", expiresAt: onDay(3) });
  await bob.account.tokens.load({ reference: token.reference.url });

  for (const disk of [ada.disk, bob.disk, world.relayDisk])
    expect(JSON.stringify([...disk.documents()])).not.toContain("MARKER-of-a-token");
});

test("an ephemeral token is shown once and never found, even when its command is remembered", async () => {
  const { world, ada, bob } = await strangers();
  await using _ = world;
  const input = { content: 1, expiresAt: onDay(3), ephemeral: true };
  const once = { commandId: "once" };

  const token = await ada.account.tokens.create(input, once);
  const again = await ada.account.tokens.create(input, once);
  const shown = await bob.account.tokens.load({ reference: token.reference.url, ephemeral: true }, once);
  const shownAgain = await bob.account.tokens.load({ reference: token.reference.url, ephemeral: true }, once);

  expect(again).toEqual(token);
  expect(shown).toMatchObject({ id: token.id, isEphemeral: true, content: 1 });
  expect(shownAgain).toEqual(shown);
  for (const { account } of [ada, bob]) {
    expect(await account.tokens.find()).toEqual([]);
    await expect(account.tokens.get(token.id)).rejects.toMatchObject({ code: notFound });
    await expect(account.tokens.delete(token.id)).rejects.toMatchObject({ code: notFound });
  }
  expect(await bob.account.tokens.load({ reference: token.reference.url })).toMatchObject({ isEphemeral: false });
});

test("a personalised token is refused to others before the relay hears of it", async () => {
  const { world, ada, bob } = await strangers();
  await using _ = world;
  const carol = await world.person("carol");
  const forIdentity = bob.account.address;
  const { reference } = await ada.account.tokens.create({ content: 1, expiresAt: onDay(3), forIdentity });
  const before = world.calls.length;

  const code = "error.transport.general.notIntendedForYou";
  await refused(code, () => carol.account.tokens.load({ reference: reference.url }), { world, people: [carol] });

  expect(world.calls).toHaveLength(before);
  expect(await bob.account.tokens.load({ reference: reference.url })).toMatchObject({ forIdentity });
});

test("a protected token wants its password, before the relay is asked, and shows it afterwards", async () => {
  const { world, ada, bob } = await strangers();
  await using _ = world;
  const passwordProtection = { password: "1357", passwordIsPin: true, passwordLocationIndicator: "SMS" } as const;
  const { reference } = await ada.account.tokens.create({ content: 1, expiresAt: onDay(3), passwordProtection });
  const load = (password?: string) =>
    bob.account.tokens.load({ reference: reference.url, ...(password === undefined ? {} : { password }) });
  const before = world.calls.length;

  await refused("error.transport.noPasswordProvided", () => load(), { world, people: [bob] });
  expect(world.calls).toHaveLength(before);
  await expect(load("1358")).rejects.toMatchObject({ code: gone });
  expect(await load("1357")).toMatchObject({ passwordProtection });
  expect(await bob.account.tokens.find({ passwordProtection: "" })).toHaveLength(1);
  expect(await bob.account.tokens.find({ passwordProtection: "!" })).toEqual([]);
});

test("a hundred wrong passwords lock a token, and its owner hears of it", async () => {
  const { world, ada, bob } = await strangers();
  await using _ = world;
  const passwordProtection = { password: "right" };
  const token = await ada.account.tokens.create({ content: 1, expiresAt: onDay(3), passwordProtection });
  const ear = listen(ada.account);
  for (let tries = 0; tries < 100; tries += 1)
    await world.relay.call({ operation: "getToken", params: { id: token.id }, query: { password: "AAAA" } });

  const code = "error.platform.token.tooManyFailedPasswordAttempts";
  const right = { reference: token.reference.url, password: "right" };
  await expect(bob.account.tokens.load(right)).rejects.toMatchObject({ code });
  await ada.account.sync();

  expect(ear.data("transport.tokenLocked")).toMatchObject([{ tokenId: token.id, token: { id: token.id } }]);
  expect(JSON.stringify(ear.events)).not.toContain(keyIn(token.reference.truncated));
  expect(await ada.account.deadLetters.list()).toEqual([]);
});

test("a token that nobody has filled yet is empty", async () => {
  const { world, bob } = await strangers();
  await using _ = world;
  const body = JSON.stringify({ expiresAt: new Date(world.clock.now() + 60_000).toISOString() });
  const answer = await world.relay.call({ operation: "createToken", body });
  const { id } = (answer as unknown as { result: { id: string } }).result;
  const reference = Buffer.from(`${id}|3|${"A".repeat(43)}||`).toString("base64url");

  const code = "error.transport.tokens.emptyToken";
  await expect(bob.account.tokens.load({ reference })).rejects.toMatchObject({ code });
});

test("the keys of a whole identity neither go out in a token nor are they shown", async () => {
  const device = { "@type": "TokenContentDeviceSharedSecret", sharedSecret: { identity: "MARKER" } };
  let key = "";
  const world = await createWorld();
  await using _ = world;
  const ada = await world.person("ada");
  const bob = await world.person("bob", {
    transport: (transport) => ({
      ...transport,
      call: async (call, session) => {
        const answer = await transport.call(call, session);
        if (!answer.ok || call.operation !== "getToken") return answer;
        const wire = answer.result as { readonly content: string };
        return { ...answer, result: { ...wire, content: reseal(wire.content, key, () => JSON.stringify(device)) } };
      },
    }),
  });
  const { reference } = await ada.account.tokens.create({ content: { some: "thing" }, expiresAt: onDay(3) });
  key = keyIn(reference.truncated);
  const code = "error.runtime.invalidTokenContent";

  await refused(code, () => ada.account.tokens.create({ content: device, expiresAt: onDay(3) }), {
    world,
    people: [ada],
  });
  await expect(bob.account.tokens.load({ reference: reference.url })).rejects.toMatchObject({ code });
  expect(await bob.account.tokens.find()).toEqual([]);
});

test("a token leads to a file, for as long as the file lives", async () => {
  const { world, ada, bob } = await strangers();
  await using _ = world;
  const content = new TextEncoder().encode("Terms of lending");
  const file = await ada.account.files.upload({
    content,
    filename: "terms.txt",
    mimetype: "text/plain",
    expiresAt: onDay(9),
  });

  const token = await ada.account.tokens.createForFile({ fileId: file.id });

  expect(token).toMatchObject({ expiresAt: onDay(9), isEphemeral: true, content: { fileId: file.id } });
  expect(await bob.account.files.load({ reference: token.reference.url })).toMatchObject({ id: file.id, isOwn: false });
  expect((await bob.account.files.download(file.id)).content).toEqual(content);
  const onward = await bob.account.tokens.createForFile({ fileId: file.id, ephemeral: false });
  expect((await ada.account.tokens.load({ reference: onward.reference.url })).content).toEqual(token.content);
  await expect(ada.account.tokens.createForFile({ fileId: "FIL00000000000000000" })).rejects.toMatchObject({
    code: notFound,
  });
});

test("own tokens go from the relay too, a peer's only from here", async () => {
  const { world, ada, bob } = await strangers();
  await using _ = world;
  const { id, reference } = await ada.account.tokens.create({ content: 1, expiresAt: onDay(3) });
  await bob.account.tokens.load({ reference: reference.url });

  await bob.account.tokens.delete(id);
  expect(await bob.account.tokens.find()).toEqual([]);
  expect(await bob.account.tokens.load({ reference: reference.url, ephemeral: true })).toMatchObject({ id });
  await ada.account.tokens.delete(id, { commandId: "away" });
  await ada.account.tokens.delete(id, { commandId: "away" });

  await expect(ada.account.tokens.get(id)).rejects.toMatchObject({ code: notFound });
  await expect(bob.account.tokens.load({ reference: reference.url })).rejects.toMatchObject({ code: gone });
  expect([...ada.disk.documents().keys()].filter((key) => key.includes(id))).toEqual([]);
});

test("lists answer to the fields of a token", async () => {
  const { world, ada, bob } = await strangers();
  await using _ = world;
  const forIdentity = bob.account.address;
  const token = await ada.account.tokens.create({ content: 1, expiresAt: onDay(3), forIdentity });
  await ada.account.tokens.create({ content: 2, expiresAt: onDay(4) });

  for (const query of [{ id: token.id }, { expiresAt: onDay(3) }, { forIdentity }])
    expect(only(await ada.account.tokens.find(query)).id).toBe(token.id);
  expect(await ada.account.tokens.find({ createdBy: bob.account.address })).toEqual([]);
  expect(await ada.account.tokens.find({ createdByDevice: ada.account.deviceId, isOwn: true })).toHaveLength(2);
});

describe("tokens that are not made", () => {
  const file = { "@type": "TokenContentFile", fileId: "FIL1", secretKey: "A" };
  test.for([
    ["with an expiry in the past", { content: 1, expiresAt: onDay(-1) }, invalid],
    ["for nobody's address", { content: 1, expiresAt: onDay(1), forIdentity: "Ada" }, invalid],
    ["without content", { expiresAt: onDay(1) }, "error.runtime.validation.invalidPayload"],
    ["with a function", { content: () => 1, expiresAt: onDay(1) }, "error.runtime.validation.invalidPayload"],
    ["with a file that is none", { content: file, expiresAt: onDay(1) }, "error.runtime.invalidTokenContent"],
    ["half ephemeral", { content: 1, expiresAt: onDay(1), ephemeral: "no" }, invalid],
  ] as const)("%s", async ([, input, code]) => {
    const { world, ada } = await strangers();
    await using _ = world;

    await refused(code, () => ada.account.tokens.create(input as never), { world, people: [ada] });
  });

  test("a reference to something else is no token", async () => {
    const { world, ada } = await strangers();
    await using _ = world;
    const reference = Buffer.from(`RLT00000000000000000|3|${"A".repeat(43)}||`).toString("base64url");

    await refused("error.runtime.invalidReference", () => ada.account.tokens.load({ reference }), {
      world,
      people: [ada],
    });
  });
});
