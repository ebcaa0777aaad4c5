import { describe, expect, test } from "vitest";
import { base64, minute, openRelay, type Party } from "./parties.ts";

const password = base64("secret");
const locked = "token.tooManyFailedPasswordAttempts";

async function issue(world: Awaited<ReturnType<typeof openRelay>>, creator: Party, more: object = {}): Promise<string> {
  const body = { content: base64("token"), expiresAt: world.in(10 * minute), ...more };
  return (await creator.ok("createToken", { body })).id;
}

async function guess(reader: Pick<Party, "no">, id: string, times: number): Promise<string[]> {
  const codes = [];
  for (let count = 0; count < times; count += 1) {
    codes.push(await reader.no("getToken", { id, query: { password: base64("wrong") } }));
  }
  return codes;
}

describe("reading a token", () => {
  test("anybody with the id reads an open one, also without a login", async () => {
    const world = await openRelay();
    const [creator, reader] = [await world.party(), await world.party()];
    const id = await issue(world, creator);

    const expected = { id, createdBy: creator.address, content: base64("token"), isPasswordProtected: false };
    expect(await reader.ok("getToken", { id })).toMatchObject(expected);
    expect(await world.anonymous.ok("getToken", { id })).toMatchObject(expected);
  });

  test("after expiry it stays readable for its creator and for who read it before", async () => {
    const world = await openRelay();
    const [creator, reader, late] = [await world.party(), await world.party(), await world.party()];
    const id = await issue(world, creator);
    await reader.ok("getToken", { id });
    await world.anonymous.ok("getToken", { id });

    world.clock.advance(10 * minute);

    await creator.ok("getToken", { id });
    await reader.ok("getToken", { id });
    expect(await late.no("getToken", { id })).toBe("recordNotFound");
    expect(await world.anonymous.no("getToken", { id })).toBe("recordNotFound");
  });

  test("a personalised one is for the named identity and its creator", async () => {
    const world = await openRelay();
    const [creator, named, other] = [await world.party(), await world.party(), await world.party()];
    const id = await issue(world, creator, { forIdentity: named.address });

    await creator.ok("getToken", { id });
    await named.ok("getToken", { id });
    expect(await other.no("getToken", { id })).toBe("recordNotFound");
    expect(await world.anonymous.no("getToken", { id })).toBe("recordNotFound");
  });

  test("100 wrong passwords lock it for who has not read it yet, and tell the creator once (K1)", async () => {
    const world = await openRelay();
    const [creator, early, late] = [await world.party(), await world.party(), await world.party()];
    const id = await issue(world, creator, { password });
    await early.ok("getToken", { id, query: { password } });

    expect(new Set(await guess(world.anonymous, id, 99))).toEqual(new Set(["recordNotFound"]));
    await world.anonymous.ok("getToken", { id, query: { password } });
    expect(await guess(late, id, 2)).toEqual(["recordNotFound", locked]);

    expect(await late.no("getToken", { id, query: { password } })).toBe(locked);
    await early.ok("getToken", { id });
    await creator.ok("getToken", { id });
    expect(await creator.sync()).toMatchObject([{ type: "TokenLocked", payload: { tokenId: id } }]);
    expect(await creator.sync()).toEqual([]);
  });

  test("wrong passwords at the same time are all counted", async () => {
    const world = await openRelay();
    const creator = await world.party();
    const id = await issue(world, creator, { password });

    await Promise.all(Array.from({ length: 10 }, () => guess(world.anonymous, id, 10)));

    expect(await world.anonymous.no("getToken", { id, query: { password } })).toBe(locked);
    expect(await creator.sync()).toHaveLength(1);
  });

  test("the lock is looked at before the personalisation", async () => {
    const world = await openRelay();
    const [creator, named, other] = [await world.party(), await world.party(), await world.party()];
    const id = await issue(world, creator, { password, forIdentity: named.address });
    await guess(named, id, 100);

    expect(await other.no("getToken", { id })).toBe(locked);
    expect(await other.no("updateTokenContent", { id, body: { newContent: base64("x") } })).toBe("recordNotFound");
  });
});

describe("tokens without a login", () => {
  test("are empty and live less than five minutes", async () => {
    const world = await openRelay();
    const { anonymous } = world;

    expect(await anonymous.no("createToken", { body: { expiresAt: world.in(5 * minute) } })).toBe(
      "invalidPropertyValue",
    );
    const body = { expiresAt: world.in(minute), content: base64("x") };
    expect(await anonymous.no("createToken", { body })).toBe("invalidPropertyValue");

    const { id } = await anonymous.ok("createToken", { body: { expiresAt: world.in(5 * minute - 1) } });
    expect(await anonymous.ok("getToken", { id })).toMatchObject({
      createdBy: null,
      createdByDevice: null,
      content: null,
    });
  });

  test("are filled once by somebody with a login, who becomes their creator", async () => {
    const world = await openRelay();
    const [filler, other] = [await world.party(), await world.party()];
    const { id } = await world.anonymous.ok("createToken", { body: { expiresAt: world.in(minute), password } });
    const newContent = base64("filled");

    expect(await filler.no("updateTokenContent", { id, body: { newContent } })).toBe("recordNotFound");
    const updated = await filler.ok("updateTokenContent", { id, body: { id, newContent, password } });

    expect(updated).toMatchObject({ id, createdBy: filler.address, isPasswordProtected: true });
    expect(updated).not.toHaveProperty("content");
    expect(await other.no("updateTokenContent", { id, body: { newContent, password } })).toBe(
      "token.contentUpdateNotPossibleBecauseContentAlreadyExists",
    );
    expect(await world.anonymous.ok("getToken", { id, query: { password } })).toMatchObject({ content: newContent });
  });

  test("cannot be filled once they have expired", async () => {
    const world = await openRelay();
    const filler = await world.party();
    const { id } = await world.anonymous.ok("createToken", { body: { expiresAt: world.in(minute) } });

    world.clock.advance(minute);

    expect(await filler.no("updateTokenContent", { id, body: { newContent: base64("x") } })).toBe("recordNotFound");
  });
});

test("only the creator deletes a token", async () => {
  const world = await openRelay();
  const [creator, other] = [await world.party(), await world.party()];
  const id = await issue(world, creator);

  expect(await other.no("deleteToken", { id })).toBe("forbidden");
  expect(await creator.call("deleteToken", { id })).toMatchObject({ status: 204 });
  expect(await creator.no("getToken", { id })).toBe("recordNotFound");
});

test("a list shows the tokens that the caller created or has read", async () => {
  const world = await openRelay();
  const [creator, reader] = [await world.party(), await world.party()];
  const [one, two] = [await issue(world, creator), await issue(world, creator)];
  await reader.ok("getToken", { id: one });

  expect(await reader.ok("listTokens", { query: { ids: [one, two] } })).toMatchObject([{ id: one }]);
  expect(await creator.ok("listTokens", { query: { ids: [one, two] } })).toHaveLength(2);
});

test("a list of more tokens than a page has is refused", async () => {
  const party = await (await openRelay()).party();
  const ids = Array.from({ length: 201 }, (_, at) => `TOKAAAAAAAAAAAAAA${100 + at}`);

  expect(await party.no("listTokens", { query: { ids } })).toBe("invalidPropertyValue");
  expect(await party.ok("listTokens", { query: { ids: ids.slice(1) } })).toEqual([]);
});
