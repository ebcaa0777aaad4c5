// A kind of item as a plugin would bring it: it asks for a stamp, which is given with initials and noted on both sides.
import fc from "fast-check";
import type { ItemKindPort, JsonObject } from "rapport/core";
import type { Answerable } from "rapport/testkit";

const isInitials = (value: unknown) => typeof value === "string" && /^[A-Z]{1,3}$/.test(value);

/** The kind. */
export const stamps: ItemKindPort = {
  type: "StampRequestItem",
  parse: (item) => (typeof item["colour"] === "string" ? undefined : "colour must be a text"),
  responses: {
    StampAcceptResponseItem: (response) => (isInitials(response["initials"]) ? undefined : "initials must be capitals"),
  },
  redacted: ["secret"],
  needs: () => ["stamps/mine"],
  canAccept: (_item, decision) =>
    isInitials((decision as JsonObject)["initials"])
      ? { isSuccess: true, items: [] }
      : {
          isSuccess: false,
          code: "error.consumption.requests.invalidAcceptParameters",
          message: "Give initials.",
          items: [],
        },
  accept: (item, decision, info) => {
    const { initials } = decision as JsonObject;
    const note = { key: `stamps/${info.newId("STA")}`, document: { colour: item["colour"], initials } };
    return {
      response: { "@type": "StampAcceptResponseItem", result: "Accepted", initials },
      effects: { puts: [note], events: [{ name: "stamps.given", data: { initials } }] },
    };
  },
  apply: (response) => ({ events: [{ name: "stamps.got", data: { initials: response["initials"] } }] }),
};

/** Items of the kind with acceptances. */
export const stampItems: fc.Arbitrary<Answerable> = fc
  .record({
    colour: fc.constantFrom("red", "green"),
    secret: fc.constantFrom("s-1", "s-2"),
    mustBeAccepted: fc.boolean(),
    initials: fc.constantFrom("AB", "C"),
  })
  .map(({ initials, ...item }) => ({
    item: { "@type": "StampRequestItem", ...item },
    acceptance: { accept: true, initials },
  }));
