// The laws of a transport, kept against a relay of ours that listens on a port of this machine.
import { type Call, createHost, Transport } from "rapport/core";
import { createRelayTransport, relayTransport } from "rapport/plugins/transport-relay";
import type { Relay, RelayAnswer } from "rapport/relay";
import { createRelayServer } from "rapport/relay/http";
import { expect, test } from "vitest";
import { transportContract } from "../../kit/contracts/transport.ts";
import { openRelay, type RelayWorld } from "../../relay/parties.ts";

async function openServed(given?: RelayWorld) {
  const world = given ?? (await openRelay());
  const server = createRelayServer({ relay: world.relay });
  const [baseUrl = ""] = await server.listen();
  const transport = createRelayTransport({ baseUrl, hostName: world.relay.hostName });
  const newSession = async () => {
    const { caller, address, password } = await world.party();
    return { address, session: { username: caller.username, password } };
  };
  const end = async () => {
    await transport[Symbol.asyncDispose]();
    await server.close();
  };
  return { ...world, transport, newSession, unplug: () => server.close(), [Symbol.asyncDispose]: end };
}

transportContract("transport-relay", () => openServed());

test("it fills the slot Transport, and the host of the base URL is the one in addresses", async () => {
  await using host = createHost([relayTransport({ baseUrl: "https://relay.example.org/backbone/" })]);

  const { hostName, baseUrl } = host.use(Transport);

  expect({ hostName, baseUrl }).toEqual({
    hostName: "relay.example.org",
    baseUrl: "https://relay.example.org/backbone",
  });
});

test.for([
  "relay.example.org",
  "ftp://relay.example.org",
  "https://me:secret@relay.example.org",
  "https://relay.example.org/?a=b",
  "https://relay.example.org/a|b",
])("the base URL %s is refused", (baseUrl) => {
  expect(() => createRelayTransport({ baseUrl })).toThrow(expect.objectContaining({ code: "input.invalid" }));
});

/** A relay that gives its own answers to some operations, and what it was asked. */
function saying(relay: Relay, answers: { readonly [operation: string]: RelayAnswer }) {
  const asked: Call[] = [];
  const call: Relay["call"] = async (call, caller) => {
    asked.push(call);
    return answers[call.operation] ?? relay.call(call, caller);
  };
  return { relay: { ...relay, call }, asked };
}

test("a File goes there and back, byte for byte, as multipart and as bytes", async () => {
  const bytes = Uint8Array.from({ length: 4096 }, (_, index) => (index * 7) % 256);
  const world = await openRelay();
  const { relay, asked } = saying(world.relay, {
    createFile: { ok: true, status: 201, result: { id: "FIL00000000000000001" }, rapport: true },
    getFileContent: { ok: true, status: 200, result: {}, bytes, rapport: true },
  });
  await using served = await openServed({ ...world, relay });
  const { session } = await served.newSession();
  const parts = { cipherHash: "aGFzaA", ownerSignature: 'c2ln"\r\n--', encryptedProperties: "cHJvcHM" };

  const made = await served.transport.call({ operation: "createFile", body: JSON.stringify(parts), bytes }, session);
  const content = await served.transport.call(
    { operation: "getFileContent", params: { id: "FIL00000000000000001" } },
    session,
  );

  expect(made).toMatchObject({ ok: true, status: 201, result: { id: "FIL00000000000000001" } });
  const upload = asked.find(({ operation }) => operation === "createFile");
  expect(JSON.parse(upload?.body ?? "")).toEqual(parts);
  expect(new Uint8Array(upload?.bytes ?? [])).toEqual(bytes);
  expect(content).toMatchObject({ ok: true, status: 200, result: {}, rapport: true });
  expect(content.ok && content.bytes).toEqual(bytes);
});

test("what the caller already has is a 304 without result", async () => {
  const world = await openRelay();
  const { relay } = saying(world.relay, {
    getTags: { ok: true, status: 200, result: { tags: 1 }, etag: "7", rapport: true },
  });
  await using served = await openServed({ ...world, relay });
  const first = await served.transport.call({ operation: "getTags" });

  const second = await served.transport.call({ operation: "getTags", etag: (first.ok && first.etag) || "none" });

  expect(first).toMatchObject({ ok: true, status: 200, result: { tags: 1 }, etag: '"7"' });
  expect(second).toMatchObject({ ok: true, status: 304, result: {}, etag: '"7"' });
});

test("after the password was changed the old one is of no use, and the new one is", async () => {
  await using served = await openServed();
  const { session } = await served.newSession();
  const newPassword = "a-new-password-of-at-least-forty-five-letters";
  const body = JSON.stringify({ oldPassword: session.password, newPassword });
  await served.transport.call({ operation: "changePassword", body }, session);

  const old = await served.transport.call({ operation: "getDevice" }, session);
  const fresh = await served.transport.call({ operation: "getDevice" }, { ...session, password: newPassword });

  expect(old).toMatchObject({ ok: false, status: 401, error: { code: "error.platform.unauthorized" } });
  expect(fresh).toMatchObject({ ok: true });
});

test("a token that has ended at the relay is replaced without anybody noticing", async () => {
  await using served = await openServed();
  const { session } = await served.newSession();
  await served.transport.call({ operation: "getDevice" }, session);
  served.clock.advance(60 * 60 * 1000);

  const answer = await served.transport.call({ operation: "getDevice" }, session);

  expect(answer).toMatchObject({ ok: true });
});

test("bodies leave as they are: a repetition under the same key with other spaces is another request", async () => {
  await using served = await openServed();
  const { session } = await served.newSession();
  const call = (body: string) =>
    served.transport.call({ operation: "createTemplate", body, idempotencyKey: "k" }, session);
  await call('{"content":"Y29udGVudA"}');

  const spaced = await call('{ "content":"Y29udGVudA"}');

  expect(spaced).toMatchObject({ error: { code: "error.platform.validation.idempotencyKeyReused" } });
});
