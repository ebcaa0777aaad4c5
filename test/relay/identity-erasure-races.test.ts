import { createMemoryDisk, createMemoryStore } from "rapport/plugins/storage-memory";
import { expect, test } from "vitest";
import { createCrashPoints } from "../kit/crash-points.ts";
import { operatorOf } from "./operator.ts";
import { base64, bring, identityBody, letter, offer, openRelay, type Party, pend, type RelayWorld } from "./parties.ts";
import { pseudonym } from "./pseudonym.ts";
import { namedIn, settle } from "./settling.ts";

const body = {};
const devicePassword = "another-device-password-of-forty-five-letters";

test("wherever the erasing is killed, it goes on when the relay is opened, and nothing is left (Z2)", async () => {
  const full = createMemoryDisk();
  const before = await openRelay({ store: createMemoryStore({ disk: full }) });
  const { party, second, peer } = await settle(before);
  let points = 0;
  let ended = 0;
  for (let at = 1; ; at += 1) {
    const disk = full.copy();
    const crash = createCrashPoints();
    const dying = crash.store(createMemoryStore({ disk }));
    await openRelay({ seed: 2, store: dying });
    crash.watch({ at, when: "before", how: "kill" });
    await operatorOf(dying, before.clock)
      .erase(party.address)
      .catch(() => undefined);
    if (!crash.hasStruck) break;
    points += 1;

    const store = createMemoryStore({ disk });
    const reopened = await openRelay({ seed: 3, store });
    const { isDeleted } = await reopened.anonymous.ok("isIdentityDeleted", {
      query: { username: second.caller.username },
    });
    const isAlive = (await reopened.as(party.caller).call("getDevice")).ok;
    expect(isDeleted, `${at}`).toBe(!isAlive);
    if (isAlive) await operatorOf(store, reopened.clock).erase(party.address);
    else ended += 1;
    expect(namedIn(disk, party), `${at}`).toEqual([]);
    expect(namedIn(disk, second), `${at}`).toEqual([]);
    const told = await reopened.as(peer.caller).ok("startSyncRun", { body: { type: "ExternalEventSync" } });
    expect(told.syncRun.eventCount, `${at}`).toBeGreaterThan(1);
  }
  expect(points).toBeGreaterThan(100);
  expect(ended).toBeGreaterThan(90);
});

test("while it is erased, an identity is either there or not, for itself and for its peers (Z1)", async () => {
  const seen = new Set<string>();
  let lastOwn = "";
  for (let at = 1; ; at += 1) {
    const points = createCrashPoints();
    const store = createMemoryStore();
    const world = await openRelay({ store });
    const [gone, peer] = [await world.party(), await world.party()];
    const id = await bring(gone, peer, "Active");
    let own = "";
    let shown = "";
    const meanwhile = async () => {
      own = (await gone.call("getDevice")).ok ? "there" : "gone";
      const { from, status, auditLog } = await peer.ok("getRelationship", { id });
      shown = `${status} ${from === pseudonym} ${JSON.stringify(auditLog).includes(gone.address)}`;
      const mayBegin = await peer.call("canCreateRelationship", { query: { peer: gone.address } });
      if (own === "gone") expect(mayBegin.ok && (mayBegin.result as { canCreate: boolean }).canCreate).toBe(false);
    };
    points.watch({ at, when: "before", how: "wait", meanwhile });

    await operatorOf(points.store(store), world.clock).erase(gone.address);

    if (!points.hasStruck) break;
    expect(["Active false true", "DeletionProposed true false"], `${at}`).toContain(shown);
    if (shown.startsWith("Del")) expect(own, `${at}`).toBe("gone");
    if (lastOwn === "gone") expect(own, `${at}`).toBe("gone");
    lastOwn = own;
    seen.add(`${own} ${shown}`);
  }
  expect(seen.size).toBe(3);
});

type Scene = { readonly world: RelayWorld; readonly gone: Party; readonly peer: Party; readonly id: string };
type Act = (scene: Scene) => Promise<() => Promise<unknown>>;

const acts: { readonly [name: string]: Act } = {
  "it offers a template":
    async ({ gone }) =>
    () =>
      gone.call("createTemplate", { body: { content: base64("t") } }),
  "it makes a token": async ({ gone, world }) => {
    const token = { content: base64("t"), expiresAt: world.in(60_000) };
    return () => gone.call("createToken", { body: token });
  },
  "it asks for a challenge":
    async ({ gone }) =>
    () =>
      gone.call("createChallenge", { body }),
  "it adds a device": async ({ gone }) => {
    const { signedChallenge } = identityBody(await gone.ok("createChallenge", { body }), gone.keys);
    return () => gone.call("createDevice", { body: { devicePassword, signedChallenge, isBackupDevice: true } });
  },
  "it loads a template": async ({ gone, peer }) => {
    const id = await offer(peer);
    return () => gone.call("getTemplate", { id });
  },
  "it writes":
    async ({ gone, peer }) =>
    () =>
      gone.call("createMessage", { body: letter(peer) }),
  "it reads": async ({ gone, peer }) => {
    await peer.ok("createMessage", { body: letter(gone) });
    return () => gone.call("listMessages");
  },
  "it ends a Relationship":
    async ({ gone, id }) =>
    () =>
      gone.call("terminateRelationship", { id, body }),
  "it wants to be deleted":
    async ({ gone }) =>
    () =>
      gone.call("startDeletionProcess", { body }),
  "it syncs":
    async ({ gone }) =>
    () =>
      gone.sync().catch(() => undefined),
  "it registers for push notifications":
    async ({ gone }) =>
    () =>
      gone.call("registerPushNotifications", { body: { platform: "sse", handle: "a-long-handle", appId: "app" } }),
  "it raises its epoch":
    async ({ gone }) =>
    () =>
      gone.call("raiseEpoch", { body: { epoch: 1, sent: 0 } }),
  "it logs in": async ({ gone, world }) => {
    const login = { grant_type: "password", username: gone.caller.username, password: gone.password };
    return () => world.anonymous.call("connectToken", { body: login });
  },
  "somebody guesses its password":
    async ({ gone, world }) =>
    () =>
      world.relay.authenticate(gone.caller.username, "a wrong password"),
  "the peer writes":
    async ({ gone, peer }) =>
    () =>
      peer.call("createMessage", { body: letter(gone) }),
  "the peer reads": async ({ gone, peer }) => {
    await gone.ok("createMessage", { body: letter(peer) });
    return () => peer.call("listMessages");
  },
  "the peer ends the Relationship":
    async ({ peer, id }) =>
    () =>
      peer.call("terminateRelationship", { id, body }),
  "the peer takes its last slot": async ({ gone, peer }) => {
    const id = await offer(gone, { maxNumberOfAllocations: 1 });
    return () => peer.call("getTemplate", { id });
  },
  "the peer wants to be deleted":
    async ({ peer }) =>
    () =>
      peer.call("startDeletionProcess", { body }),
  "a stranger builds a Relationship with it": async ({ world, gone }) => {
    const stranger = await world.party();
    const creation = { relationshipTemplateId: await offer(gone), creationContent: base64("c") };
    return () => stranger.call("createRelationship", { body: creation });
  },
  "it builds a Relationship": async ({ world, gone }) => {
    const stranger = await world.party();
    const creation = { relationshipTemplateId: await offer(stranger), creationContent: base64("c") };
    return () => gone.call("createRelationship", { body: creation });
  },
  "the peer accepts": async ({ gone, world }) => {
    const templator = await world.party();
    const id = await pend(gone, templator);
    return () => templator.call("acceptRelationship", { id, body: { creationResponseContent: base64("r") } });
  },
};

test.for(Object.entries(acts))(
  "when %s, wherever that meets the end, nothing joins what has ended",
  async ([, act]) => {
    for (let at = 1; ; at += 1) {
      const disk = createMemoryDisk();
      const store = createMemoryStore({ disk });
      const points = createCrashPoints();
      const world = await openRelay({ store: points.store(store) });
      const [gone, peer] = [await world.party(), await world.party()];
      const scene = { world, gone, peer, id: await bring(gone, peer, "Active") };
      const call = await act(scene);
      points.watch({
        at,
        when: "before",
        how: "wait",
        meanwhile: () => operatorOf(store, world.clock).erase(gone.address),
      });

      await call();

      if (!points.hasStruck) break;
      expect(namedIn(disk, gone), `${at}`).toEqual([]);
      expect(
        await world.anonymous.ok("isIdentityDeleted", { query: { username: gone.caller.username } }),
      ).toMatchObject({
        isDeleted: true,
      });
    }
  },
);

test("two who end at the same time leave nothing of either", async () => {
  for (let at = 1; ; at += 1) {
    const disk = createMemoryDisk();
    const store = createMemoryStore({ disk });
    const points = createCrashPoints();
    const world = await openRelay({ store });
    const [one, other] = [await world.party(), await world.party()];
    const id = await bring(one, other, "Active");
    await one.ok("createMessage", { body: letter(other) });
    const meanwhile = () => operatorOf(store, world.clock, { seed: 2_000 }).erase(other.address);
    points.watch({ at, when: "before", how: "wait", meanwhile });

    await operatorOf(points.store(store), world.clock).erase(one.address);

    if (!points.hasStruck) break;
    expect([...namedIn(disk, one), ...namedIn(disk, other)], `${at}`).toEqual([]);
    const keys = [...disk.documents().keys()].filter((key) => /message|leftover|unreceived|pair|event/.test(key));
    expect(keys, `${at}`).toEqual([]);
    expect(disk.documents().get(`relay/relationship/${id}`)).toMatchObject({
      parties: [],
      from: pseudonym,
      to: pseudonym,
    });
  }
});
