import { createHost, Transport } from "rapport/core";
import { createLoopbackTransport, loopbackTransport } from "rapport/plugins/transport-loopback";
import type { Relay } from "rapport/relay";
import { describe, expect, test } from "vitest";
import { transportContract } from "../../kit/contracts/transport.ts";
import { bring, openRelay } from "../../relay/parties.ts";

transportContract("transport-loopback", async () => {
  const world = await openRelay();
  const transport = createLoopbackTransport(world.relay);
  return {
    transport,
    newSession: async () => {
      const { caller, address, password } = await world.party();
      return { address, session: { username: caller.username, password } };
    },
    unplug: async () => transport[Symbol.asyncDispose](),
    [Symbol.asyncDispose]: async () => transport[Symbol.asyncDispose](),
  };
});

/** The relay, counting how often somebody logs in. */
function counting(relay: Relay): { relay: Relay; logins: () => number } {
  let logins = 0;
  const authenticate: Relay["authenticate"] = (username, password) => {
    logins += 1;
    return relay.authenticate(username, password);
  };
  return { relay: { ...relay, authenticate }, logins: () => logins };
}

describe("the loopback transport", () => {
  test("logs a session in once, also for calls at the same time", async () => {
    const world = await openRelay();
    const { caller, password } = await world.party();
    const session = { username: caller.username, password };
    const { relay, logins } = counting(world.relay);
    const transport = createLoopbackTransport(relay);

    await Promise.all([
      transport.call({ operation: "getDevice" }, session),
      transport.call({ operation: "getDevice" }, session),
    ]);
    await transport.call({ operation: "getDevice" }, session);

    expect(logins()).toBe(1);
  });

  test("does not remember a refused login", async () => {
    const world = await openRelay();
    const { caller, password } = await world.party();
    const transport = createLoopbackTransport(world.relay);

    const refused = await transport.call({ operation: "getDevice" }, { username: caller.username, password: "wrong" });
    const answer = await transport.call({ operation: "getDevice" }, { username: caller.username, password });

    expect(refused).toMatchObject({ ok: false, status: 401 });
    expect(answer).toMatchObject({ ok: true });
  });

  test("logs in again with the new password after it was changed", async () => {
    const world = await openRelay();
    const { caller, password: oldPassword } = await world.party();
    const transport = createLoopbackTransport(world.relay);
    const old = { username: caller.username, password: oldPassword };
    const newPassword = "a-new-password-of-at-least-forty-five-letters";
    const body = JSON.stringify({ oldPassword, newPassword });
    await transport.call({ operation: "changePassword", body }, old);

    const [refused, answer] = [
      await transport.call({ operation: "getDevice" }, old),
      await transport.call({ operation: "getDevice" }, { ...old, password: newPassword }),
    ];

    expect(refused).toMatchObject({ ok: false, status: 401 });
    expect(answer).toMatchObject({ ok: true });
  });

  test("turns whatever the relay throws into relay.unreachable with the cause", async () => {
    const { relay } = await openRelay();
    const cause = new Error("broken");
    const transport = createLoopbackTransport({ ...relay, call: () => Promise.reject(cause) });

    await expect(transport.call({ operation: "getVersion" })).rejects.toMatchObject({
      code: "relay.unreachable",
      cause,
    });
  });

  test("wakes nobody who stopped listening before the login was through", async () => {
    const world = await openRelay();
    const [from, to] = [await world.party(), await world.party()];
    const transport = createLoopbackTransport(world.relay);
    let woken = 0;

    const stop = transport.onNews?.({ username: to.caller.username, password: to.password }, () => {
      woken += 1;
    });
    stop?.();
    await bring(from, to, "Active");

    expect(woken).toBe(0);
  });

  test("fills the slot Transport", async () => {
    const { relay } = await openRelay();
    await using host = createHost([loopbackTransport(relay)]);

    expect(host.use(Transport)).toMatchObject({ hostName: "localhost", baseUrl: "http://localhost:4300" });
  });
});
