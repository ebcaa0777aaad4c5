// Relationships through the published client: fourteen methods.
import { expect } from "vitest";
import { befriend, type Journey, type Party, pendingBetween, settle, templateFor } from "./party.ts";

type Seen = { id: string; status: string; auditLog: { reason: string }[] };

/** Everything but what an active one can do. Nothing is left between Alice and Carol. */
export async function callAttempts({ alice, carol, check }: Journey): Promise<void> {
  const template = await templateFor(check, alice, carol);
  const possible = await check<{ isSuccess: boolean }>(
    carol.client.relationships.canCreateRelationship({ templateId: template.id } as never) as never,
    "CanCreateRelationshipResponse",
  );
  expect(possible).toEqual({ isSuccess: true });

  const revoked = await pendingBetween(check, alice, carol);
  const before = await check<Seen>(
    carol.client.relationships.getRelationship(revoked.id) as never,
    "ConnectorRelationship",
  );
  expect(before.status).toBe("Pending");
  await check(carol.client.relationships.revokeRelationship(revoked.id) as never, "ConnectorRelationship");
  await settle(alice);

  const rejected = await pendingBetween(check, alice, carol);
  await settle(alice);
  await check(alice.client.relationships.rejectRelationship(rejected.id) as never, "ConnectorRelationship");
  await settle(carol);

  for (const { client } of [alice, carol]) {
    const all = await check<Seen[]>(client.relationships.getRelationships({}) as never, "ConnectorRelationships");
    expect(all.map(({ status }) => status)).toEqual(["Revoked", "Rejected"]);
  }
}

/** The life of an active one. */
export async function callLife(journey: Journey): Promise<void> {
  const { alice, carol, check } = journey;
  const id = await befriend(journey, alice, carol);
  const step = async (who: Party, name: StepName, reason: string) => {
    const seen = await check<Seen>(who.client.relationships[name](id) as never, "ConnectorRelationship");
    expect(seen.auditLog.at(-1)?.reason).toBe(reason);
    await settle(alice, carol);
  };
  const shared = await check<unknown[]>(
    alice.client.relationships.getAttributesForRelationship(id) as never,
    "ConnectorAttributes",
  );
  expect(shared).toEqual([]);

  await step(alice, "terminateRelationship", "Termination");
  await step(alice, "requestRelationshipReactivation", "ReactivationRequested");
  await step(alice, "revokeRelationshipReactivation", "RevocationOfReactivation");
  await step(carol, "requestRelationshipReactivation", "ReactivationRequested");
  await step(alice, "rejectRelationshipReactivation", "RejectionOfReactivation");
  await step(carol, "requestRelationshipReactivation", "ReactivationRequested");
  await step(alice, "acceptRelationshipReactivation", "AcceptanceOfReactivation");
  await step(carol, "terminateRelationship", "Termination");

  await check(carol.client.relationships.decomposeRelationship(id) as never);
  await settle(alice);
  const left = await check<Seen>(alice.client.relationships.getRelationship(id) as never, "ConnectorRelationship");
  expect(left.status).toBe("DeletionProposed");
  await check(alice.client.relationships.decomposeRelationship(id) as never);
  const gone = await alice.client.relationships.getRelationship(id);
  expect(gone.error.code).toBe("error.runtime.recordNotFound");
}

type StepName =
  | "terminateRelationship"
  | "requestRelationshipReactivation"
  | "acceptRelationshipReactivation"
  | "rejectRelationshipReactivation"
  | "revokeRelationshipReactivation";
