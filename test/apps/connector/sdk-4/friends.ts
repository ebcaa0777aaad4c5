// Relationships by changes, requests, messages and challenges of the first generation.
import { expect } from "vitest";
import { type FirstJourney, type FirstParty, type FirstRelationship, tomorrow } from "./party.ts";

type Local = { id: string; status: string; content: { items: unknown[] } };

async function attempt(templator: FirstParty, initiator: FirstParty, content: unknown): Promise<FirstRelationship> {
  const own = await templator.ask<{ truncatedReference: string }>(
    "relationshipTemplates.createOwnRelationshipTemplate",
    "ConnectorRelationshipTemplate",
    { content: { free: true }, expiresAt: tomorrow() },
  );
  const template = await initiator.ask<{ id: string }>(
    "relationshipTemplates.loadPeerRelationshipTemplate",
    "ConnectorRelationshipTemplate",
    { reference: own.truncatedReference },
  );
  return initiator.ask("relationships.createRelationship", "ConnectorRelationship", {
    templateId: template.id,
    content,
  });
}

function only(relationships: readonly FirstRelationship[]): FirstRelationship {
  const [relationship, ...others] = relationships;
  expect(others).toEqual([]);
  if (relationship === undefined) throw new Error("There is no Relationship.");
  return relationship;
}

/** Six methods: Bob is rejected once and accepted once, Carol is accepted; contents reach the other side. */
export async function callFirstFriendship({ alice, bob, carol }: FirstJourney): Promise<void> {
  for (const [initiator, answer, status] of [
    [bob, "reject", "Rejected"],
    [bob, "accept", "Active"],
    [carol, "accept", "Active"],
  ] as const) {
    const created = await attempt(alice, initiator, { wish: "please" });
    expect([created.status, created.changes[0]?.request.content]).toEqual(["Pending", { wish: "please" }]);
    const pending = only((await alice.sync()).relationships);
    const [change] = pending.changes;
    await alice.ask(`relationships.${answer}RelationshipChange`, "ConnectorRelationship", pending.id, change?.id, {
      content: { reply: answer },
    });
    const seen = only((await initiator.sync()).relationships);
    expect([seen.status, seen.changes[0]?.status]).toEqual([status, answer === "accept" ? "Accepted" : "Rejected"]);
    expect(seen.changes[0]?.response?.content).toEqual({ reply: answer });
    await initiator.ask("relationships.getRelationship", "ConnectorRelationship", created.id);
    await initiator.ask("relationships.getAttributesForRelationship", "ConnectorAttributes", created.id);
  }
  const all = await alice.ask<FirstRelationship[]>("relationships.getRelationships", "ConnectorRelationships", {
    status: "Active",
  });
  expect(all).toHaveLength(2);
}

/** Ten methods: one request accepted, one rejected. */
export async function callFirstRequests({ alice, bob }: FirstJourney): Promise<void> {
  const question = { items: [{ "@type": "ConsentRequestItem", mustBeAccepted: true, consent: "May we write?" }] };
  const possible = await alice.ask<{ isSuccess: boolean }>(
    "outgoingRequests.canCreateRequest",
    "ConnectorRequestValidationResult",
    { content: question, peer: bob.address },
  );
  expect(possible.isSuccess).toBe(true);
  for (const [answer, can, items] of [
    ["accept", "canAccept", [{ accept: true }]],
    ["reject", "canReject", [{ accept: false }]],
  ] as const) {
    const draft = await alice.ask<Local>("outgoingRequests.createRequest", "ConnectorRequest", {
      content: question,
      peer: bob.address,
    });
    await alice.ask("messages.sendMessage", "ConnectorMessage", { recipients: [bob.address], content: draft.content });
    await bob.sync();
    await bob.ask(`incomingRequests.${can}`, "ConnectorRequestValidationResult", draft.id, { items });
    const decided = await bob.ask<Local>(`incomingRequests.${answer}`, "ConnectorRequest", draft.id, { items });
    expect(decided.status).toBe("Decided");
    await bob.sync();
    await bob.ask("incomingRequests.getRequest", "ConnectorRequest", draft.id);
    await alice.sync();
    const done = await alice.ask<Local>("outgoingRequests.getRequest", "ConnectorRequest", draft.id);
    expect(done.status).toBe("Completed");
  }
  const theirs = await bob.ask<Local[]>("incomingRequests.getRequests", "ConnectorRequests", { status: "Completed" });
  const mine = await alice.ask<Local[]>("outgoingRequests.getRequests", "ConnectorRequests", { peer: bob.address });
  expect([theirs.length, mine.length]).toEqual([2, 2]);
}

/** Messages with free content and with a file, and challenges. */
export async function callFirstFriends({ alice, bob }: FirstJourney, fileId: string): Promise<void> {
  const sent = await alice.ask<{ id: string }>("messages.sendMessage", "ConnectorMessage", {
    recipients: [bob.address],
    content: { free: "as you like" },
    attachments: [fileId],
  });
  const { messages } = await bob.sync();
  expect(messages.map(({ id }) => id)).toEqual([sent.id]);
  const found = await bob.ask<{ id: string; content: unknown }[]>("messages.getMessages", "ConnectorMessages", {
    attachments: fileId,
  });
  expect(found.map(({ content }) => content)).toEqual([{ free: "as you like" }]);
  await bob.ask("messages.getMessage", "ConnectorMessageWithAttachments", sent.id);
  await bob.ask("messages.getAttachment", "ConnectorFile", sent.id, fileId);
  const bytes = await bob.ask<ArrayBuffer>("messages.downloadAttachment", undefined, sent.id, fileId);
  expect(Buffer.from(bytes).toString()).toBe("some text for everybody");

  const { challengeString, signature } = await alice.ask<{ challengeString: string; signature: string }>(
    "challenges.createChallenge",
    "ConnectorChallenge",
    { challengeType: "Identity" },
  );
  const verdict = await bob.ask<{ isValid: boolean }>(
    "challenges.validateChallenge",
    "ConnectorChallengeValidationResult",
    { challengeString, signature },
  );
  expect(verdict.isValid).toBe(true);
  await alice.ask("account.getSyncInfo", "ConnectorSyncInfo");
}
