// The facts of a decision about a Request (design.md 5): what rules see, and what judging again needs.
import { extended } from "../model/extended.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf, pathOf } from "../model/keys.ts";
import type { MessageRecord, PeerRecord, RelationshipRecord, RequestRecord, TemplateRecord } from "../model/records.ts";
import type { RequestFacts } from "../ports/rule.ts";
import { publicTemplate } from "./asking-rules.ts";
import type { Account } from "./context.ts";
import { relationshipView, requestView } from "./present.ts";
import { presentTemplate } from "./templates-view.ts";

/** What rules may know about the Request, and what judging it again needs. */
export async function requestFacts(account: Account, record: RequestRecord): Promise<RequestFacts> {
  return factsWith(account, record, await templateOf(account, record));
}

/** The template or message that the Request came with, as embedders see it: events tell of it. */
export async function requestSubject(account: Account, record: RequestRecord): Promise<JsonObject | undefined> {
  return subjectWith(account, record, await templateOf(account, record));
}

/** Both, from one look at the template. */
export async function requestToJudge(
  account: Account,
  record: RequestRecord,
): Promise<{ readonly facts: RequestFacts; readonly subject: JsonObject | undefined }> {
  const template = await templateOf(account, record);
  const facts = await factsWith(account, record, template);
  return { facts, subject: await subjectWith(account, record, template) };
}

async function factsWith(
  account: Account,
  record: RequestRecord,
  template: TemplateRecord | undefined,
): Promise<RequestFacts> {
  const facts = {
    self: account.self,
    now: instantOf(account.clock.now()),
    request: requestView(record) as JsonObject,
    relationships: await relationshipsWith(account, record.peer),
  };
  return template === undefined ? facts : extended(facts, { template: publicTemplate(template) });
}

// The peer's record names the youngest one, so without a name there is none to search for.
async function relationshipsWith(account: Account, peer: string): Promise<readonly JsonObject[]> {
  const known = (await account.store.get<PeerRecord>(keyOf(account.id, "peers", peer)))?.document;
  if (known?.newest === undefined) return [];
  const relationships: JsonObject[] = [];
  const where = { peer: [{ anyOf: [peer] }] };
  const query = { under: pathOf(account.id, "relationships"), where };
  for await (const { document } of account.store.find<RelationshipRecord>(query)) {
    relationships.push(relationshipView(document) as JsonObject);
  }
  return relationships;
}

async function subjectWith(
  account: Account,
  { source }: RequestRecord,
  template: TemplateRecord | undefined,
): Promise<JsonObject | undefined> {
  const get = account.store.get;
  if (source?.type === "Message") {
    const message = (await get<MessageRecord>(keyOf(account.id, "messages", source.reference)))?.document;
    return message as JsonObject | undefined;
  }
  if (template === undefined) return undefined;
  return (await presentTemplate(account, template, get)) as unknown as JsonObject;
}

async function templateOf(account: Account, { source }: RequestRecord): Promise<TemplateRecord | undefined> {
  if (source?.type !== "RelationshipTemplate") return undefined;
  return (await account.store.get<TemplateRecord>(keyOf(account.id, "templates", source.reference)))?.document;
}
