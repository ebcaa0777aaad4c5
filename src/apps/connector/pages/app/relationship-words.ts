// The status of a Relationship in plain words.
import { type JsonObject, listIn, objectIn, rowOf, textIn } from "./json.ts";

/** What a Relationship looks like from here. */
export interface RelationshipWords {
  readonly status: string;
  /** One or two words for lists. */
  readonly short: string;
  readonly meaning: string;
  /** What may be done now: Accept, Reject, Revoke. */
  readonly changes: readonly { readonly what: string; readonly label: string; readonly isPlain?: true }[];
  /** Nothing will come any more. */
  readonly isSettled: boolean;
}

/** The Relationship in words, for the identity with this address. */
export function relationshipInWords(relationship: JsonObject, own: string): RelationshipWords {
  const status = textIn(relationship["status"]);
  const isMine = creatorOf(relationship) === own;
  const key = status === "Pending" && !isMine ? "Asked" : status;
  const { short = status, meaning = "", isSettled = false } = statuses[key] ?? {};
  return { status, short, meaning, isSettled, changes: changesIn[key] ?? [] };
}

/** What happened, oldest first. */
export function historyOf(relationship: JsonObject, own: string): readonly { when: string; what: string }[] {
  return listIn(relationship["auditLog"]).map((entry) => {
    const { createdAt, createdBy, reason } = objectIn(entry);
    const who = createdBy === own ? "You" : "They";
    return { when: textIn(createdAt), what: `${who} ${rowOf(reasons, textIn(reason)) ?? textIn(reason)}` };
  });
}

/** The beginning and the end of an address: nobody reads the whole. */
export function shortAddress(address: string): string {
  const [last = ""] = address.split(":").slice(-1);
  return last.length > shownMax ? `${last.slice(0, shownPart)}...${last.slice(-shownPart)}` : last;
}

const shownMax = 14;
const shownPart = 5;

function creatorOf(relationship: JsonObject): string {
  const [first] = listIn(relationship["auditLog"]);
  const [change] = listIn(relationship["changes"]);
  return textIn(objectIn(first)["createdBy"]) || textIn(objectIn(objectIn(change)["request"])["createdBy"]);
}

const statuses: { readonly [key: string]: { short: string; meaning: string; isSettled?: true } } = {
  Pending: {
    short: "waiting for them",
    meaning: "Your answer is on its way. The relationship begins when the other side accepts it.",
  },
  Asked: {
    short: "waits for you",
    meaning: "They have answered your offer. The relationship begins when you accept it.",
  },
  Active: { short: "active", meaning: "You are connected. Both sides hold what was agreed.", isSettled: true },
  Rejected: {
    short: "declined",
    meaning: "The relationship was declined. What was shared for it is gone.",
    isSettled: true,
  },
  Revoked: {
    short: "taken back",
    meaning: "The answer was taken back. What was shared for it is gone.",
    isSettled: true,
  },
  Terminated: { short: "ended", meaning: "The relationship was ended. It can be revived if both agree." },
  DeletionProposed: {
    short: "erased by them",
    meaning: "The other side has erased its copy of everything.",
    isSettled: true,
  },
};

const changesIn: { readonly [key: string]: RelationshipWords["changes"] } = {
  Pending: [{ what: "Revoke", label: "Take it back", isPlain: true }],
  Asked: [
    { what: "Accept", label: "Accept" },
    { what: "Reject", label: "Decline", isPlain: true },
  ],
};

const reasons: { readonly [reason: string]: string } = {
  Creation: "answered the offer",
  AcceptanceOfCreation: "accepted",
  RejectionOfCreation: "declined",
  RevocationOfCreation: "took the answer back",
  Termination: "ended it",
  ReactivationRequested: "asked to revive it",
  AcceptanceOfReactivation: "revived it",
  RejectionOfReactivation: "declined to revive it",
  RevocationOfReactivation: "no longer want to revive it",
  Decomposition: "erased everything",
  DecompositionDueToIdentityDeletion: "erased everything, with the identity",
};
