// A set of policies: read once, named, and asked as often as needed.
import { createHash } from "node:crypto";
import { fault, type RapportError } from "rapport/core";
import type { Answer, CedarCall, CedarLike, CedarProblem } from "./driver.ts";
import { policiesMax } from "./limits.ts";

/** One policy: its name is that of its annotation `@id`, else its position such as `#3`. */
export interface Policy {
  readonly name: string;
  readonly text: string;
  readonly effect: "permit" | "forbid";
  readonly annotations: Readonly<Record<string, string>>;
}

/** What a set says: permitted, forbidden, or nothing; `by` are the names of the policies that say so, or cannot. */
export interface Said {
  readonly effect: "permit" | "forbid" | "nothing";
  readonly by: readonly string[];
}

/** Policies that can be asked. */
export interface PolicySet {
  readonly policies: readonly Policy[];
  ask(call: Omit<CedarCall, "preparsedPolicySetId">): Said;
}

/** Reads policies from one text, or from texts by name with one policy each. Fault: `rules.invalid`. */
export function readPolicies(cedar: CedarLike, given: string | Readonly<Record<string, string>>): readonly Policy[] {
  const texts = typeof given === "string" ? partsOf(cedar, given) : Object.entries(given);
  if (texts.length > policiesMax) throw fault("rules.invalid", `A set has at most ${policiesMax} policies.`);
  const policies = texts.map(([fallback, text]): Policy => {
    const { json } = must(cedar.policyToJson(text), `The policy ${fallback}`);
    const annotations = json.annotations ?? {};
    const name = typeof given === "string" ? (annotations["id"] ?? fallback) : fallback;
    return { name, text, effect: json.effect, annotations };
  });
  const names = policies.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw fault("rules.invalid", `Two policies have the name ${twice}. Give them different ones.`);
  return policies;
}

// Cedar gives the policies sorted by the ids "policy0", "policy1", "policy10", ...: that is not the order of the text.
function partsOf(cedar: CedarLike, text: string): [string, string][] {
  const { policies, policy_templates: templates } = must(cedar.policySetTextToParts(text), "The policies");
  if (templates.length > 0) throw fault("rules.invalid", "The policies contain a template, which nothing links.");
  const places = policies.map((_policy, index) => index).sort((one, other) => (String(one) < String(other) ? -1 : 1));
  return places
    .map((place, index): [number, string] => [place, policies[index] ?? ""])
    .sort(([one], [other]) => one - other)
    .map(([place, policy]) => [`#${place + 1}`, policy]);
}

/** Hands the policies to Cedar, which keeps them read. Faults: `rules.invalid`. */
export function createPolicySet(cedar: CedarLike, policies: readonly Policy[]): PolicySet {
  const texts = Object.fromEntries(policies.map(({ name, text }) => [name, text]));
  const id = createHash("sha256").update(JSON.stringify(texts)).digest("hex");
  must(cedar.preparsePolicySet(id, { staticPolicies: texts }), "The policies");
  const effects = new Map(policies.map(({ name, effect }) => [name, effect] as const));
  return {
    policies,
    ask: (call) => {
      const { response } = must(cedar.statefulIsAuthorized({ ...call, preparsedPolicySetId: id }), "The question");
      const { reason, errors } = response.diagnostics;
      // Cedar leaves out what cannot be evaluated. A forbid that was left out might have forbidden, so nothing is permitted.
      const broken = errors.map(({ policyId }) => policyId).filter((name) => effects.get(name) === "forbid");
      if (response.decision === "allow")
        return broken.length > 0 ? { effect: "nothing", by: broken } : { effect: "permit", by: reason };
      return reason.length > 0 ? { effect: "forbid", by: reason } : { effect: "nothing", by: broken };
    },
  };
}

/** Checks policies against a schema of the author. Fault: `rules.invalid`. */
export function validatePolicies(cedar: CedarLike, policies: readonly Policy[], schema: string): void {
  const staticPolicies = Object.fromEntries(policies.map(({ name, text }) => [name, text]));
  const { validationErrors } = must(cedar.validate({ schema, policies: { staticPolicies } }), "The schema");
  const [first] = validationErrors;
  if (first !== undefined) throw fault("rules.invalid", `The policy ${first.policyId}: ${first.error.message}.`);
}

function must<T>(answer: Answer<T>, what: string): { readonly type: "success" } & T {
  if (answer.type === "success") return answer;
  throw broken(what, answer.errors);
}

function broken(what: string, errors: readonly CedarProblem[]): RapportError {
  return fault("rules.invalid", `${what} cannot be used: ${errors.map(({ message }) => message).join("; ")}.`);
}
