// Every step of a Relationship in every status by every actor (spec/backbone-protocol.md 12.1).
import type { OperationName } from "rapport/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bring, type Status } from "../../relay/parties.ts";
import type { HttpParty } from "./http-parties.ts";
import { expectOutcome, no, notFound, type Outcome, yes } from "./state-cases.ts";
import { onEveryStore, openState, type StateWorld } from "./state-stores.ts";

const body = {};
const relationship = (code: string) => no(`relationship.${code}`);
const status = relationship("relationshipIsNotInCorrectStatus");
const actor = relationship("cannotAcceptOrRejectRelationshipAddressedToSomeoneElse");
const notRevoker = relationship("cannotRevokeRelationshipNotCreatedByYourself");
const isOpen = relationship("cannotRequestReactivationWhenThereIsAnOpenReactivationRequest");
const noAccept = relationship("noAcceptableRelationshipReactivationRequestExists");
const noReject = relationship("noRejectableReactivationRequestExists");
const noRevoke = relationship("noRevocableReactivationRequestExists");
const left = relationship("relationshipAlreadyDecomposed");
const stranger = relationship("requestingIdentityDoesNotBelongToRelationship");
const to = (status: string) => yes({ status });

const operations = [
  "acceptRelationship",
  "rejectRelationship",
  "revokeRelationship",
  "terminateRelationship",
  "requestReactivation",
  "acceptReactivation",
  "rejectReactivation",
  "revokeReactivation",
  "decomposeRelationship",
] as const satisfies readonly OperationName[];

type Sides = readonly [from: Outcome, to: Outcome];
const both = (outcome: Outcome): Sides => [outcome, outcome];

/** What is answered when no step but those of reactivation is known, and none is open. */
const ended: readonly Sides[] = [
  both(status),
  both(status),
  both(status),
  both(status),
  both(status),
  both(noAccept),
  both(noReject),
  both(noRevoke),
  both(status),
];

/** Rows in the order of `operations`, each with the answer to the initiator and to the templator. */
const table: Readonly<Record<Standing, readonly Sides[]>> = {
  Pending: [[actor, to("Active")], [actor, to("Rejected")], [to("Revoked"), notRevoker], ...ended.slice(3)],
  Active: [...ended.slice(0, 3), both(to("Terminated")), ...ended.slice(4)],
  Rejected: ended,
  Revoked: ended,
  Terminated: [...ended.slice(0, 4), both(to("Terminated")), ...ended.slice(5, 8), both(to("DeletionProposed"))],
  // The templator has asked.
  Reactivating: [
    ...ended.slice(0, 4),
    both(isOpen),
    [to("Active"), noAccept],
    [to("Terminated"), noReject],
    [noRevoke, to("Terminated")],
    both(to("DeletionProposed")),
  ],
  // The initiator has left.
  DeletionProposed: [...ended.slice(0, 8), [left, to("ReadyForDeletion")]],
  ReadyForDeletion: [...ended.slice(0, 8), both(left)],
};

type Standing = Status | "ReadyForDeletion";
type Side = "from" | "to" | "stranger";
interface Row {
  readonly operation: OperationName;
  readonly side: Side;
  readonly outcome: Outcome;
}

function rowsOf(standing: Standing): readonly Row[] {
  return operations.flatMap((operation, at) => {
    const [from, templator] = table[standing][at] ?? [];
    if (from === undefined || templator === undefined) throw new Error(`The table has no row for ${operation}.`);
    const outsider = operation === "decomposeRelationship" ? stranger : notFound;
    return [
      { operation, side: "from" as const, outcome: from },
      { operation, side: "to" as const, outcome: templator },
      { operation, side: "stranger" as const, outcome: outsider },
    ];
  });
}

const standings = Object.keys(table) as readonly Standing[];
const isRefusal = ({ outcome }: Row) => "code" in outcome;

/** A Relationship of two new people, and somebody else. */
async function stand(world: StateWorld, standing: Standing) {
  const [from, templator] = [await world.party(), await world.party()];
  const isGone = standing === "ReadyForDeletion";
  const id = await bring(from, templator, isGone ? "DeletionProposed" : standing);
  if (isGone) await templator.ok("decomposeRelationship", { id, body });
  return { id, from, to: templator };
}

onEveryStore("steps of a Relationship", (kind) => {
  let world: StateWorld;
  let other: HttpParty;
  beforeAll(async () => {
    world = await openState(kind);
    other = await world.party();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  describe.for(standings)("%s", (standing) => {
    const rows = rowsOf(standing);
    // Refusals change nothing, so all of them are tried on one Relationship, and that they did not is a case.
    let tried: Awaited<ReturnType<typeof stand>>;
    const seen = async () => [
      await tried.from.call("getRelationship", { id: tried.id }),
      await tried.to.call("getRelationship", { id: tried.id }),
    ];
    let before: Awaited<ReturnType<typeof seen>>;
    beforeAll(async () => {
      tried = await stand(world, standing);
      before = await seen();
    });

    test.for(rows.filter(isRefusal))("$operation by $side is refused: $outcome.code", async (row) => {
      const asker = row.side === "stranger" ? other : tried[row.side];

      const answer = await asker.call(row.operation, { id: tried.id, body });

      expectOutcome(answer, row.outcome);
    });

    test("no refusal has changed it", async () => {
      const after = await seen();

      expect(after).toEqual(before);
    });

    test.for(rows.filter((row) => !isRefusal(row)))("$operation by $side succeeds: $outcome.result", async (row) => {
      const { id, ...sides } = await stand(world, standing);
      const asker = row.side === "stranger" ? other : sides[row.side];

      const answer = await asker.call(row.operation, { id, body });

      expectOutcome(answer, row.outcome);
      expect(answer).toMatchObject({ status: 200, result: { id } });
    });
  });
});
