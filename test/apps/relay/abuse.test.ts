import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { badAddresses } from "./abuse-addresses.ts";
import { badBodies } from "./abuse-bodies.ts";
import { type BadRequest, judge } from "./abuse-case.ts";
import { type AbuseGround, openAbuse } from "./abuse-ground.ts";
import { badMembers } from "./abuse-members.ts";
import { sendPlain } from "./abuse-wire.ts";

let ground: AbuseGround;
beforeAll(async () => {
  ground = await openAbuse();
});
afterAll(() => ground[Symbol.asyncDispose]());

const groups: Readonly<Record<string, readonly BadRequest[]>> = {
  addresses: badAddresses,
  bodies: badBodies,
  "members of bodies": badMembers,
};

describe.for(Object.entries(groups))("%s", ([, cases]) => {
  test.for(cases.map((one) => [one.name, one] as const))("%s", async ([, { send, ...expected }]) => {
    const heard = await send(ground);

    judge(heard, expected);
    const next = await sendPlain(ground.url, { path: "/api/v2/Version" });
    expect(next).toMatchObject({ status: 200, text: '{"result":{"majorVersion":"7"}}' });
  });
});
