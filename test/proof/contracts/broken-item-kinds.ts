// Kinds of items that break one promise each, around one that keeps them all.
import type { ItemKindPort, JsonObject } from "rapport/core";
import type { Sample } from "./sample.ts";
import { stampItems, stamps } from "./stamps.ts";

const kindOf = (broken: Partial<ItemKindPort>) => ({ kind: { ...stamps, ...broken }, items: stampItems });

let asked = 0;

/** Each with the sentences that it breaks. */
export const brokenItemKinds: readonly Sample<ReturnType<typeof kindOf>>[] = [
  {
    name: "a kind whose parser throws on spoiled items",
    subject: kindOf({ parse: (item) => ((item["colour"] as string).length > 0 ? undefined : "colour is missing") }),
    breaks: [
      "whatever an item holds, parse gives nothing or a problem that begins with the member's name, and does not throw",
    ],
  },
  {
    name: "a kind whose problems begin with no member",
    subject: kindOf({ parse: (item) => (typeof item["colour"] === "string" ? undefined : "!") }),
    breaks: [
      "whatever an item holds, parse gives nothing or a problem that begins with the member's name, and does not throw",
    ],
  },
  {
    name: "a kind that throws where a parameter is missing",
    subject: kindOf({
      canAccept: (_item, decision) => {
        if (typeof (decision as JsonObject)["initials"] !== "string") throw new Error("no initials");
        return { isSuccess: true, items: [] };
      },
    }),
    breaks: [
      "needs, looks and claims answer for whatever can be parsed and decided, and come to an end",
      "canCreate, canAccept and canReject answer for whatever can be parsed and decided, and say with code and message why not",
    ],
  },
  {
    name: "a kind that says no without saying why",
    subject: kindOf({
      canReject: (_item, decision) =>
        "code" in decision ? { isSuccess: false, code: "", message: "", items: [] } : { isSuccess: true, items: [] },
    }),
    breaks: [
      "canCreate, canAccept and canReject answer for whatever can be parsed and decided, and say with code and message why not",
      "in engines that both know the kind, an item is rejected, and both sides hold the same Response",
    ],
  },
  {
    name: "a kind that answers with a type that nobody knows",
    subject: kindOf({ accept: () => ({ response: { "@type": "InkResponseItem", result: "Accepted" } }) }),
    breaks: [
      "accepting and rejecting give a response of a type that the kind names, well formed, and in JSON, too",
      "in engines that both know the kind, an item is accepted, and both sides hold the same Response",
      "the first Request of a template may hold the item, and the Relationship carries its Response",
    ],
  },
  {
    name: "a kind that counts what it accepts",
    subject: kindOf({
      accept: (_item, decision) => {
        asked += 1;
        const { initials } = decision as JsonObject;
        const document = { number: asked };
        return {
          response: { "@type": "StampAcceptResponseItem", result: "Accepted", initials },
          effects: { puts: [{ key: "stamps/last", document }] },
        };
      },
    }),
    breaks: ["accepting and rejecting the same again gives the same, and touches nothing but what it says"],
  },
  {
    name: "a kind that believes every response",
    subject: kindOf({
      responses: { StampAcceptResponseItem: () => undefined },
      apply: (response) => ({
        events: [{ name: `stamps.${(response["initials"] as string).toLowerCase()}`, data: {} }],
      }),
    }),
    breaks: [
      "the asker can apply every response, and applying it again gives the same",
      "effects are data: documents under keys of the account, events with names, and instants",
      "a response that somebody spoiled is refused by its parser or by canApply, or applied, and nothing throws",
      "in engines that both know the kind, an item is rejected, and both sides hold the same Response",
    ],
  },
];
