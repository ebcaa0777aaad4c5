import { describe, expect, test } from "vitest";
import { bring, openRelay, type Status } from "./parties.ts";

const body = {};

/** The state table of the protocol: (status, operation, side) to the code, or the status it leads to. */
const rows: readonly [Status, string, "from" | "to", string][] = [
  ["Pending", "acceptRelationship", "to", "Active"],
  ["Pending", "acceptRelationship", "from", "cannotAcceptOrRejectRelationshipAddressedToSomeoneElse"],
  ["Pending", "rejectRelationship", "to", "Rejected"],
  ["Pending", "rejectRelationship", "from", "cannotAcceptOrRejectRelationshipAddressedToSomeoneElse"],
  ["Pending", "revokeRelationship", "from", "Revoked"],
  ["Pending", "revokeRelationship", "to", "cannotRevokeRelationshipNotCreatedByYourself"],
  ["Pending", "terminateRelationship", "from", "relationshipIsNotInCorrectStatus"],
  ["Pending", "requestReactivation", "from", "relationshipIsNotInCorrectStatus"],
  ["Pending", "decomposeRelationship", "from", "relationshipIsNotInCorrectStatus"],
  ["Active", "acceptRelationship", "to", "relationshipIsNotInCorrectStatus"],
  ["Active", "acceptRelationship", "from", "relationshipIsNotInCorrectStatus"],
  ["Active", "rejectRelationship", "from", "relationshipIsNotInCorrectStatus"],
  ["Active", "revokeRelationship", "to", "relationshipIsNotInCorrectStatus"],
  ["Active", "terminateRelationship", "from", "Terminated"],
  ["Active", "terminateRelationship", "to", "Terminated"],
  ["Active", "requestReactivation", "to", "relationshipIsNotInCorrectStatus"],
  ["Active", "decomposeRelationship", "to", "relationshipIsNotInCorrectStatus"],
  ["Active", "acceptReactivation", "to", "noAcceptableRelationshipReactivationRequestExists"],
  ["Terminated", "terminateRelationship", "from", "relationshipIsNotInCorrectStatus"],
  ["Terminated", "requestReactivation", "from", "Terminated"],
  ["Terminated", "requestReactivation", "to", "Terminated"],
  ["Terminated", "acceptReactivation", "from", "noAcceptableRelationshipReactivationRequestExists"],
  ["Terminated", "rejectReactivation", "to", "noRejectableReactivationRequestExists"],
  ["Terminated", "revokeReactivation", "to", "noRevocableReactivationRequestExists"],
  ["Terminated", "decomposeRelationship", "from", "DeletionProposed"],
  ["Terminated", "decomposeRelationship", "to", "DeletionProposed"],
  ["Reactivating", "requestReactivation", "from", "cannotRequestReactivationWhenThereIsAnOpenReactivationRequest"],
  ["Reactivating", "requestReactivation", "to", "cannotRequestReactivationWhenThereIsAnOpenReactivationRequest"],
  ["Reactivating", "acceptReactivation", "from", "Active"],
  ["Reactivating", "acceptReactivation", "to", "noAcceptableRelationshipReactivationRequestExists"],
  ["Reactivating", "rejectReactivation", "from", "Terminated"],
  ["Reactivating", "rejectReactivation", "to", "noRejectableReactivationRequestExists"],
  ["Reactivating", "revokeReactivation", "to", "Terminated"],
  ["Reactivating", "revokeReactivation", "from", "noRevocableReactivationRequestExists"],
  ["Reactivating", "decomposeRelationship", "from", "DeletionProposed"],
  ["DeletionProposed", "decomposeRelationship", "to", "ReadyForDeletion"],
  ["DeletionProposed", "decomposeRelationship", "from", "relationshipAlreadyDecomposed"],
  ["DeletionProposed", "terminateRelationship", "to", "relationshipIsNotInCorrectStatus"],
  ...(["Rejected", "Revoked"] as const).flatMap((status) =>
    [
      "acceptRelationship",
      "revokeRelationship",
      "terminateRelationship",
      "requestReactivation",
      "decomposeRelationship",
    ]
      .flatMap((operation) => (["from", "to"] as const).map((side) => [status, operation, side] as const))
      .map((row): [Status, string, "from" | "to", string] => [...row, "relationshipIsNotInCorrectStatus"]),
  ),
];

describe("the table of relationship steps (#24, #31, #32, #34, #39)", () => {
  test.for(rows)("%s: %s by %s gives %s", async ([status, operation, side, expected]) => {
    const world = await openRelay();
    const from = await world.party();
    const to = await world.party();
    const id = await bring(from, to, status);

    const answer = await (side === "from" ? from : to).call(operation, { id, body });

    if (answer.ok) expect(answer).toMatchObject({ status: 200, result: { id, status: expected } });
    else
      expect(answer).toMatchObject({
        status: 400,
        error: { code: `error.platform.validation.relationship.${expected}` },
      });
  });

  test.for(rows.filter(([status]) => status === "Terminated"))(
    "a stranger's %s %s finds nothing",
    async ([, operation]) => {
      const world = await openRelay();
      const [from, to, stranger] = [await world.party(), await world.party(), await world.party()];
      const id = await bring(from, to, "Terminated");

      const code = await stranger.no(operation, { id, body });

      expect(code).toBe(
        operation === "decomposeRelationship"
          ? "relationship.requestingIdentityDoesNotBelongToRelationship"
          : "recordNotFound",
      );
    },
  );
});
