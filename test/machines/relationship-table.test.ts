// Every row of spec/domain.md 3.3 and of spec/backbone-protocol.md 12.1, legal and illegal, with the exact codes of both.
import {
  createdRelationship,
  pathOf,
  type RelationshipEnvelope,
  type RelationshipFactType,
  type RelationshipRole,
  relationshipChart,
  relationshipFactTypes,
  relationshipRoles,
} from "rapport/machines";
import { expect, test } from "vitest";
import { step } from "../../src/turn/step.ts";

type By = RelationshipRole | "either";
type Legal = [
  from: string,
  fact: RelationshipFactType,
  by: By,
  to: string,
  reason: string,
  tells: string,
  hears: string,
];

const changed = "RelationshipStatusChanged";
const asked = "RelationshipReactivationRequested";
const completed = "RelationshipReactivationCompleted";
const deleted = "DecompositionDueToIdentityDeletion";
const requestedByI = "Terminated.requestedByInitiator";
const requestedByT = "Terminated.requestedByTemplator";
const leftByI = "DeletionProposed.byInitiator";
const leftByT = "DeletionProposed.byTemplator";
const gone = "ReadyForDeletion";
const heard = "relationshipChanged";
const heardAsked = "relationshipChanged relationshipReactivationRequested";
const heardCompleted = "relationshipChanged relationshipReactivationCompleted";
const heardSelf = "relationshipDecomposedBySelf";

// spec/domain.md 3.3, one line per row and side.
const legal: Legal[] = [
  ["Pending", "creation.accepted", "templator", "Active", "AcceptanceOfCreation", changed, heard],
  ["Pending", "creation.rejected", "templator", "Rejected", "RejectionOfCreation", changed, heard],
  ["Pending", "creation.revoked", "initiator", "Revoked", "RevocationOfCreation", changed, heard],
  ["Active", "relationship.terminated", "either", "Terminated.quiet", "Termination", changed, heard],
  ["Terminated.quiet", "reactivation.requested", "initiator", requestedByI, "ReactivationRequested", asked, heardAsked],
  ["Terminated.quiet", "reactivation.requested", "templator", requestedByT, "ReactivationRequested", asked, heardAsked],
  [requestedByI, "reactivation.accepted", "templator", "Active", "AcceptanceOfReactivation", completed, heardCompleted],
  [requestedByT, "reactivation.accepted", "initiator", "Active", "AcceptanceOfReactivation", completed, heardCompleted],
  [
    requestedByI,
    "reactivation.rejected",
    "templator",
    "Terminated.quiet",
    "RejectionOfReactivation",
    completed,
    heardCompleted,
  ],
  [
    requestedByT,
    "reactivation.rejected",
    "initiator",
    "Terminated.quiet",
    "RejectionOfReactivation",
    completed,
    heardCompleted,
  ],
  [
    requestedByI,
    "reactivation.revoked",
    "initiator",
    "Terminated.quiet",
    "RevocationOfReactivation",
    completed,
    heardCompleted,
  ],
  [
    requestedByT,
    "reactivation.revoked",
    "templator",
    "Terminated.quiet",
    "RevocationOfReactivation",
    completed,
    heardCompleted,
  ],
  ...["Terminated.quiet", requestedByI, requestedByT].flatMap((from): Legal[] => [
    [from, "relationship.decomposed", "initiator", leftByI, "Decomposition", changed, heardSelf],
    [from, "relationship.decomposed", "templator", leftByT, "Decomposition", changed, heardSelf],
  ]),
  [leftByI, "relationship.decomposed", "templator", gone, "Decomposition", "", heardSelf],
  [leftByT, "relationship.decomposed", "initiator", gone, "Decomposition", "", heardSelf],
  ...["Pending", "Active", "Terminated.quiet", requestedByI, requestedByT].flatMap((from): Legal[] => [
    [from, "identity.deleted", "initiator", leftByI, deleted, changed, ""],
    [from, "identity.deleted", "templator", leftByT, deleted, changed, ""],
  ]),
  [leftByI, "identity.deleted", "templator", gone, deleted, "", ""],
  [leftByT, "identity.deleted", "initiator", gone, deleted, "", ""],
];

const steps = legal.flatMap(([from, type, by, ...rest]) =>
  sides(by).map((side) => [from, type, side, ...rest] as const),
);

test.for(steps)("%s: %s by the %s leads to %s", ([from, type, by, to, reason, tells, hears]) => {
  const taken = step(relationshipChart, at(from), { type, by });

  expect(taken.ok).toBe(true);
  if (!taken.ok) return;
  const wishes = Object.fromEntries(taken.effects.map((effect) => [effect.type, effect.params]));
  expect(pathOf(taken.next.value)).toBe(to);
  expect(wishes.appendAudit).toEqual({ reason, oldStatus: from.split(".")[0], newStatus: to.split(".")[0] });
  expect(wishes.tellPeer).toEqual(tells === "" ? undefined : { event: tells });
  expect(wishes.announce ?? { events: [] }).toMatchObject({ events: hears.split(" ").filter(Boolean) });
  expect(taken.effects).toHaveLength(new Set(taken.effects.map(({ type: name }) => name)).size);
});

test("nothing else is legal", () => {
  const allowed = new Set(steps.map(([from, type, by]) => `${from} ${type} ${by}`));
  for (const from of relationshipChart.leaves.keys()) {
    for (const type of relationshipFactTypes) {
      for (const by of relationshipRoles) {
        const { ok } = step(relationshipChart, at(from), { type, by });
        expect(ok, `${from} ${type} ${by}`).toBe(allowed.has(`${from} ${type} ${by}`));
      }
    }
  }
});

const ours = "error.transport.relationships";
const theirs = "error.platform.validation.relationship";
const wrongStatus = [`${ours}.wrongRelationshipStatus`, `${theirs}.relationshipIsNotInCorrectStatus`] as const;
const wrongActor = `${ours}.operationOnlyAllowedForPeer`;
const notRequested = `${ours}.reactivationNotRequested`;
const notAddressed = `${theirs}.cannotAcceptOrRejectRelationshipAddressedToSomeoneElse`;
const notCreated = `${theirs}.cannotRevokeRelationshipNotCreatedByYourself`;
const requestOpen = [
  `${ours}.reactivationAlreadyRequested`,
  `${theirs}.cannotRequestReactivationWhenThereIsAnOpenReactivationRequest`,
] as const;
const noAcceptable = `${theirs}.noAcceptableRelationshipReactivationRequestExists`;
const noRejectable = `${theirs}.noRejectableReactivationRequestExists`;
const noRevocable = `${theirs}.noRevocableReactivationRequestExists`;
const alreadyGone = ["error.runtime.recordNotFound", `${theirs}.relationshipAlreadyDecomposed`] as const;

type Illegal = [oracle: string, from: string, fact: RelationshipFactType, by: By, local: string, relay: string];

const illegal: Illegal[] = [
  ["#22", "Pending", "creation.accepted", "initiator", wrongActor, notAddressed],
  ["#22", "Pending", "creation.rejected", "initiator", wrongActor, notAddressed],
  ["#22", "Pending", "creation.revoked", "templator", wrongActor, notCreated],
  ["#23", "Active", "creation.rejected", "templator", ...wrongStatus],
  ["status beats actor", "Active", "creation.accepted", "initiator", ...wrongStatus],
  ["status beats actor", "Active", "creation.revoked", "templator", ...wrongStatus],
  ...["Rejected", "Revoked"].flatMap((from): Illegal[] => [
    ["#24", from, "creation.accepted", "either", ...wrongStatus],
    ["#24", from, "creation.rejected", "either", ...wrongStatus],
    ["#24", from, "creation.revoked", "either", ...wrongStatus],
    ["#24", from, "relationship.terminated", "either", ...wrongStatus],
    ["#24", from, "reactivation.requested", "either", ...wrongStatus],
    ["#24, chapter 12 row 9", from, "relationship.decomposed", "either", ...wrongStatus],
    ["R3", from, "identity.deleted", "either", ...wrongStatus],
  ]),
  ["#30", requestedByT, "reactivation.accepted", "templator", wrongActor, noAcceptable],
  ["#30", requestedByT, "reactivation.rejected", "templator", wrongActor, noRejectable],
  ["#30", requestedByT, "reactivation.revoked", "initiator", wrongActor, noRevocable],
  ["#30", requestedByI, "reactivation.accepted", "initiator", wrongActor, noAcceptable],
  ["#30", requestedByI, "reactivation.rejected", "initiator", wrongActor, noRejectable],
  ["#30", requestedByI, "reactivation.revoked", "templator", wrongActor, noRevocable],
  ["#31", requestedByT, "reactivation.requested", "either", ...requestOpen],
  ["#31", requestedByI, "reactivation.requested", "either", ...requestOpen],
  ["#32", "Terminated.quiet", "reactivation.accepted", "either", notRequested, noAcceptable],
  ["#32", "Terminated.quiet", "reactivation.rejected", "either", notRequested, noRejectable],
  ["#32", "Terminated.quiet", "reactivation.revoked", "either", notRequested, noRevocable],
  ["#34", "Active", "reactivation.requested", "either", ...wrongStatus],
  ["#34", "Active", "reactivation.accepted", "either", wrongStatus[0], noAcceptable],
  ["#34", "Pending", "reactivation.rejected", "either", wrongStatus[0], noRejectable],
  ["#34", "DeletionProposed.byInitiator", "reactivation.revoked", "either", wrongStatus[0], noRevocable],
  ["#39", "Active", "relationship.decomposed", "either", ...wrongStatus],
  ["only after the end", "Pending", "relationship.decomposed", "either", ...wrongStatus],
  ["terminate", "Pending", "relationship.terminated", "either", ...wrongStatus],
  ["terminate", requestedByI, "relationship.terminated", "either", ...wrongStatus],
  ["terminate", leftByI, "relationship.terminated", "either", ...wrongStatus],
  ["decomposed twice", leftByI, "relationship.decomposed", "initiator", ...alreadyGone],
  ["decomposed twice", leftByT, "relationship.decomposed", "templator", ...alreadyGone],
  ["decomposed by both", gone, "relationship.decomposed", "either", ...alreadyGone],
  ["gone at both", gone, "relationship.terminated", "either", alreadyGone[0], wrongStatus[1]],
  ["gone at both", gone, "reactivation.accepted", "either", alreadyGone[0], noAcceptable],
  ["deleted after decomposing", leftByI, "identity.deleted", "initiator", ...alreadyGone],
];

const refusals = illegal.flatMap(([oracle, from, type, by, ...codes]) =>
  sides(by).map((side) => [oracle, from, type, side, ...codes] as const),
);

test.for(refusals)("%s: %s refuses %s by the %s", ([, from, type, by, local, relay]) => {
  const taken = step(relationshipChart, at(from), { type, by });

  expect(taken).toEqual({ ok: false, refusal: { local, relay } });
});

function at(path: string): RelationshipEnvelope {
  const leaf = relationshipChart.leaves.get(path);
  if (leaf === undefined) throw new Error(`There is no state "${path}".`);
  return { ...createdRelationship(), value: leaf.value };
}

function sides(by: By): readonly RelationshipRole[] {
  return by === "either" ? relationshipRoles : [by];
}
