// At least 200 bad requests: each is answered rightly, shows nothing, and leaves the relay as it was.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { badAddresses } from "./abuse-addresses.ts";
import { badBodies } from "./abuse-bodies.ts";
import { type BadRequest, judge } from "./abuse-case.ts";
import { badCredentials } from "./abuse-credentials.ts";
import { type AbuseGround, openAbuse } from "./abuse-ground.ts";
import { badMembers } from "./abuse-members.ts";
import { badSockets } from "./abuse-sockets.ts";
import { sendPlain } from "./abuse-wire.ts";

const groups: Readonly<Record<string, readonly BadRequest[]>> = {
  addresses: badAddresses,
  bodies: badBodies,
  "members of bodies": badMembers,
  sockets: badSockets,
  credentials: badCredentials,
};
const all = Object.values(groups).flat();

/** What the process may hold more afterwards: caches that have filled, and nothing of the gigabyte that was sent. */
const grownBytesMax = 24 * 1024 * 1024;

let ground: AbuseGround;
let heldBefore: number;
let secrets: readonly string[];
beforeAll(async () => {
  ground = await openAbuse();
  const { owner, stranger } = ground;
  secrets = [owner, stranger].flatMap(({ token, password }) => [token, password]);
  heldBefore = await ground.heldBytes();
});
afterAll(() => ground[Symbol.asyncDispose]());

test("there are enough of them, and no two have one name", () => {
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  expect(all.length).toBeGreaterThanOrEqual(200);
});

describe.for(Object.entries(groups))("%s", ([, cases]) => {
  test.for(cases.map((one) => [one.name, one] as const))("%s", async ([, { send, ...expected }]) => {
    const heard = await send(ground);

    judge(heard, expected);
    const next = await sendPlain(ground.url, { path: "/api/v2/Version" });
    expect(next).toMatchObject({ status: 200, text: '{"result":{"majorVersion":"7"}}' });
  });
});

describe("after all of them", () => {
  test("the relay holds no more memory than before, but for a bound", async () => {
    const heldAfter = await ground.heldBytes();

    expect(heldAfter - heldBefore).toBeLessThan(grownBytesMax);
  });

  test("its log has no secret and no failure", () => {
    const log = ground.logged.join("");

    expect(secrets.filter((secret) => log.includes(secret))).toEqual([]);
    expect(log).not.toContain('"level":"error"');
  });

  test("the owner's objects are as they were", async () => {
    const { owner, ids } = ground;

    expect(await owner.ok("getRelationship", { id: ids["REL"] ?? "" })).toMatchObject({ status: "Active" });
    expect(await owner.ok("getFile", { id: ids["FIL"] ?? "" })).toMatchObject({ owner: owner.address });
    expect(await owner.ok("getTemplate", { id: ids["RLT"] ?? "" })).toMatchObject({ createdBy: owner.address });
  });
});
