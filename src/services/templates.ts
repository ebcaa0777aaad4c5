import { accountTurn } from "../engine/change.ts";
import { type CommandOptions, type CommandTag, once, recordResult } from "../engine/commands.ts";
import type { Account } from "../engine/context.ts";
import { judgeRequest } from "../engine/judging.ts";
import type { TemplateView } from "../engine/present.ts";
import { isPassing } from "../engine/relay-refusals.ts";
import { presentTemplate, secretOfTemplate } from "../engine/templates-view.ts";
import { fault } from "../errors/rapport-error.ts";
import { allow, type Outcome } from "../errors/refusal.ts";
import { keyOf } from "../model/keys.ts";
import type { TemplateRecord } from "../model/records.ts";
import { atTheDoor, id, jsonObject, listOptions, object, optional, options, query, text } from "./door.ts";
import { protectionAsked, protectionFields } from "./field-reading.ts";
import { each, found, type List, type Listed, type ListOptions, type Query, same } from "./listing.ts";
import { createTemplate, type NewTemplate } from "./template-creation.ts";
import { type LoadTemplate, loadTemplate } from "./template-loading.ts";

export type { LoadTemplate, NewTemplate };

/** RelationshipTemplates of one account (spec/domain.md 2.3). */
export interface Templates {
  /** Publishes an own template. Refuses with the codes of 2.3, in its order. */
  create(input: NewTemplate, options?: CommandOptions): Promise<TemplateView>;
  /** Loads a peer's template; a Request in it becomes an incoming LocalRequest (4.3). Repeated, it is shown as it is now. */
  load(input: LoadTemplate, options?: CommandOptions): Promise<TemplateView>;
  get(id: string): Promise<TemplateView>;
  find(query?: Query, options?: ListOptions): Promise<TemplateView[]>;
  /** The same one by one, complete without a limit. */
  each(query?: Query, options?: ListOptions): AsyncIterable<Listed<TemplateView>>;
  /** Deletes an own template at the relay too, a peer's only here. Keep own ones until their Relationships arrived. */
  delete(id: string, options?: CommandOptions): Promise<void>;
}

const fields = {
  ...same(
    "id",
    "isOwn",
    "createdAt",
    "expiresAt",
    "createdBy",
    "createdByDevice",
    "maxNumberOfAllocations",
    "forIdentity",
  ),
  ...protectionFields,
};

/** The service of one account. */
export function createTemplates(account: Account): Templates {
  const present = (record: TemplateRecord) => presentTemplate(account, record, account.store.get);
  const beside = {
    members: ["passwordProtection"],
    of: async ({ id, isPasswordProtected }: TemplateRecord) =>
      isPasswordProtected ? protectionAsked(await secretOfTemplate(account, id, account.store.get)) : {},
  };
  const list: List<TemplateRecord, TemplateView> = { kind: "templates", fields, beside, view: present };

  const service: Templates = {
    create: (input, given) =>
      once<TemplateView>(
        account,
        { name: "templates.create", input, options: given },
        {
          run: (tag) => createTemplate(account, input, tag),
          replay: async ({ id }) => present(await read(account, String(id))),
        },
      ),
    load: (input, given) =>
      once<TemplateView>(
        account,
        { name: "templates.load", input, options: given },
        {
          run: (tag) => loadTemplate(account, input, tag),
          replay: async ({ id }) => present(await judged(account, String(id))),
        },
      ),
    get: async (id) => present(await read(account, id)),
    find: (query, options) => found(account, list, { query, options }),
    each: (query, options) => each(account, list, { query, options }),
    delete: (id, given) =>
      once<undefined>(
        account,
        { name: "templates.delete", input: { id }, options: given },
        {
          run: (tag) => remove(account, id, tag),
          replay: async () => undefined,
        },
      ),
  };
  return atTheDoor<Templates>(service, {
    create: [jsonObject("input"), options],
    load: [object("input", { password: optional(text("password")) }), options],
    get: [id],
    find: [query, listOptions],
    each: [query, listOptions],
    delete: [id, options],
  });
}

async function read(account: Account, id: string): Promise<TemplateRecord> {
  const stored = await account.store.get<TemplateRecord>(keyOf(account.id, "templates", id));
  if (stored === undefined) throw fault("error.runtime.recordNotFound", `There is no template ${id}. Check the id.`);
  return stored.document;
}

// The first try may have failed after its commit, before the rules were asked.
async function judged(account: Account, id: string): Promise<TemplateRecord> {
  const record = await read(account, id);
  if (record.requestId !== undefined) await judgeRequest(account, record.requestId);
  return record;
}

// Without an intent: deleting it once more at the relay does no harm, so a try that got no answer is simply repeated.
async function remove(account: Account, id: string, tag: CommandTag): Promise<Outcome<undefined>> {
  const { isOwn } = await read(account, id);
  if (isOwn) {
    const answer = await account.transport.call({ operation: "deleteTemplate", params: { id } }, account.session);
    if (!answer.ok && answer.status !== 404)
      throw fault(isPassing(answer) ? "relay.unreachable" : "relay.refused", answer.error.message);
  }
  return accountTurn(account, {
    gather: async () => undefined,
    plan(_facts, change) {
      change.remove("templates", id);
      change.remove("secrets", `template-${id}`);
      recordResult(account, change, { tag, result: {} });
      return allow(undefined);
    },
  });
}
