// Incoming Requests of five items, as a templator would send them.
import type { JsonObject } from "rapport/core";

/** How many different peers ask. */
export const peersMax = 10_000;

/** The address of the nth peer. */
export const peerOf = (n: number): string => `did:e:localhost:dids:${String(n % peersMax).padStart(22, "0")}`;

/** The nth Request, as JSON text: five items, one group among them. */
export function requestText(n: number): string {
  const field = (title: string, more: JsonObject = {}) => ({
    "@type": "FormFieldRequestItem",
    mustBeAccepted: false,
    title,
    settings: { "@type": "StringFormFieldSettings", max: 100 },
    ...more,
  });
  return JSON.stringify({
    "@type": "Request",
    title: `Order ${n % 7}`,
    metadata: { department: n % 13 },
    items: [
      field("Name"),
      field("Street", { description: `line ${n % 5}` }),
      { "@type": "RequestItemGroup", title: "Contact", items: [field("Mail"), field("Phone")] },
      field("Remarks"),
    ],
  });
}
