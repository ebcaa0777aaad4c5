// Rules that break one promise each.
import { acceptAll, type JsonObject, type RulePort, rejectAll } from "rapport/core";
import type { Sample } from "./sample.ts";

const sample = (rule: RulePort | (() => RulePort)) => ({ rule: typeof rule === "function" ? rule : () => rule });

let asked = 0;

/** Each with the sentences that it breaks. */
export const brokenRules: readonly Sample<ReturnType<typeof sample>>[] = [
  {
    name: "a rule that notes something in the facts",
    subject: sample({
      name: "noting",
      judgeRequest: ({ request }) => {
        (request as { seen?: boolean }).seen = true;
        return undefined;
      },
    }),
    breaks: [
      "whatever it is asked, a rule answers and does not throw",
      "facts are never changed",
      "an engine can carry out whatever the rule accepts or rejects",
    ],
  },
  {
    name: "a rule that counts how often it was asked",
    subject: sample({
      name: "counting",
      judgeRequest: () => {
        asked += 1;
        return { verdict: asked % 2 === 0 ? "manual" : "ignore" };
      },
    }),
    breaks: ["the same facts give the same verdict, however often and after whatever it is asked"],
  },
  {
    name: "a rule that forgets that there are groups",
    subject: sample({
      name: "flat",
      judgeRequest: ({ request }) => {
        const { items } = request["content"] as { readonly items: readonly JsonObject[] };
        return { verdict: "reject", items: items.map(() => ({ accept: false })) };
      },
    }),
    breaks: [
      "a verdict that accepts or rejects answers every item of the Request in its place, groups as groups",
      "an engine can carry out whatever the rule accepts or rejects",
    ],
  },
  {
    name: "a rule that accepts what it has no answers for",
    subject: sample({ name: "generous", judgeRequest: ({ request }) => acceptAll(request) }),
    breaks: ["an engine can carry out whatever the rule accepts or rejects"],
  },
  {
    name: "a rule with another name every time",
    subject: sample(() => {
      asked += 1;
      return { name: `rule-${asked}`, judgeRequest: () => undefined };
    }),
    breaks: ["a rule has a name, and its name and revision are the same every time it is made"],
  },
  {
    name: "a rule that expects every item to have a title",
    subject: sample({
      name: "titled",
      judgeRequest: ({ request }) => {
        const { items } = request["content"] as { readonly items: readonly { readonly title: string }[] };
        return items.some(({ title }) => title.startsWith("?")) ? { verdict: "ignore" } : undefined;
      },
    }),
    breaks: [
      "whatever it is asked, a rule answers and does not throw",
      "an engine can carry out whatever the rule accepts or rejects",
    ],
  },
  {
    name: "a rule that explains itself at length to the peer",
    subject: sample({
      name: "talking",
      judgeRequest: ({ request }) => rejectAll(request, { code: "no.".repeat(100) }),
    }),
    breaks: [
      "a rejection has a code of at most 200 characters and a message of at most 1000, if any, and nothing else",
      "an engine can carry out whatever the rule accepts or rejects",
    ],
  },
];
