// The facts of a decision about a Request (design.md 5): what rules see, and what judging again needs.
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf, pathOf } from "../model/keys.ts";
import type { MessageRecord, RelationshipRecord, RequestRecord, TemplateRecord } from "../model/records.ts";
import type { RequestFacts } from "../ports/rule.ts";
import { publicTemplate } from "./asking-rules.ts";
import type { Account } from "./context.ts";
import { relationshipView, requestView } from "./present.ts";
import { presentTemplate } from "./templates-view.ts";

/** What rules may know about the Request, and what judging it again needs. */
export async function requestFacts(account: Account, record: RequestRecord): Promise<RequestFacts> {
  const relationships: JsonObject[] = [];
  const where = { peer: [{ anyOf: [record.peer] }] };
  const query = { under: pathOf(account.id, "relationships"), where };
  for await (const { document } of account.store.find<RelationshipRecord>(query)) {
    relationships.push(relationshipView(document) as JsonObject);
  }
  const template = await templateOf(account, record);
  return {
    self: account.self,
    now: instantOf(account.clock.now()),
    request: requestView(record) as JsonObject,
    relationships,
    ...(template === undefined ? {} : { template: publicTemplate(template) }),
  };
}

/** The template or message that the Request came with, as embedders see it: events tell of it. */
export async function requestSubject(account: Account, record: RequestRecord): Promise<JsonObject | undefined> {
  const { type, reference } = record.source ?? { type: "", reference: "" };
  const get = account.store.get;
  if (type === "Message") {
    const message = (await get<MessageRecord>(keyOf(account.id, "messages", reference)))?.document;
    return message as JsonObject | undefined;
  }
  const template = await templateOf(account, record);
  return template === undefined
    ? undefined
    : ((await presentTemplate(account, template, get)) as unknown as JsonObject);
}

async function templateOf(account: Account, { source }: RequestRecord): Promise<TemplateRecord | undefined> {
  if (source?.type !== "RelationshipTemplate") return undefined;
  return (await account.store.get<TemplateRecord>(keyOf(account.id, "templates", source.reference)))?.document;
}
