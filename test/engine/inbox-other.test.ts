// External events that are neither about a Relationship nor a Message (spec/backbone-protocol.md 6).
import type { Json, JsonObject, TransportPort } from "rapport/core";
import { createWorld } from "rapport/testkit";
import { expect, test } from "vitest";
import { listen, onDay, only } from "../services/scenes.ts";

/** A relay that tells of something else than a locked token. */
const telling =
  (type: string, payload: JsonObject) =>
  (transport: TransportPort): TransportPort => ({
    ...transport,
    call: async (call, session) => {
      const answer = await transport.call(call, session);
      if (!answer.ok || call.operation !== "listExternalEvents") return answer;
      const events = answer.result as readonly JsonObject[];
      return { ...answer, result: events.map((event): Json => ({ ...event, type, payload })) };
    },
  });

async function lockedToken() {
  const world = await createWorld();
  const ada = await world.person("ada");
  const passwordProtection = { password: "right" };
  const token = await ada.account.tokens.create({ content: 1, expiresAt: onDay(3), passwordProtection });
  const lock = async () => {
    for (let tries = 0; tries < 100; tries += 1)
      await world.relay.call({ operation: "getToken", params: { id: token.id }, query: { password: "AAAA" } });
  };
  return { world, ada, lock };
}

test.for(["IdentityDeletionProcessStarted", "IdentityDeletionProcessStatusChanged"])(
  "%s: what another device did is fetched, kept and announced once",
  async (type) => {
    const { world, ada, lock } = await lockedToken();
    await using _ = world;
    const { deletion } = ada.account;
    const begun = await deletion.start();
    const older = ada.disk.copy();
    const cancelled = await deletion.cancel();
    await lock();
    const transport = telling(type, { deletionProcessId: begun.id });
    const account = await ada.restart({ disk: older, transport });
    expect(await account.deletion.active()).toEqual(begun);
    const ear = listen(account);

    await account.sync();
    await account.sync();

    expect(await account.deletion.list()).toEqual([cancelled]);
    expect(ear.data("transport.identityDeletionProcessStatusChanged")).toEqual([cancelled]);
    expect(await account.deadLetters.list()).toEqual([]);
  },
);

test.for([
  ["a type that nobody knows", "SomethingNew", "error.runtime.notSupported"],
  ["a process that the relay does not know", "IdentityDeletionProcessStarted", "error.platform.recordNotFound"],
] as const)("%s is kept for a person to look at", async ([, type, code]) => {
  const { world, ada, lock } = await lockedToken();
  await using _ = world;
  await lock();
  const account = await ada.restart({ transport: telling(type, { deletionProcessId: "IDP00000000000000000" }) });

  await account.sync();

  expect(only(await account.deadLetters.list())).toMatchObject({ what: `external event ${type}`, code });
});
