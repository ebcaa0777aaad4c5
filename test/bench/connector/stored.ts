// LocalRequests as they are at rest, for lists that are long.
import type { Document } from "rapport/core";

const perPeer = 50;

/** The address of the peer that sent the n-th one; everybody sent fifty. */
export const peerOf = (n: number): string =>
  `did:e:localhost:dids:${String(Math.floor(n / perPeer)).padStart(22, "0")}`;

/** The n-th one: completed, with two items and their answers, about 1.5 kB. */
export function storedRequest(n: number): Document {
  const id = `REQ${String(n).padStart(17, "0")}`;
  const peer = peerOf(n);
  const at = "2026-01-01T00:00:00.000Z";
  return {
    id,
    isOwn: false,
    peer,
    createdAt: at,
    content: {
      "@type": "Request",
      id,
      items: [
        { "@type": "ConsentRequestItem", mustBeAccepted: true, consent: "May we write to you about your contract?" },
        { "@type": "FreeTextRequestItem", mustBeAccepted: false, freeText: "Is there anything that we should know?" },
      ],
    },
    status: "Completed",
    statusLog: [
      { createdAt: at, oldStatus: "Open", newStatus: "DecisionRequired" },
      { createdAt: at, oldStatus: "DecisionRequired", newStatus: "ManualDecisionRequired" },
      { createdAt: at, oldStatus: "ManualDecisionRequired", newStatus: "Decided" },
      { createdAt: at, oldStatus: "Decided", newStatus: "Completed" },
    ],
    source: { type: "Message", reference: `MSG${String(n).padStart(17, "0")}` },
    response: {
      createdAt: at,
      content: {
        "@type": "Response",
        result: "Accepted",
        requestId: id,
        items: [
          { "@type": "AcceptResponseItem", result: "Accepted" },
          { "@type": "FreeTextAcceptResponseItem", result: "Accepted", freeText: "Nothing that comes to mind." },
        ],
      },
      source: { type: "Message", reference: `MSG${String(n).padStart(16, "1")}1` },
    },
    state: { machine: "request-in", version: 1, value: "Completed", context: { id, expiresAt: null } },
  };
}
