// Creating a Relationship by hand: the checks of spec/domain.md 3.2 in their order, and the call.
import { accountTurn } from "../engine/change.ts";
import type { CommandTag } from "../engine/commands.ts";
import type { Account } from "../engine/context.ts";
import { creationEntity, draftCreation } from "../engine/creation.ts";
import { hasOpenIntent, inProgress, openIntent } from "../engine/intents.ts";
import { perform } from "../engine/performing.ts";
import { isPassing, refusalOf } from "../engine/relay-refusals.ts";
import { isIncoming } from "../engine/request-state.ts";
import { fault } from "../errors/rapport-error.ts";
import { allow, type Outcome, type Refusal, refuse } from "../errors/refusal.ts";
import { type CreationContent, parseCreationContent } from "../model/contents.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { IntentRecord, PeerRecord, RelationshipRecord, RequestRecord, TemplateRecord } from "../model/records.ts";
import { isSameJson } from "../model/same-json.ts";
import type { Reads } from "../turn/turn.ts";
import type { WireCanCreate } from "../wire/shapes.ts";
import { looking } from "./looking.ts";

/** Input of `create` and `canCreate`. */
export interface NewRelationship {
  readonly templateId: string;
  /**
   * Of the type that the template asks for. `create` may leave it out for a template without Request: then it says nothing
   * (seed 001). `canCreate` checks it only when it is given.
   */
  readonly creationContent?: JsonObject;
}

/** The input as it was when the call began. What is wrong with its content is said when its check has its turn. */
export interface Wish {
  readonly templateId: string;
  readonly content: Outcome<CreationContent> | undefined;
}

/** Parses the content, once for all checks, into a frozen copy. */
export function wishOf({ kinds }: Account, { templateId, creationContent }: NewRelationship): Wish {
  return {
    templateId,
    content: creationContent === undefined ? undefined : parseCreationContent(creationContent, kinds),
  };
}

// Content of a creation that says nothing.
const nothingSaid = { "@type": "ArbitraryRelationshipCreationContent", value: null };

/** Checks and creates. */
export async function createRelationship(
  account: Account,
  wish: Wish,
  tag: CommandTag,
): Promise<Outcome<RelationshipRecord>> {
  const { templateId, content: given = parseCreationContent(nothingSaid, account.kinds) } = wish;
  const template = await templateOf(account, templateId);
  const begun = await account.lanes.run(creationEntity(template?.createdBy ?? templateId), async () => {
    const checked = await checkCreation(account, { templateId, content: given });
    if (!checked.ok) return checked;
    return accountTurn<Gathered, IntentRecord>(account, {
      gather: (reads) => gatherCreation(account, reads, templateId),
      plan(facts, change) {
        const early = earlyRefusal(facts);
        if (early !== undefined) return { ok: false, refusal: early };
        const fitting = checkContent(given, facts);
        if (!fitting.ok) return fitting;
        const { template: known } = facts;
        if (known === undefined) return unknownTemplate(templateId);
        if (facts.isBusy) return inProgress(creationEntity(known.createdBy));
        const answers = facts.answered === undefined ? {} : { answers: facts.answered.id };
        const content = fitting.value as unknown as JsonObject;
        const sealed = draftCreation(account, { template: known, content, ...answers, tag });
        if (!sealed.ok) return sealed;
        openIntent(account, change, { intent: sealed.value.intent, secret: sealed.value.secret });
        return allow(sealed.value.intent);
      },
    });
  });
  return begun.ok ? perform<RelationshipRecord>(account, begun.value) : begun;
}

interface Gathered {
  readonly template: TemplateRecord | undefined;
  readonly existing: string | undefined;
  readonly answered: RequestRecord | undefined;
  readonly isBusy: boolean;
  readonly now: string;
}

async function gatherCreation(account: Account, reads: Reads, templateId: string): Promise<Gathered> {
  const template = (await reads.get<TemplateRecord>(keyOf(account.id, "templates", templateId)))?.document;
  const peer = template?.createdBy ?? "nobody";
  const known = (await reads.get<PeerRecord>(keyOf(account.id, "peers", peer)))?.document;
  const request =
    template?.requestId === undefined
      ? undefined
      : (await reads.get<RequestRecord>(keyOf(account.id, "requests", template.requestId)))?.document;
  return {
    template,
    existing: known?.existing,
    answered: request,
    isBusy: await hasOpenIntent(account, reads, creationEntity(peer)),
    now: instantOf(account.clock.now()),
  };
}

/** Checks 1 to 12 of spec/domain.md 3.2, in that order; 4 to 6 ask the relay. */
export async function checkCreation(account: Account, { templateId, content }: Wish): Promise<Outcome<undefined>> {
  const facts = await gatherCreation(account, looking(account), templateId);
  const { template } = facts;
  if (template === undefined) return unknownTemplate(templateId);
  const early = earlyRefusal(facts);
  if (early !== undefined) return { ok: false, refusal: early };
  const agreed = template.isOwn ? allow(undefined) : await askRelay(account, template.createdBy);
  // What the relay knows of may be the very creation of ours that is not finished.
  if (!agreed.ok) return facts.isBusy ? inProgress(creationEntity(template.createdBy)) : agreed;
  const fitting = content === undefined ? allow(undefined) : checkContent(content, facts);
  if (!fitting.ok) return fitting;
  return template.isOwn ? refuse(withYourself, "The template is your own. Load one of another identity.") : agreed;
}

const invalid = "error.runtime.validation.invalidPropertyValue";
const withYourself = "error.platform.validation.relationship.cannotCreateRelationshipWithYourself";

function earlyRefusal({ template, existing, now }: Gathered): Refusal | undefined {
  if (existing !== undefined) {
    const code = "error.transport.relationships.relationshipCurrentlyExists";
    return { code, message: `The Relationship ${existing} with this identity exists. Use or end it first.` };
  }
  if (template?.expiresAt !== undefined && now > template.expiresAt) {
    const code = "error.transport.relationships.relationshipTemplateIsExpired";
    return { code, message: `The template ${template.id} expired at ${template.expiresAt}. Ask for a new one.` };
  }
  return undefined;
}

async function askRelay(account: Account, peer: string): Promise<Outcome<undefined>> {
  const answer = await account.transport.call({ operation: "canCreateRelationship", query: { peer } }, account.session);
  if (!answer.ok) {
    if (answer.status === 404) {
      return refuse("error.transport.relationships.deletedOwnerOfRelationshipTemplate", `${peer} was deleted.`);
    }
    if (!isPassing(answer)) return { ok: false, refusal: refusalOf(answer, "canCreateRelationship") };
    throw fault("relay.unreachable", `The relay could not answer: ${answer.error.message}`);
  }
  const { canCreate, code } = answer.result as WireCanCreate;
  if (canCreate) return allow(undefined);
  const isDeleted = code?.endsWith("peerIsToBeDeleted") === true;
  return isDeleted
    ? refuse(
        "error.transport.relationships.activeIdentityDeletionProcessOfOwnerOfRelationshipTemplate",
        `${peer} is about to be deleted.`,
      )
    : refuse(
        "error.transport.relationships.relationshipNotYetDecomposedByPeer",
        `${peer} still holds the earlier Relationship. Wait until it has decomposed it.`,
      );
}

function checkContent(parsed: Outcome<CreationContent>, { template, answered }: Gathered): Outcome<CreationContent> {
  if (!parsed.ok) return refuse(invalid, parsed.refusal.message, parsed.refusal.details);
  const isStructured = parsed.value["@type"] === "RelationshipCreationContent";
  const isExpected = template?.content["@type"] === "RelationshipTemplateContent";
  if (isStructured !== isExpected) {
    const wanted = isExpected ? "RelationshipCreationContent" : "ArbitraryRelationshipCreationContent";
    return refuse(invalid, `creationContent must be of the type ${wanted}, as the template is.`);
  }
  if (!isStructured) return parsed;
  const response = answered?.response?.content;
  if (
    answered === undefined ||
    response === undefined ||
    !isIncoming(answered, "decided") ||
    response["result"] !== "Accepted"
  ) {
    const message = "Accept the Request of the template first; the Relationship follows by itself.";
    return refuse("error.runtime.relationships.noAcceptedIncomingRequest", message);
  }
  if (!isSameJson(parsed.value["response"] as JsonObject, response)) {
    const message = "The response is not the one that was decided. Send exactly that one.";
    return refuse("error.runtime.relationships.wrongResponseProvidedAsCreationContent", message);
  }
  return parsed;
}

async function templateOf(account: Account, id: string): Promise<TemplateRecord | undefined> {
  return (await account.store.get<TemplateRecord>(keyOf(account.id, "templates", id)))?.document;
}

function unknownTemplate(id: string): Outcome<never> {
  return refuse("error.runtime.recordNotFound", `There is no template ${id} in this account. Load it first.`);
}
