// Account, challenges, identity metadata and monitoring through the published client.
import { expect } from "vitest";
import { expectShape, type Journey } from "./party.ts";

/** The account's three. */
export async function callAccount({ alice, check }: Journey): Promise<void> {
  await check(alice.client.account.sync() as never);
  const info = await check<{ lastSyncRun?: { completedAt: string } }>(
    alice.client.account.getSyncInfo() as never,
    "ConnectorSyncInfo",
  );
  expect(info.lastSyncRun?.completedAt).toMatch(/Z$/);
}

/** Two methods; Alice and Bob are friends. */
export async function callChallenges({ alice, bob, check }: Journey): Promise<void> {
  const challenge = await check<{ challengeString: string; signature: string }>(
    alice.client.challenges.createChallenge({ challengeType: "Identity" }) as never,
    "ConnectorChallenge",
  );
  const { challengeString, signature } = challenge;
  const verdict = await check<{ isValid: boolean; correspondingRelationship?: { peer: string } }>(
    bob.client.challenges.validateChallenge({ challengeString, signature }) as never,
    "ConnectorChallengeValidationResult",
  );
  expect([verdict.isValid, verdict.correspondingRelationship?.peer]).toEqual([true, alice.address]);
}

/** Three methods. */
export async function callMetadata({ alice, bob, check }: Journey): Promise<void> {
  const place = { reference: bob.address, key: "note" };
  const mine = alice.client.identityMetadata;
  const stored = await check(
    mine.upsertIdentityMetadata({ ...place, value: { a: 1 } }) as never,
    "ConnectorIdentityMetadata",
  );
  expect(stored).toEqual({ ...place, value: { a: 1 } });
  expect(
    await check(mine.getIdentityMetadata(place.reference, place.key) as never, "ConnectorIdentityMetadata"),
  ).toEqual(stored);
  await check(mine.deleteIdentityMetadata(place.reference, place.key) as never);
  const gone = await mine.getIdentityMetadata(place.reference, place.key);
  expect(gone.error.code).toBe("error.runtime.recordNotFound");
}

/** Four methods. These bodies have no envelope, and the same shape in every profile. */
export async function callMonitoring({ alice }: Journey): Promise<void> {
  const { getHealth, getVersion, getRequests, getSupport } = alice.client.monitoring;
  expectShape("ConnectorHealth", await getHealth());
  expectShape("ConnectorVersionInfo", await getVersion());
  expectShape("ConnectorRequestCount", await getRequests());
  expectShape("ConnectorSupportInformation", await getSupport());
}
