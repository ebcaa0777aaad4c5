import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import type { Json, JsonObject } from "./json.ts";
import { completeMail, type Mail, mailProblem } from "./mail.ts";
import { type Notification, notificationProblem } from "./notification.ts";
import { type ItemParsers, inUtc, type Problem, type Request, requestProblem } from "./request.ts";
import {
  type Response,
  type ResponseParsers,
  type ResponseWrapper,
  responseProblem,
  wrapperProblem,
} from "./response.ts";
import { isObject, objectProblem, textProblem } from "./shape.ts";
import { snapshot } from "./snapshot.ts";

/** What a template offers: a Request for strangers, and optionally one for those who have an Active Relationship. */
export interface RelationshipTemplateContent {
  readonly "@type": "RelationshipTemplateContent";
  readonly title?: string;
  readonly metadata?: JsonObject;
  readonly onNewRelationship: Request;
  readonly onExistingRelationship?: Request;
  readonly [member: string]: Json | Request | undefined;
}

/** Free content of a template; it never yields a Request. */
export interface ArbitraryRelationshipTemplateContent {
  readonly "@type": "ArbitraryRelationshipTemplateContent";
  readonly value: Json;
  readonly [member: string]: Json | undefined;
}

/** The Response that the initiator sends when it creates a Relationship. */
export interface RelationshipCreationContent {
  readonly "@type": "RelationshipCreationContent";
  readonly response: Response;
  readonly [member: string]: Json | Response | undefined;
}

/** Free content of a creation. */
export interface ArbitraryRelationshipCreationContent {
  readonly "@type": "ArbitraryRelationshipCreationContent";
  readonly value: Json;
  readonly [member: string]: Json | undefined;
}

/** Free content of a message. */
export interface ArbitraryMessageContent {
  readonly "@type": "ArbitraryMessageContent";
  readonly value: Json;
  readonly [member: string]: Json | undefined;
}

/** The two contents a template may have (spec/domain.md 2.3). */
export type TemplateContent = RelationshipTemplateContent | ArbitraryRelationshipTemplateContent;
/** The two contents a creation may have (spec/domain.md 2.5). */
export type CreationContent = RelationshipCreationContent | ArbitraryRelationshipCreationContent;
/** The contents a message may have so far (spec/domain.md 8.1). */
export type MessageContent = Request | ResponseWrapper | Mail | Notification | ArbitraryMessageContent;

/** What parsing contents needs to know of the item kinds. */
export type ContentParsers = ItemParsers & ResponseParsers;

/** `received` content was written by somebody else: what no type of ours fits is kept, wrapped as arbitrary content. */
export interface ContentRules {
  readonly received?: true;
}

/**
 * The content of a template, frozen and typed. Received content of another type is wrapped; a malformed
 * RelationshipTemplateContent is refused even then, so that nobody takes it for an offer without a Request.
 */
export function parseTemplateContent(
  json: unknown,
  kinds: ContentParsers,
  rules: ContentRules = {},
): Outcome<TemplateContent> {
  const copied = snapshot(json);
  if (!copied.ok) return copied;
  const content = copied.value;
  const structured = typed(content, "RelationshipTemplateContent");
  if (structured !== undefined) {
    const problem = templateProblem(structured, kinds);
    return problem === undefined
      ? allow(templateInUtc(structured as unknown as RelationshipTemplateContent))
      : refuse(problem.code, problem.message);
  }
  const free = arbitrary<ArbitraryRelationshipTemplateContent>(content, "ArbitraryRelationshipTemplateContent");
  if (free !== undefined) return allow(free);
  if (rules.received) return allow(Object.freeze({ "@type": "ArbitraryRelationshipTemplateContent", value: content }));
  return wrongContent(content, ["RelationshipTemplateContent", "ArbitraryRelationshipTemplateContent"]);
}

/** The content of a creation, frozen and typed. Received content that is neither, or malformed, is wrapped. */
export function parseCreationContent(
  json: unknown,
  kinds: ContentParsers,
  rules: ContentRules = {},
): Outcome<CreationContent> {
  const copied = snapshot(json);
  if (!copied.ok) return copied;
  const content = copied.value;
  const structured = typed(content, "RelationshipCreationContent");
  const problem = structured && responseProblem(structured["response"], "response.", kinds);
  if (structured !== undefined && problem === undefined)
    return allow(structured as unknown as RelationshipCreationContent);
  const free = arbitrary<ArbitraryRelationshipCreationContent>(content, "ArbitraryRelationshipCreationContent");
  if (free !== undefined) return allow(free);
  if (rules.received) return allow(Object.freeze({ "@type": "ArbitraryRelationshipCreationContent", value: content }));
  if (problem !== undefined) return refuse(problem.code, problem.message);
  return wrongContent(content, ["RelationshipCreationContent", "ArbitraryRelationshipCreationContent"]);
}

/** The content of a message, frozen and typed. */
export function parseMessageContent(json: unknown, kinds: ContentParsers): Outcome<MessageContent> {
  const copied = snapshot(json);
  if (!copied.ok) return copied;
  const content = copied.value;
  const type = isObject(content) ? content["@type"] : undefined;
  if (type === "Request") return messageRequest(content, kinds);
  if (type === "ResponseWrapper") {
    const problem = wrapperProblem(content, kinds);
    return problem === undefined ? allow(content as unknown as ResponseWrapper) : refuse(problem.code, problem.message);
  }
  const mail = typed(content, "Mail");
  if (mail !== undefined) return messageMail(mail);
  if (type === "Notification") return messageNotification(content as JsonObject);
  const free = arbitrary<ArbitraryMessageContent>(content, "ArbitraryMessageContent");
  if (free !== undefined) return allow(free);
  return wrongContent(content, ["Request", "ResponseWrapper", "Mail", "Notification", "ArbitraryMessageContent"]);
}

function messageNotification(content: JsonObject): Outcome<Notification> {
  const problem = notificationProblem(content);
  if (problem === undefined) return allow(content as Notification);
  return refuse("error.runtime.validation.invalidPropertyValue", `${problem}.`);
}

function messageMail(content: JsonObject): Outcome<Mail> {
  const problem = mailProblem(content);
  if (problem === undefined) return allow(completeMail(content));
  return refuse("error.runtime.requestDeserialization", `content.${problem}.`);
}

function messageRequest(content: Json, kinds: ContentParsers): Outcome<Request> {
  const problem = requestProblem(content, "", { kinds, idAllowed: true });
  if (problem !== undefined) return refuse(problem.code, problem.message);
  const request = inUtc(content as Request);
  if (request.id !== undefined) return allow(request);
  return refuse(
    "error.runtime.validation.invalidPropertyValue",
    "content.id must be set. Create the Request first and send what that gives.",
  );
}

const titleRule = { max: 200 };

function templateProblem(content: JsonObject, kinds: ContentParsers): Problem | undefined {
  const own = textProblem(content, "title", titleRule) ?? objectProblem(content, "metadata");
  if (own !== undefined) return { code: "error.runtime.requestDeserialization", message: `${own}.` };
  const context = { kinds, idAllowed: false };
  const problem = requestProblem(content["onNewRelationship"], "onNewRelationship.", context);
  if (problem !== undefined || content["onExistingRelationship"] === undefined) return problem;
  return requestProblem(content["onExistingRelationship"], "onExistingRelationship.", context);
}

function templateInUtc(content: RelationshipTemplateContent): RelationshipTemplateContent {
  const onNewRelationship = inUtc(content.onNewRelationship);
  const existing = content.onExistingRelationship;
  const onExistingRelationship = existing === undefined ? undefined : inUtc(existing);
  if (onNewRelationship === content.onNewRelationship && onExistingRelationship === existing) return content;
  return Object.freeze({
    ...content,
    onNewRelationship,
    ...(onExistingRelationship === undefined ? {} : { onExistingRelationship }),
  });
}

/** The content as an object if it has this type. */
function typed(content: Json, type: string): JsonObject | undefined {
  return isObject(content) && content["@type"] === type ? content : undefined;
}

/** Free content of this type, which must have a value. */
function arbitrary<T extends JsonObject>(content: Json, type: T["@type"] & string): T | undefined {
  const found = typed(content, type);
  return found?.["value"] === undefined ? undefined : (found as T);
}

/** Types of the domain that are known, but not everywhere allowed. */
const knownTypes = new Set([
  "ArbitraryMessageContent",
  "ArbitraryRelationshipCreationContent",
  "ArbitraryRelationshipTemplateContent",
  "Mail",
  "Notification",
  "RelationshipCreationContent",
  "RelationshipTemplateContent",
  "Request",
  "Response",
  "ResponseWrapper",
]);

function wrongContent(content: Json, allowed: readonly string[]): Outcome<never> {
  const type = isObject(content) ? content["@type"] : undefined;
  if (typeof type === "string" && allowed.includes(type))
    return refuse("error.runtime.requestDeserialization", "value is missing: give any JSON, null included.");
  if (typeof type === "string" && !knownTypes.has(type))
    return refuse("error.runtime.unknownType", `content.@type is ${type.slice(0, 100)}. Use ${allowed.join(" or ")}.`);
  return refuse(
    "error.runtime.validation.invalidPropertyValue",
    `content must be an object whose @type is ${allowed.join(" or ")}.`,
  );
}
