// The lifecycle of a Relationship, written a second time from spec/domain.md 3.3 and without the chart, so that a mistake
// in one of them shows.

/** The steps that a side may ask for. */
export const steps = [
  "accept",
  "reject",
  "revoke",
  "terminate",
  "requestReactivation",
  "acceptReactivation",
  "rejectReactivation",
  "revokeReactivation",
  "decompose",
] as const;
/** A step that a side may ask for. */
export type Step = (typeof steps)[number];

/** One line of an audit log. */
export interface Entry {
  readonly by: string;
  readonly reason: string;
}

/** The sides of a Relationship and what happened to it. */
export interface Story {
  readonly from: string;
  readonly to: string;
  readonly log: readonly Entry[];
}

/** What a legal step writes into the audit log. */
export const reasonOf: Readonly<Record<Step, string>> = {
  accept: "AcceptanceOfCreation",
  reject: "RejectionOfCreation",
  revoke: "RevocationOfCreation",
  terminate: "Termination",
  requestReactivation: "ReactivationRequested",
  acceptReactivation: "AcceptanceOfReactivation",
  rejectReactivation: "RejectionOfReactivation",
  revokeReactivation: "RevocationOfReactivation",
  decompose: "Decomposition",
};

const statusAfter: Readonly<Record<string, string>> = {
  Creation: "Pending",
  AcceptanceOfCreation: "Active",
  RejectionOfCreation: "Rejected",
  RevocationOfCreation: "Revoked",
  Termination: "Terminated",
  ReactivationRequested: "Terminated",
  AcceptanceOfReactivation: "Active",
  RejectionOfReactivation: "Terminated",
  RevocationOfReactivation: "Terminated",
};

const t = "error.transport.relationships.";
const wrongStatus = `${t}wrongRelationshipStatus`;
const onlyForPeer = `${t}operationOnlyAllowedForPeer`;
const notRequested = `${t}reactivationNotRequested`;

/** The status that an audit log ends with. */
export function statusOf(log: readonly Entry[]): string {
  const last = log.at(-1)?.reason ?? "";
  if (last !== "Decomposition") return statusAfter[last] ?? "none";
  return log.filter(({ reason }) => reason === last).length === 1 ? "DeletionProposed" : "ReadyForDeletion";
}

/** True when it counts as existing (R1). */
export function isExisting(log: readonly Entry[]): boolean {
  return ["Pending", "Active", "Terminated", "DeletionProposed"].includes(statusOf(log));
}

/** The code with which a side refuses its own step, as far as it knows; undefined when the step is legal. */
export function localRefusal(step: Step, by: string, { from, to, log }: Story): string | undefined {
  const status = statusOf(log);
  const last = log.at(-1);
  const open = last?.reason === "ReactivationRequested" ? last.by : undefined;
  const unless = (isRight: boolean, code = wrongStatus) => (isRight ? undefined : code);
  switch (step) {
    case "accept":
    case "reject":
      return unless(status === "Pending") ?? unless(by === to, onlyForPeer);
    case "revoke":
      return unless(status === "Pending") ?? unless(by === from, onlyForPeer);
    case "terminate":
      return unless(status === "Active");
    case "requestReactivation":
      return unless(status === "Terminated") ?? unless(open === undefined, `${t}reactivationAlreadyRequested`);
    case "acceptReactivation":
    case "rejectReactivation":
      return (
        unless(status === "Terminated") ?? unless(open !== undefined, notRequested) ?? unless(open !== by, onlyForPeer)
      );
    case "revokeReactivation":
      return (
        unless(status === "Terminated") ?? unless(open !== undefined, notRequested) ?? unless(open === by, onlyForPeer)
      );
    case "decompose":
      return unless(status === "Terminated" || status === "DeletionProposed");
  }
}

/** What the side is told when the relay refuses: it has one code for every missing reactivation request. */
export function relayRefusal(step: Step, by: string, story: Story): string | undefined {
  const code = localRefusal(step, by, story);
  const isCompleting = step.endsWith("Reactivation") && step !== "requestReactivation";
  return code !== undefined && isCompleting ? notRequested : code;
}
