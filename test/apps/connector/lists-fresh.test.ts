// What a list shows is what a single read shows, also after something beside the object has changed.
import { afterAll, beforeAll, expect, test } from "vitest";
import { create, share, succeed, valued } from "./attribute-calls.ts";
import { addressOf, befriend, called, settle } from "./friends.ts";
import { type Actor, openStage, type Stage } from "./stage.ts";

let stage: Stage;
let alice: Actor;
let bob: Actor;

beforeAll(async () => {
  stage = await openStage();
  alice = await stage.actor("alice");
  bob = await stage.actor("bob");
  await befriend(alice, bob);
});
afterAll(() => stage[Symbol.asyncDispose]());

const bases = ["/gen/gen1/api/v2", "/gen/gen2/api/v2", "/api/v2", "/api/core/v1"];

/** Every list of these, in every generation, object by object as it is read alone. */
async function expectFresh(nouns: readonly string[]): Promise<void> {
  for (const actor of [alice, bob])
    for (const base of bases)
      for (const noun of nouns) {
        const listed = await called(actor.call("GET", `${base}/${noun}`), 200);
        for (const one of listed)
          expect([base, one]).toEqual([base, await called(actor.call("GET", `${base}/${noun}/${one.id}`), 200)]);
      }
}

test("attributes, before and after they are shared, succeeded and deleted", async () => {
  const own = await create(alice, valued("GivenName", "Ann"));
  await expectFresh(["Attributes"]);
  await share(alice, bob, own);
  await expectFresh(["Attributes"]);
  const next = await succeed(alice, own, valued("GivenName", "Anna"));
  await expectFresh(["Attributes"]);
  await called(alice.call("POST", `/api/v2/Attributes/${next.id}/NotifyPeer`, { peer: addressOf(bob) }), 201);
  await settle(bob);
  await expectFresh(["Attributes"]);
  const received = await called(bob.call("GET", "/api/v2/Attributes"), 200);
  await called(bob.call("DELETE", `/api/v2/Attributes/Peer/Shared/${received[0].id}`), 200);
  await settle(alice);
  await expectFresh(["Attributes"]);
});

test("Relationships and templates, before and after a Relationship ends", async () => {
  await expectFresh(["Relationships", "RelationshipTemplates"]);
  const [{ id }] = await called(alice.call("GET", "/api/v2/Relationships"), 200);
  await called(alice.call("PUT", `/api/v2/Relationships/${id}/Terminate`), 200);
  await settle(bob);
  await expectFresh(["Relationships", "RelationshipTemplates"]);
});

test("LocalRequests, in both directions", async () => {
  await expectFresh(["Requests/Incoming", "Requests/Outgoing"]);
});
