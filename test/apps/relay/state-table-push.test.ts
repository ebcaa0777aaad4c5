// Registering for push notifications (spec/backbone-protocol.md 4.3).
import { expect, test } from "vitest";
import type { HttpParty } from "./http-parties.ts";
import { type Case, invalid, type Outcome, stateTable, yes } from "./state-cases.ts";
import { onEveryStore, openState } from "./state-stores.ts";

const handle = "a-long-enough-handle";
const register = (party: HttpParty, more: object = {}) =>
  party.call("registerPushNotifications", { body: { platform: "fcm", handle, appId: "app", ...more } });
const registered = yes({ devicePushIdentifier: expect.stringMatching(/^DPI/) });

const registrations: readonly (readonly [name: string, outcome: Outcome, more: object])[] = [
  ...["fcm", "apns", "dummy", "sse"].map((platform) => [`for ${platform}`, registered, { platform }] as const),
  ["for a platform that does not exist", invalid, { platform: "pigeon" }],
  ["in development", registered, { environment: "Development" }],
  ["in an environment that does not exist", invalid, { environment: "Staging" }],
  ["with a handle that is too short", invalid, { handle: "h".repeat(9) }],
  ["with the shortest handle", registered, { handle: "h".repeat(10) }],
  ["with the longest handle", registered, { handle: "h".repeat(500) }],
  ["with a handle that is too long", invalid, { handle: "h".repeat(501) }],
  ["without an app", invalid, { appId: "" }],
];

stateTable("push notifications", [
  ...registrations.map(
    ([name, outcome, more]): Case => [name, outcome, async (world) => register(await world.party(), more)],
  ),
  [
    "again",
    registered,
    async (world) => {
      const party = await world.party();
      await register(party);
      return register(party, { handle: `another-${handle}` });
    },
  ],
  [
    "no more",
    yes(),
    async (world) => {
      const party = await world.party();
      await register(party);
      return party.call("deletePushNotifications");
    },
  ],
  ["no more, without any", yes(), async (world) => (await world.party()).call("deletePushNotifications")],
]);

onEveryStore("registering for push notifications", (kind) => {
  test("keeps its identifier until it is taken back, and other devices have their own", async () => {
    await using world = await openState(kind);
    const owner = await world.party();
    const second = await owner.device();
    const ask = { body: { platform: "sse", handle, appId: "app" } };
    const idOf = async (party: HttpParty) => (await party.ok("registerPushNotifications", ask)).devicePushIdentifier;

    const [first, again, other] = [await idOf(owner), await idOf(owner), await idOf(second)];
    await owner.ok("deletePushNotifications");
    const later = await idOf(owner);

    expect(again).toBe(first);
    expect(new Set([first, other, later]).size).toBe(3);
  });
});
