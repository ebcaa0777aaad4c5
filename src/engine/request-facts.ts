// The facts of a decision about a Request (design.md 5): what rules see, and what judging again needs.
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf, pathOf } from "../model/keys.ts";
import type { MessageRecord, RelationshipRecord, RequestRecord, TemplateRecord } from "../model/records.ts";
import type { RequestFacts } from "../ports/rule.ts";
import { frozen, publicTemplate } from "./asking-rules.ts";
import type { Account } from "./context.ts";
import { relationshipView, requestView } from "./present.ts";
import { presentTemplate } from "./templates-view.ts";

/** What rules may know about the Request, frozen, and its template or message for the event that tells of it. */
export async function requestFacts(account: Account, record: RequestRecord) {
  const relationships: JsonObject[] = [];
  const where = { peer: [{ anyOf: [record.peer] }] };
  const query = { under: pathOf(account.id, "relationships"), where };
  for await (const { document } of account.store.find<RelationshipRecord>(query)) {
    relationships.push(relationshipView(document) as JsonObject);
  }
  const { type, reference } = record.source ?? { type: "", reference: "" };
  const get = account.store.get;
  const template =
    type === "RelationshipTemplate"
      ? (await get<TemplateRecord>(keyOf(account.id, "templates", reference)))?.document
      : undefined;
  const message =
    type === "Message" ? (await get<MessageRecord>(keyOf(account.id, "messages", reference)))?.document : undefined;
  const facts: RequestFacts = frozen({
    self: account.self,
    now: instantOf(account.clock.now()),
    request: requestView(record) as JsonObject,
    relationships,
    ...(template === undefined ? {} : { template: publicTemplate(template) }),
  });
  const subject = template === undefined ? message : await presentTemplate(account, template, get);
  return { facts, subject: subject as JsonObject | undefined };
}
