// Access tokens: fetched once, shared, renewed before they end, and never asked for in a loop.
import type { Call } from "rapport/core";
import { expect, test } from "vitest";
import { openStrange, type Reply, raw, result, session, token } from "./strange-relay.ts";

const read: Call = { operation: "getDevice" };

test("calls at the same time and one after another share a login, which says who the program is", async () => {
  const client = { id: "shop", secret: "s&=" };
  const { transport, heard, logins } = await openStrange(result({}), { client });

  await Promise.all([transport.call(read, session), transport.call(read, session)]);
  await transport.call(read, session);

  expect(logins()).toBe(1);
  expect(heard[0]).toMatchObject({
    method: "POST",
    body: "client_id=shop&client_secret=s%26%3D&grant_type=password&username=USR00000000000000001&password=secret",
  });
  expect(heard[0]?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
});

test("a token is used until ten seconds before its end", async () => {
  let nowMs = 0;
  const clock = { now: () => nowMs, sleep: async () => undefined };
  const { transport, logins } = await openStrange(result({}), { clock, logIn: token("t", "300") });
  await transport.call(read, session);

  nowMs = 289_999;
  await transport.call(read, session);
  expect(logins()).toBe(1);
  nowMs = 290_000;
  await transport.call(read, session);
  expect(logins()).toBe(2);
});

test("another session, and another password of the same one, log in for themselves", async () => {
  const { transport, logins } = await openStrange(result({}));

  await transport.call(read, session);
  await transport.call(read, { ...session, username: "USR00000000000000002" });
  await transport.call(read, { ...session, password: "other" });

  expect(logins()).toBe(3);
});

/** Lets in whoever has a token that is not `t1`; every login gives the next one. */
function counting(): { logIn: Reply; reply: Reply } {
  let given = 0;
  return {
    logIn: (response, heard) => {
      given += 1;
      token(`t${given}`)(response, heard);
    },
    reply: (response, heard) =>
      (heard.headers.authorization === "Bearer t1" ? raw(401, "") : result({}))(response, heard),
  };
}

test("a token that the relay does not take any more is replaced, once for all who had it", async () => {
  const { logIn, reply } = counting();
  const { transport, logins } = await openStrange(reply, { logIn });

  const answers = await Promise.all([transport.call(read, session), transport.call(read, session)]);

  expect(answers).toMatchObject([{ ok: true }, { ok: true }]);
  expect(logins()).toBe(2);
});

test("a relay that takes no token at all is asked twice and not for ever", async () => {
  const { transport, calls, logins } = await openStrange(raw(401, ""));

  const answer = await transport.call(read, session);

  expect(answer).toMatchObject({ ok: false, status: 401, error: { code: "error.platform.unauthorized" } });
  expect([logins(), calls().length]).toEqual([2, 2]);
});

test.for<[string, Reply, object]>([
  [
    "refused",
    raw(400, '{"error":"invalid_grant","error_description":"Wrong."}'),
    { status: 401, code: "unauthorized" },
  ],
  ["locked", raw(400, '{"error":"access_denied"}'), { status: 401, code: "unauthorized" }],
  ["unknown as a program", raw(401, '{"error":"invalid_client"}'), { status: 401, code: "unauthorized" }],
  ["sent to a relay in trouble", raw(503, ""), { status: 503, code: "unexpected" }],
])(
  "a login that is %s is the answer to the call, and is not remembered",
  async ([, logIn, { status, code }]: [string, Reply, { status?: number; code?: string }]) => {
    const { transport, calls, logins } = await openStrange(result({}), { logIn });

    const answer = await transport.call(read, session);
    await transport.call(read, session);

    expect(answer).toMatchObject({ ok: false, status, error: { code: `error.platform.${code}` } });
    expect([logins(), calls().length]).toEqual([2, 0]);
  },
);

test.for<[string, Reply]>([
  ["has none", raw(200, "{}")],
  ["has one that would break the header", raw(200, '{"access_token":"a\\r\\nb","expires_in":300}')],
  ["is a page", raw(200, "<html>", "text/html")],
  ["ends in the middle", (response) => response.socket?.resetAndDestroy()],
])("a login that %s is the fault relay.unreachable, and the call did not leave", async ([, logIn]) => {
  const { transport, calls } = await openStrange(result({}), { logIn });

  await expect(transport.call(read, session)).rejects.toMatchObject({
    code: "relay.unreachable",
    details: { sent: false },
  });
  expect(calls()).toEqual([]);
});
