// The facts of a decision about a pending Relationship (design.md 5): what rules see, and what judging again needs.
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { RelationshipRecord, RequestRecord, TemplateRecord } from "../model/records.ts";
import type { RelationshipFacts } from "../ports/rule.ts";
import { publicTemplate } from "./asking-rules.ts";
import type { Account } from "./context.ts";
import { relationshipView, requestView } from "./present.ts";

/** What rules may know about a Relationship that a peer created. */
export async function relationshipFacts(account: Account, record: RelationshipRecord): Promise<RelationshipFacts> {
  const get = account.store.get;
  const template = (await get<TemplateRecord>(keyOf(account.id, "templates", record.templateId)))?.document;
  const response = (record.creationContent as { response?: { requestId?: string } }).response;
  const request = (await get<RequestRecord>(keyOf(account.id, "requests", response?.requestId ?? "none")))?.document;
  return {
    self: account.self,
    now: instantOf(account.clock.now()),
    relationship: relationshipView(record) as JsonObject,
    ...(template === undefined ? {} : { template: publicTemplate(template) }),
    ...(request === undefined ? {} : { request: requestView(request) as JsonObject }),
  };
}
