// The way to a pending Relationship, which every attempt goes.
import { RapportError, type RelationshipView, type RequestView, type TemplateView } from "rapport";
import { type Answered, decideOn } from "../answers.ts";
import type { JsonObject } from "../json.ts";
import type { Player, Stage } from "../stage.ts";

/** A Request that came with a template, and answers that fit. */
export interface Received {
  readonly request: RequestView;
  readonly answered: Answered;
}

/** The library publishes its offer once more. */
export async function publish(stage: Stage, places: number): Promise<TemplateView> {
  const { content, expiresAt } = stage.offer;
  stage.confide(content);
  return stage.library.account.templates.create({ content, expiresAt, maxNumberOfAllocations: places });
}

/** The Request that the loaded template gave rise to; undefined for arbitrary content. */
export async function receivedFrom(
  { offer }: Stage,
  player: Player,
  template: TemplateView,
): Promise<Received | undefined> {
  if (!offer.hasRequest) return undefined;
  const [request] = await player.account.requests.incoming.find({ "source.reference": template.id });
  if (request === undefined) throw new RapportError("error.runtime.recordNotFound", noRequest(player, template));
  return { request, answered: await decideOn(player.account, request) };
}

function noRequest({ name }: Player, { id }: TemplateView): string {
  return `${name} got no Request with the template ${id}. Is another one of the library still open?`;
}

/** What somebody sends along when the template holds no Request. */
export function greeting(player: Player): JsonObject {
  return {
    "@type": "ArbitraryRelationshipCreationContent",
    value: { greeting: `${player.name} would like to stay in touch` },
  };
}

/** The reader says yes: the Response, or free content, goes out as a pending Relationship. */
export async function sayYes(
  stage: Stage,
  player: Player,
  from: { template: TemplateView; received: Received | undefined },
): Promise<RelationshipView> {
  const { template, received } = from;
  const { relationships, requests } = player.account;
  if (received === undefined) {
    const creationContent = greeting(player);
    stage.confide(creationContent);
    return relationships.create({ templateId: template.id, creationContent });
  }
  const { request, answered } = received;
  stage.confide(answered.decision);
  await requests.incoming.accept(request.id, answered.decision);
  const made = await relationships.find({ "template.id": template.id });
  const [relationship] = made;
  if (relationship !== undefined) return relationship;
  const { deliveryError } = await requests.incoming.get(request.id);
  throw new RapportError("relay.refused", `The answer did not get through: ${deliveryError?.message ?? "no reason"}`);
}

/** From the offer to a pending Relationship in one go, for the shorter scenes. */
export async function approach(stage: Stage, player: Player): Promise<RelationshipView> {
  const { reference } = await publish(stage, 1);
  const template = await player.account.templates.load({ reference: reference.truncated });
  const pending = await sayYes(stage, player, { template, received: await receivedFrom(stage, player, template) });
  await stage.library.account.sync();
  return pending;
}

/** The status of a Relationship at one side; "gone" once that side erased it. */
export async function statusAt({ account }: Player, id: string): Promise<string> {
  const [found] = await account.relationships.find({ id });
  return found?.status ?? "gone";
}
