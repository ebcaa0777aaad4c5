// How people differ: some decide everything by hand, some have rules, and some have rules that fail or take their time.
import { acceptAll, rejectAll, ruleOf } from "rapport";
import { type JsonObject, type Plugin, Rule } from "rapport/core";
import { createRuleTable, type RequestEntry } from "rapport/plugins/rules-table";

/** The plugins of the person with this number. */
export function rulesOf(number: number): readonly Plugin[] {
  return characters[number % characters.length] ?? [];
}

const lines: readonly RequestEntry[] = [
  {
    name: "mandatory-consent",
    requestConfig: { "content.item.@type": "ConsentRequestItem", "content.item.mustBeAccepted": true },
    responseConfig: { accept: true },
  },
  {
    name: "free-consent",
    requestConfig: { "content.item.@type": "ConsentRequestItem" },
    responseConfig: { accept: false, message: "no, thanks" },
  },
  {
    name: "attributes",
    requestConfig: { "content.item.@type": "CreateAttributeRequestItem" },
    responseConfig: { accept: true },
  },
  {
    name: "shared",
    requestConfig: { "content.item.@type": "ShareAttributeRequestItem" },
    responseConfig: { accept: true },
  },
];

const table: Plugin = {
  name: "people",
  register: ({ contribute }) => contribute(Rule, () => createRuleTable(lines).rule),
};

const itemsOf = (request: JsonObject) => (request["content"] as { readonly items: readonly JsonObject[] }).items;

// Says yes to what needs no parameters, no to what is long, and now and then does not work at all.
const moody: Plugin = ruleOf("moody", {
  request: ({ request }) => {
    const items = itemsOf(request);
    if (items.length === 3) throw new Error("This rule is out of order for three items.");
    if (items.length > 3) return rejectAll(request);
    return items.every(({ "@type": type }) => type === "ConsentRequestItem") ? acceptAll(request) : undefined;
  },
  relationship: () => ({ verdict: "accept" }),
});

const characters: readonly (readonly Plugin[])[] = [[], [table], [], [moody], [table, moody]];
