import { type CommandOptions, once } from "../engine/commands.ts";
import type { Account } from "../engine/context.ts";
import type { TemplateView } from "../engine/present.ts";
import { presentTemplate } from "../engine/templates-view.ts";
import { fault } from "../errors/rapport-error.ts";
import { unwrap } from "../errors/refusal.ts";
import { keyOf } from "../model/keys.ts";
import type { TemplateRecord } from "../model/records.ts";
import { atTheDoor, id, listOptions, object, optional, options, query, text } from "./door.ts";
import { type ListOptions, list, type Query, same } from "./listing.ts";
import { createTemplate, type NewTemplate } from "./template-creation.ts";
import { type LoadTemplate, loadTemplate } from "./template-loading.ts";

export type { LoadTemplate, NewTemplate };

/** RelationshipTemplates of one account (spec/domain.md 2.3). */
export interface Templates {
  /** Publishes an own template. Refuses with the codes of 2.3, in its order. */
  create(input: NewTemplate, options?: CommandOptions): Promise<TemplateView>;
  /** Loads a peer's template; a Request in it becomes an incoming LocalRequest (4.3). */
  load(input: LoadTemplate): Promise<TemplateView>;
  get(id: string): Promise<TemplateView>;
  find(query?: Query, options?: ListOptions): Promise<TemplateView[]>;
  /** Deletes an own template at the relay too, a peer's only here. Keep own ones until their Relationships arrived. */
  delete(id: string): Promise<void>;
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
  passwordProtection: "isPasswordProtected",
};

/** The service of one account. */
export function createTemplates(account: Account): Templates {
  const read = async (id: string) => {
    const stored = await account.store.get<TemplateRecord>(keyOf(account.id, "templates", id));
    if (stored === undefined) throw fault("error.runtime.recordNotFound", `There is no template ${id}. Check the id.`);
    return stored.document;
  };
  const present = (record: TemplateRecord) => presentTemplate(account, record, account.store.get);

  const service: Templates = {
    create: (input, given) =>
      once<TemplateView>(
        account,
        { name: "templates.create", input, options: given },
        {
          run: (tag) => createTemplate(account, input, tag),
          replay: async ({ id }) => present(await read(String(id))),
        },
      ),
    load: async (input) => unwrap(await loadTemplate(account, input)),
    get: async (id) => present(await read(id)),
    find: async (wanted, part) =>
      Promise.all(
        (await list<TemplateRecord>(account, { kind: "templates", fields, query: wanted, options: part })).map(present),
      ),
    async delete(id) {
      const record = await read(id);
      if (record.isOwn) {
        const answer = await account.transport.call({ operation: "deleteTemplate", params: { id } }, account.session);
        if (!answer.ok && answer.status !== 404) throw fault("relay.refused", answer.error.message);
      }
      const deletes = [
        { key: keyOf(account.id, "templates", id) },
        { key: keyOf(account.id, "secrets", `template-${id}`) },
      ];
      await account.store.commit({ deletes });
    },
  };
  return atTheDoor<Templates>(service, {
    create: [object("input"), options],
    load: [object("input", { password: optional(text("password")) })],
    get: [id],
    find: [query, listOptions],
    delete: [id],
  });
}
