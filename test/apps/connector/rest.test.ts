// The smaller groups over HTTP (spec/connector-api.md 1.2, 1.3, 1.12; behaviours 1 to 3, 13, 74 to 79, 99 to 101).
import { afterAll, beforeAll, expect, test } from "vitest";
import { addressOf, befriend, called, refusal } from "./friends.ts";
import { type Actor, openStage, type Stage } from "./stage.ts";

let stage: Stage;
let alice: Actor;
let bob: Actor;
let relationshipId: string;

beforeAll(async () => {
  stage = await openStage();
  alice = await stage.actor("alice");
  bob = await stage.actor("bob");
  relationshipId = await befriend(alice, bob);
});
afterAll(() => stage[Symbol.asyncDispose]());

test("7.1 the identity has an address and a public key, and nothing else is said", async () => {
  const info = await called(alice.call("GET", "/api/v2/Account/IdentityInfo"), 200);

  expect(info).toEqual({ address: addressOf(alice), publicKey: expect.any(String) });
});

test("7.2, 7.3 a sync of the second and third generation is void, and leaves its time", async () => {
  for (const path of ["/gen/gen2/api/v2", "/api/core/v1"])
    expect(await called(alice.call("POST", `${path}/Account/Sync`), 204)).toBeUndefined();

  const { lastSyncRun } = await called(alice.call("GET", "/api/v2/Account/SyncInfo"), 200);
  expect(Date.parse(lastSyncRun.completedAt)).toBeGreaterThan(0);
});

test("7.13 version, counts and support have their shapes, without an envelope", async () => {
  const [version, counts, support] = await Promise.all(
    ["Version", "Requests", "Support"].map(async (name) => (await alice.call("GET", `/Monitoring/${name}`)).body),
  );

  const stamp = ["build", "commit", "date", "runtimeVersion", "version"];
  expect(Object.keys(version).toSorted()).toEqual(stamp);
  expect(counts).toEqual({
    since: expect.stringMatching(/^\d{4}-/),
    requestCount: expect.any(Number),
    requestCountByStatus: expect.any(Object),
  });
  expect(Object.keys(support).toSorted()).toEqual(["configuration", "health", "identityInfo", "version"]);
  expect(support.identityInfo.address).toBe(addressOf(alice));
  const { body } = await alice.call("GET", "/gen/gen3/Monitoring/Version");
  expect(body.modules).toBeTypeOf("object");
});

const challenge = (actor: Actor, more: object) => called(actor.call("POST", "/api/v2/Challenges", more), 201);
const validate = (actor: Actor, { challengeString, signature }: { challengeString: string; signature: string }) =>
  actor.call("POST", "/api/v2/Challenges/Validate", { challengeString, signature });

test("7.74 a challenge has the type that was asked for", async () => {
  for (const challengeType of ["Identity", "Device"])
    expect(await challenge(alice, { challengeType })).toMatchObject({ type: challengeType });
  const relationship = { challengeType: "Relationship", relationship: relationshipId };
  expect(await challenge(alice, relationship)).toMatchObject({ type: "Relationship" });

  const missing = alice.call("POST", "/api/v2/Challenges", { challengeType: "Relationship" });
  await refusal(missing, 400, "error.runtime.validation.invalidPayload");
  const other = { ...relationship, relationship: "RELaaaaaaaaaaaaaaaaa" };
  await refusal(alice.call("POST", "/api/v2/Challenges", other), 404, "error.runtime.recordNotFound");
});

test("7.75, 7.76 the peer sees who answered a challenge, and that a foreign signature is none", async () => {
  const own = await challenge(alice, { challengeType: "Identity" });
  const ours = await challenge(alice, { challengeType: "Relationship", relationship: relationshipId });

  for (const given of [own, ours]) {
    const verdict = await called(validate(bob, given), 200);
    expect(verdict).toMatchObject({ isValid: true, correspondingRelationship: { peer: addressOf(alice) } });
  }
  expect(await called(validate(bob, { ...own, signature: ours.signature }), 200)).toEqual({ isValid: false });
  const nonsense = validate(bob, { challengeString: "nonsense", signature: "nonsense" });
  await refusal(nonsense, 400, "error.runtime.validation.invalidPropertyValue");
});

test("7.77 the keys of a peer's devices are nobody's business", async () => {
  await refusal(validate(bob, await challenge(alice, { challengeType: "Device" })), 400, "error.runtime.notSupported");
});

test("7.78, 7.79 notes are kept as they are, read and deleted", async () => {
  const path = "/api/v2/IdentityMetadata";
  const place = (key?: string) => `${path}?reference=${addressOf(bob)}${key === undefined ? "" : `&key=${key}`}`;
  const notes = [
    { value: "a text" },
    { value: { a: [1, null] } },
    { key: "k", value: "keyed" },
    { key: "l", value: { b: true } },
  ];

  for (const note of notes) {
    const given = { reference: addressOf(bob), ...note };
    expect(await called(alice.call("PUT", path, given), 200)).toEqual(given);
    expect(await called(alice.call("GET", place(note.key)), 200)).toEqual(given);
  }
  await called(alice.call("DELETE", place("k")), 204);

  await refusal(alice.call("GET", place("k")), 404, "error.runtime.recordNotFound");
  await refusal(alice.call("DELETE", place("k")), 404, "error.runtime.recordNotFound");
  const newer = place("k").replace("/api/v2", "/api/core/v1");
  await refusal(alice.call("GET", newer), 400, "error.runtime.identityMetadata.notFound");
  const stranger = { reference: addressOf(await stage.actor("eve")), value: 1 };
  const unfamiliar = "error.runtime.identityMetadata.unfamiliarReferencedIdentity";
  await refusal(alice.call("PUT", path, stranger), 400, unfamiliar);
});

test("7.99 announcements are read in a language", async () => {
  expect(await called(alice.call("GET", "/api/core/v1/Announcements?language=en"), 200)).toEqual([]);
  const wrong = alice.call("GET", "/api/core/v1/Announcements?language=english");
  await refusal(wrong, 400, "error.runtime.validation.invalidPropertyValue");
});

test("7.100 backbone notifications go to friends alone, with a code that there is", async () => {
  const send = (recipient: string) =>
    alice.call("POST", "/api/core/v1/BackboneNotifications", { recipients: [recipient], code: "TestCode" });
  const stranger = await stage.actor("carol");

  const noFriend = "error.transport.backboneNotifications.noActiveRelationshipFoundForRecipients";
  await refusal(send(addressOf(stranger)), 400, noFriend);
  const { body } = await send(addressOf(bob));
  expect(body.error.code).toBe("error.platform.validation.notification.codeDoesNotExist");
});

test("7.101 the deletion of the identity begins once, is read and is cancelled", async () => {
  const doomed = await stage.actor("dora");
  const path = "/api/core/v1/IdentityDeletionProcess";
  const none = "error.runtime.identityDeletionProcess.noActiveIdentityDeletionProcess";
  const twice = "error.runtime.identityDeletionProcess.activeIdentityDeletionProcessAlreadyExists";

  await refusal(doomed.call("GET", path), 400, none);
  const begun = await called(doomed.call("POST", path), 200);
  expect(begun.status).toBe("Active");
  expect(Date.parse(begun.gracePeriodEndsAt)).toBeGreaterThan(Date.now());
  await refusal(doomed.call("POST", path), 400, twice);
  const older = await called(doomed.call("GET", path.replace("core/v1", "v2")), 200);
  expect(older).toMatchObject({ id: begun.id, status: "Approved" });
  expect(await called(doomed.call("DELETE", path), 200)).toMatchObject({ status: "Cancelled" });
  await refusal(doomed.call("GET", path), 400, none);
  const again = doomed.call("DELETE", path.replace("core/v1", "v2"));
  await refusal(again, 400, "error.runtime.identityDeletionProcess.noApprovedIdentityDeletionProcess");
});

test("nothing is open and nothing is dead, and what is not there is not found", async () => {
  const own = "/api/rapport/v1";

  expect(await called(alice.call("GET", `${own}/DeadLetters`), 200)).toEqual([]);
  expect(await called(alice.call("GET", `${own}/Intents`), 200)).toEqual([]);
  await called(alice.call("POST", `${own}/Intents/Resume`), 204);
  await refusal(alice.call("DELETE", `${own}/Intents/INTaaaaaaaaaaaaaaaaa`), 404, "intent.notFound");
  for (const [method, more] of [
    ["GET", ""],
    ["POST", "/Replay"],
    ["DELETE", ""],
  ] as const)
    await refusal(alice.call(method, `${own}/DeadLetters/DLTaaaaaaaaaaaaaaaaa${more}`), 404, "deadLetter.notFound");
});

test("why a Relationship is what it is can be read", async () => {
  const own = `/api/rapport/v1/Relationships/${relationshipId}`;

  expect(await called(alice.call("GET", `${own}/Explain`), 200)).toMatchObject({ kind: "relationship" });
  expect(await called(alice.call("GET", `${own}/Decision`), 200)).toMatchObject({ decider: { kind: "human" } });
});
