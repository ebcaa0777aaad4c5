// What people of a simulation see of their own store when they choose what to do.
import type { JsonObject } from "rapport/core";
import type { Citizen } from "./citizen.ts";
import type { Entry } from "./audit-chain.ts";

/** A Relationship in a store. */
export type Bond = {
  readonly id: string;
  readonly status: string;
  readonly peer: string;
  readonly role: "initiator" | "templator";
  readonly templateId: string;
  readonly auditLog: readonly Entry[];
  readonly peerDeletionInfo?: JsonObject;
};

/** A LocalRequest in a store. */
export type Asked = {
  readonly id: string;
  readonly isOwn: boolean;
  readonly peer: string;
  readonly status: string;
  readonly content: JsonObject;
  readonly source?: { readonly type: string; readonly reference: string };
  readonly response?: { readonly content: JsonObject };
};

/** A Message in a store. */
export type Post = {
  readonly id: string;
  readonly isOwn: boolean;
  readonly createdBy: string;
  readonly content: JsonObject;
  readonly attachments: readonly string[];
  readonly recipients: readonly { readonly address: string; readonly relationshipId?: string }[];
};

/** The Relationships of somebody in one of these statuses, or all. */
export function bondsOf({ holdings }: Citizen, ...statuses: readonly string[]): Bond[] {
  const all = holdings.all<Bond>("relationships");
  return statuses.length === 0 ? all : all.filter(({ status }) => statuses.includes(status));
}

/** Who asked last to reactivate a terminated Relationship, while that is open. */
export function reactivatingIn({ auditLog }: Bond): string | undefined {
  const last = auditLog.at(-1);
  return last?.reason === "ReactivationRequested" ? last.createdBy : undefined;
}

/** LocalRequests that wait for a person. */
export function waitingFor({ holdings }: Citizen): Asked[] {
  return holdings.all<Asked>("requests").filter(({ isOwn, status }) => !isOwn && waiting.includes(status));
}

const waiting = ["DecisionRequired", "ManualDecisionRequired"];
