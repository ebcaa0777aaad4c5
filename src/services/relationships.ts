import type { OlderChange } from "rapport/machines";
import { type CommandOptions, once } from "../engine/commands.ts";
import type { Account } from "../engine/context.ts";
import { decompose } from "../engine/erase.ts";
import { type Explanation, explainRelationship } from "../engine/explain.ts";
import { olderChange, type RelationshipView, relationshipView } from "../engine/present.ts";
import { type Asked, changeStatus } from "../engine/relationship-commands.ts";
import { mayStep } from "../engine/relationship-state.ts";
import { currentRuleSet } from "../engine/rule-sets.ts";
import { fault } from "../errors/rapport-error.ts";
import { allow, type Outcome, unwrap } from "../errors/refusal.ts";
import { extended } from "../model/extended.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { DecisionRecord, RelationshipRecord } from "../model/records.ts";
import { answerOptions, atTheDoor, type Checks, id, listOptions, object, oneOf, options, query, text } from "./door.ts";
import { each, found, type List, type Listed, type ListOptions, type Query, same } from "./listing.ts";
import { checkCreation, createRelationship, type NewRelationship, wishOf } from "./relationship-creation.ts";

export type { NewRelationship };

/** Answer of the `can…` methods. */
export type Possible =
  | { readonly isSuccess: true }
  | { readonly isSuccess: false; readonly code: string; readonly message: string };

/** Accept and reject may carry content, end-to-end encrypted, that the initiator sees as `responseContent` (seed 002). */
export interface AnswerOptions extends CommandOptions {
  readonly content?: JsonObject;
}

/** Relationships of one account (spec/domain.md 3). Methods throw a RapportError with the codes of 3.2 and 3.3. */
export interface Relationships {
  get(id: string): Promise<RelationshipView>;
  find(query?: Query, options?: ListOptions): Promise<RelationshipView[]>;
  /** The same one by one, complete without a limit. */
  each(query?: Query, options?: ListOptions): AsyncIterable<Listed<RelationshipView>>;
  canCreate(input: NewRelationship): Promise<Possible>;
  create(input: NewRelationship, options?: CommandOptions): Promise<RelationshipView>;
  accept(id: string, options?: AnswerOptions): Promise<RelationshipView>;
  reject(id: string, options?: AnswerOptions): Promise<RelationshipView>;
  revoke(id: string, options?: CommandOptions): Promise<RelationshipView>;
  terminate(id: string, options?: CommandOptions): Promise<RelationshipView>;
  requestReactivation(id: string, options?: CommandOptions): Promise<RelationshipView>;
  acceptReactivation(id: string, options?: CommandOptions): Promise<RelationshipView>;
  rejectReactivation(id: string, options?: CommandOptions): Promise<RelationshipView>;
  revokeReactivation(id: string, options?: CommandOptions): Promise<RelationshipView>;
  /** Whether this step is possible now, as far as this account knows. */
  can(id: string, step: Step): Promise<Possible>;
  /** Erases one's own side: the Relationship, its keys, and everything exchanged with the peer. */
  decompose(id: string, options?: CommandOptions): Promise<void>;
  /** Who or what accepted or rejected it, and why; undefined as long as nobody did. */
  decision(id: string): Promise<DecisionRecord | undefined>;
  /** The same for people: what each rule saw and which entries matched, true also after the rules have changed. */
  explain(id: string): Promise<Explanation>;
  /** The older generation's view: one Creation change, with what both sides said (spec/domain.md 2.6). */
  changes(id: string): Promise<OlderChange>;
}

/** The fact that each step brings about. */
export const stepFacts = {
  accept: "creation.accepted",
  reject: "creation.rejected",
  revoke: "creation.revoked",
  terminate: "relationship.terminated",
  requestReactivation: "reactivation.requested",
  acceptReactivation: "reactivation.accepted",
  rejectReactivation: "reactivation.rejected",
  revokeReactivation: "reactivation.revoked",
  decompose: "relationship.decomposed",
} as const;

/** A step that self may ask about. */
export type Step = keyof typeof stepFacts;

const fields = { ...same("id", "peer", "status", "templateId"), "template.id": "templateId" };

const list: List<RelationshipRecord, RelationshipView> = { kind: "relationships", fields, view: relationshipView };

/** The service of one account. */
export function createRelationships(account: Account): Relationships {
  const read = async (id: string) => {
    const stored = await account.store.get<RelationshipRecord>(keyOf(account.id, "relationships", id));
    if (stored === undefined)
      throw fault("error.runtime.recordNotFound", `There is no Relationship ${id}. Check the id.`);
    return stored.document;
  };
  const replay = async (result: JsonObject) => result as unknown as RelationshipView;
  const step = (name: Exclude<Step, "decompose">) => (id: string, given?: AnswerOptions) => {
    const content = given?.content;
    const input = content === undefined ? { id } : { id, content };
    return once<RelationshipView>(
      account,
      { name: `relationships.${name}`, input, options: given },
      {
        run: async (tag) =>
          viewed(await changeStatus(account, extended(input, { step: stepFacts[name] as Asked, tag }))),
        replay,
      },
    );
  };

  const service: Relationships = {
    get: async (id) => relationshipView(await read(id)),
    find: (query, options) => found(account, list, { query, options }),
    each: (query, options) => each(account, list, { query, options }),
    canCreate: async (input) => possible(await checkCreation(account, wishOf(account, input))),
    create: (input, given) => {
      const wish = wishOf(account, input);
      return once<RelationshipView>(
        account,
        { name: "relationships.create", input, options: given },
        {
          run: async (tag) => viewed(await createRelationship(account, wish, tag)),
          replay,
        },
      );
    },
    accept: step("accept"),
    reject: step("reject"),
    revoke: step("revoke"),
    terminate: step("terminate"),
    requestReactivation: step("requestReactivation"),
    acceptReactivation: step("acceptReactivation"),
    rejectReactivation: step("rejectReactivation"),
    revokeReactivation: step("revokeReactivation"),
    can: async (id, name) => possible(mayStep(await read(id), stepFacts[name])),
    decompose: (id, given) =>
      once<void>(
        account,
        { name: "relationships.decompose", input: { id }, options: given },
        {
          run: async (tag) => decompose(account, id, tag) as Promise<Outcome<void>>,
          replay: async () => undefined,
        },
      ),
    decision: async (id) => (await account.store.get<DecisionRecord>(keyOf(account.id, "decisions", id)))?.document,
    explain: async (id) => {
      const { hash: ruleSet } = currentRuleSet(account);
      return explainRelationship(account.store, { account: account.id, id, tracers: account.rules, ruleSet });
    },
    changes: async (id) => olderChange(await read(id)),
  };
  return atTheDoor(service, checks);
}

const newRelationship = object("input", { templateId: text("templateId") });
const command = [id, options];
const checks: Checks<Relationships> = {
  get: [id],
  find: [query, listOptions],
  each: [query, listOptions],
  canCreate: [newRelationship],
  create: [newRelationship, options],
  accept: [id, answerOptions],
  reject: [id, answerOptions],
  revoke: command,
  terminate: command,
  requestReactivation: command,
  acceptReactivation: command,
  rejectReactivation: command,
  revokeReactivation: command,
  can: [id, oneOf("step", Object.keys(stepFacts))],
  decompose: command,
  decision: [id],
  explain: [id],
  changes: [id],
};

function viewed(outcome: Outcome<RelationshipRecord>): Outcome<RelationshipView> {
  return outcome.ok ? allow(relationshipView(outcome.value)) : outcome;
}

function possible(outcome: Outcome<unknown>): Possible {
  if (outcome.ok) return { isSuccess: true };
  if (outcome.refusal.code === "error.runtime.recordNotFound") unwrap(outcome);
  return { isSuccess: false, code: outcome.refusal.code, message: outcome.refusal.message };
}
