// Rules that can say why, and a Request that they judged: where the tests of explaining begin.
import type { Account } from "rapport";
import { type JsonObject, type Plugin, Rule, type RulePort } from "rapport/core";
import { createRuleTable, type RequestEntry } from "rapport/plugins/rules-table";
import { ask, type CoupleOptions, couple, structured } from "../services/scenes.ts";
import { historyKinds } from "./history-kinds.ts";

/** These rules as a plugin. */
export const ruled = (...rules: RulePort[]): Plugin => ({
  name: "rules",
  register: ({ contribute }) => {
    for (const rule of rules) contribute(Rule, () => rule);
  },
});

/** A table that may decide everything. */
export const tableOf = (entries: readonly RequestEntry[]) => createRuleTable(entries, { neverAutomatic: [] });

/** Accepts vouchers of the shop x, and rejects everything else. */
export const shopEntries: readonly RequestEntry[] = [
  {
    name: "vouchers-of-y",
    requestConfig: { "content.item.@type": "VoucherRequestItem", "content.item.metadata.shop": "y" },
    responseConfig: { accept: true },
  },
  {
    name: "vouchers-of-x",
    requestConfig: { "content.item.@type": "VoucherRequestItem", "content.item.token": "A-secret-1" },
    responseConfig: { accept: true },
  },
  { name: "rest", requestConfig: {}, responseConfig: { accept: false, code: "house.rest" } },
];

/** A voucher with its secrets. */
export const voucherItem: JsonObject = {
  "@type": "VoucherRequestItem",
  token: "A-secret-1",
  mustBeAccepted: false,
  metadata: { pin: "pin-1234", shop: "x" },
};

/** A Request about a voucher in a group, and a form field. */
export const voucherRequest = ask({
  title: "A gift",
  items: [
    { "@type": "RequestItemGroup", items: [voucherItem] },
    {
      "@type": "FormFieldRequestItem",
      title: "Your name",
      mustBeAccepted: false,
      settings: { "@type": "StringFormFieldSettings" },
    },
  ],
});

/** The initiator has these rules and loads a template with this Request. */
export async function judged(
  rules: readonly RulePort[],
  request: JsonObject = voucherRequest,
  options: CoupleOptions = {},
) {
  const plugins = [historyKinds, ruled(...rules)];
  const content = structured({ onNewRelationship: request });
  const two = await couple({ ...options, content, templator: { plugins: [historyKinds] }, initiator: { plugins } });
  await two.initiator.account.templates.load({ reference: two.template.reference.truncated });
  return { ...two, plugins, id: await idOf(two.initiator.account) };
}

async function idOf(account: Account): Promise<string> {
  const { incoming } = account.requests;
  const all = [...(await incoming.find()), ...(await incoming.find({ ignored: true }))];
  return String(all[0]?.id);
}

/** Documents of a kind on somebody's disk. */
export function documentsOf(disk: { documents(): ReadonlyMap<string, JsonObject> }, kind: string): JsonObject[] {
  return [...disk.documents()].flatMap(([key, document]) => (key.includes(`/${kind}/`) ? [document] : []));
}
