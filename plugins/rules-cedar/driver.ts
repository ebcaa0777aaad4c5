import { createRequire } from "node:module";
import { fault } from "rapport/core";

/** The methods this plugin needs of @cedar-policy/cedar-wasm. */
export interface CedarLike {
  policySetTextToParts(text: string): Answer<{ readonly policies: string[]; readonly policy_templates: string[] }>;
  policyToJson(policy: string): Answer<{ readonly json: PolicyLike }>;
  preparsePolicySet(id: string, policies: { readonly staticPolicies: Record<string, string> }): Answer<object>;
  statefulIsAuthorized(call: CedarCall): Answer<{ readonly response: CedarResponse }>;
  validate(call: {
    readonly schema: string;
    readonly policies: { readonly staticPolicies: Record<string, string> };
  }): Answer<{
    readonly validationErrors: readonly { readonly policyId: string; readonly error: CedarProblem }[];
  }>;
}

/** What Cedar says to everything: the answer, or what is wrong. */
export type Answer<T> =
  | ({ readonly type: "success" } & T)
  | { readonly type: "failure"; readonly errors: readonly CedarProblem[] };

/** A problem in Cedar's words. */
export interface CedarProblem {
  readonly message: string;
}

/** One policy as Cedar reads it. */
export interface PolicyLike {
  readonly effect: "permit" | "forbid";
  readonly annotations?: Record<string, string>;
}

/** One question. */
export interface CedarCall {
  readonly principal: { readonly type: string; readonly id: string };
  readonly action: { readonly type: string; readonly id: string };
  readonly resource: { readonly type: string; readonly id: string };
  readonly context: Record<string, CedarValue>;
  readonly preparsedPolicySetId: string;
  readonly entities: {
    readonly uid: { readonly type: string; readonly id: string };
    readonly attrs: Record<string, CedarValue>;
    readonly parents: [];
  }[];
}

/** What attributes and contexts are made of. */
export type CedarValue = boolean | number | string | CedarValue[] | { [member: string]: CedarValue };

/** Which policies decided, and which could not be evaluated. */
export interface CedarResponse {
  readonly decision: "allow" | "deny";
  readonly diagnostics: { readonly reason: string[]; readonly errors: readonly { readonly policyId: string }[] };
}

const load = createRequire(import.meta.url);

/** The package as it is installed, or a fault that says how to install it. Its build for Node is loaded at once. */
export function loadCedar(): CedarLike {
  try {
    return load("@cedar-policy/cedar-wasm/nodejs");
  } catch (cause) {
    const what = "Rules in Cedar need the package @cedar-policy/cedar-wasm";
    throw fault("plugin.failed", `${what}: npm install @cedar-policy/cedar-wasm.`, { cause });
  }
}
