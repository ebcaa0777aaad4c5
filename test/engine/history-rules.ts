// The rules of histories: a table, functions with and without reasons, one that takes its time and one that fails.
import { type JsonObject, type Plugin, type RequestVerdict, Rule, type RulePort } from "rapport/core";
import { createRuleTable, type RequestEntry } from "rapport/plugins/rules-table";
import { answerTo } from "./history.ts";

/** The table's lines. */
export const lines: readonly RequestEntry[] = [
  {
    name: "no-newsletters",
    requestConfig: { "content.title": "Newsletter", "source.type": "RelationshipTemplate" },
    responseConfig: { accept: false, code: "house.newsletter" },
  },
  {
    name: "mandatory-consent",
    requestConfig: { "content.item.@type": "ConsentRequestItem", "content.item.mustBeAccepted": true },
    responseConfig: { accept: true },
  },
  {
    name: "optional-consent",
    requestConfig: { "content.item.@type": "ConsentRequestItem" },
    responseConfig: { accept: false, message: "no, thanks" },
  },
  {
    name: "lend",
    requestConfig: { "content.item.@type": "LoanRequestItem", "content.title": ["Loan", "Library card", "Slow"] },
    responseConfig: { accept: true },
  },
  {
    requestConfig: { "content.item.@type": "FormFieldRequestItem", "content.title": "Loan" },
    responseConfig: { accept: true },
  },
  { requestConfig: { "content.title": "Loan" }, responseConfig: { accept: false } },
];

const titleOf = (request: JsonObject) => (request["content"] as JsonObject)["title"];
const itemsOf = (request: JsonObject) => (request["content"] as { readonly items: readonly JsonObject[] }).items;
const accepting = (request: JsonObject) =>
  ({ verdict: "accept", items: itemsOf(request).map((entry) => answerTo(entry, true)) }) as unknown as RequestVerdict;

const says = (name: string, judgeRequest: RulePort["judgeRequest"]): RulePort => ({
  name,
  plugin: "house@1.0.0",
  revision: "1",
  ...(judgeRequest === undefined ? {} : { judgeRequest }),
});

/** Leaves strangers of one kind unanswered. */
const deaf = says("deaf", ({ request }) => {
  const isStranger = /[13579]$/.test(String(request["peer"])) && titleOf(request) === "Slow";
  return isStranger ? { verdict: "ignore", reason: "we do not know them" } : undefined;
});

const broken = says("broken", ({ request }) => {
  if (titleOf(request) === "Broken") throw new Error("out of order");
  return undefined;
});

/** Goes by a value that is not recorded, and is fond of telling it. */
const vouchers = says("vouchers", ({ request }) => {
  if (titleOf(request) !== "Voucher") return undefined;
  const token = itemsOf(request).find((item) => item["@type"] === "VoucherRequestItem")?.["token"];
  if (token === undefined) return { verdict: "manual", reason: "no voucher" };
  const conditions = [{ path: "content.items", wanted: "A-", seen: token, matched: String(token).startsWith("A-") }];
  if (!String(token).startsWith("A-")) return { verdict: "manual", reason: `${token} is none of ours`, conditions };
  return { ...accepting(request), reason: `${token} is ours`, conditions };
});

const filler = says("filler", async ({ request }) => (titleOf(request) === "Fill in" ? accepting(request) : undefined));

/** Says what does not fit the Request. */
const careless = says("careless", ({ request }) =>
  titleOf(request) === "Library card" ? { verdict: "reject", items: [] } : undefined,
);

/** These rules with a table between them. */
export function rulesWith(table: readonly RequestEntry[]): readonly RulePort[] {
  const options = { neverAutomatic: ["AuthenticationRequestItem"] };
  return [deaf, broken, vouchers, createRuleTable(table, options).rule, filler, careless];
}

/** As a plugin. */
export const historyRules = (table: readonly RequestEntry[]): Plugin => ({
  name: "history-rules",
  register: ({ contribute }) => {
    for (const rule of rulesWith(table)) contribute(Rule, () => rule);
  },
});
