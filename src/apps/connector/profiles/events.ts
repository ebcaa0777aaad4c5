/**
 * Events as a generation names and shows them (spec/connector-api.md 4.4). Pure but for the look-up of a template, which the
 * older generations embed.
 *
 * N1. One engine event gives at most one delivery. What older receivers call it are aliases: a receiver hears of it when its
 *     patterns fit the trigger or an alias, and never twice.
 */
import type { FileView, LocalAttribute, MessageView, RelationshipView, RequestView, TemplateView } from "rapport";
import type { JsonObject } from "rapport/core";
import { extended, without } from "./extended.ts";
import type { Profile, SharedCopy } from "./profile.ts";

/** An event as it leaves the house. */
export interface ProfileEvent {
  readonly trigger: string;
  /** Older names of the same event, which configurations may still have. */
  readonly aliases: readonly string[];
  readonly data: JsonObject;
}

/** What the older generations need besides the data of the event. */
export interface EventLook {
  template(id: string): Promise<TemplateView | undefined>;
}

/** The engine's event in a generation. */
export async function eventOf(
  profile: Profile,
  event: { readonly name: string; readonly data: JsonObject },
  look: EventLook,
): Promise<ProfileEvent[]> {
  const [trigger, ...aliases] = eventNames(profile, event);
  return [{ trigger, aliases, data: await dataOf(profile, event, look) }];
}

/** The trigger in a generation, then its aliases; quick, so that it can be asked before an event is stored. */
export function eventNames(
  profile: Profile,
  { name, data }: { readonly name: string; readonly data: JsonObject },
): readonly [string, ...string[]] {
  if (profile.name === "gen3") return [name];
  const older = olderNames(name, data);
  if (profile.name === "union") return [name, ...Object.values(older)];
  return [older[profile.name] ?? older.gen2 ?? name];
}

type OlderNames = { readonly gen1?: string; readonly gen2?: string };

const fromCreation = "consumption.outgoingRequestFromRelationshipCreationCreatedAndCompleted";

const detailsChanged = "consumption.attributeForwardingDetailsChanged";

const succeededNames: { readonly [type: string]: string } = {
  OwnIdentityAttribute: "repositoryAttributeSucceeded",
  OwnRelationshipAttribute: "ownSharedAttributeSucceeded",
  PeerIdentityAttribute: "peerSharedAttributeSucceeded",
  PeerRelationshipAttribute: "peerSharedAttributeSucceeded",
  ThirdPartyRelationshipAttribute: "thirdPartyRelationshipAttributeSucceeded",
};

// Some events were several, by the kind of attribute.
function olderNames(name: string, data: JsonObject): OlderNames {
  switch (name) {
    case fromCreation:
      return { gen1: "consumption.outgoingRequestFromRelationshipCreationChangeCreatedAndCompleted" };
    case "consumption.attributeSucceeded":
      return gen2Name(succeededNames[typeOf(data["successor"])]);
    case detailsChanged:
      return gen2Name(data["sharedCopy"] === undefined ? undefined : "sharedAttributeCopyCreated");
    case "consumption.ownAttributeDeletedByOwner":
      return gen2Name("ownSharedAttributeDeletedByOwner");
    case "consumption.peerRelationshipAttributeDeletedByPeer":
    case "consumption.forwardedAttributeDeletedByPeer":
      return gen2Name(isOfThirdParty(name, data) ? "thirdPartyRelationshipAttributeDeletedByPeer" : deletedByPeer);
    default:
      return {};
  }
}

const deletedByPeer = "peerSharedAttributeDeletedByPeer";

function isOfThirdParty(name: string, data: JsonObject): boolean {
  const isForwarded = name === "consumption.forwardedAttributeDeletedByPeer";
  return isForwarded ? typeOf(data["content"]) === "RelationshipAttribute" : typeOf(data).startsWith("ThirdParty");
}

function gen2Name(name: string | undefined): OlderNames {
  return name === undefined ? {} : { gen2: `consumption.${name}` };
}

type Event = { readonly name: string; readonly data: JsonObject };

async function dataOf(profile: Profile, { name, data }: Event, look: EventLook): Promise<JsonObject> {
  if (name.startsWith("consumption.relationshipEvent.")) return relationshipEvent(profile, data, look);
  if (relationshipEvents.has(name)) return relationship(profile, data, look);
  if (requestEvents.has(name)) return profile.request(as<RequestView>(data));
  if (requestStatusEvents.has(name)) return { ...data, request: profile.request(as<RequestView>(data["request"])) };
  if (messageEvents.has(name)) return profile.message(as<MessageView>(data));
  if (attributeEvents.has(name)) return profile.attribute(as<LocalAttribute>(data));
  if (name.startsWith("transport.fileOwnership")) return profile.file(as<FileView>(data));
  return otherData(profile, { name, data }, look);
}

async function otherData(profile: Profile, { name, data }: Event, look: EventLook): Promise<JsonObject> {
  switch (name) {
    case "consumption.mailReceived":
      return mailReceived(profile, data);
    case "consumption.messageProcessed":
      return { ...data, message: message(profile, data["message"]) };
    case "transport.peerRelationshipTemplateLoaded":
    case "transport.relationshipTemplateAllocationsExhausted":
      return template(profile, data, look);
    case "consumption.relationshipTemplateProcessed":
      return { ...data, template: await template(profile, as<JsonObject>(data["template"]), look) };
    case detailsChanged:
      return detailsShown(profile, data);
    case "consumption.attributeSucceeded": {
      const [predecessor, successor] = [as<LocalAttribute>(data["predecessor"]), as<LocalAttribute>(data["successor"])];
      return { ...data, predecessor: profile.attribute(predecessor), successor: profile.attribute(successor) };
    }
    case "transport.identityDeletionProcessStatusChanged":
      return profile.name !== "gen3" && data["status"] === "Active" ? { ...data, status: "Approved" } : data;
    default:
      return data;
  }
}

const transport = (...names: readonly string[]) => new Set(names.map((name) => `transport.${name}`));
const consumption = (...names: readonly string[]) => new Set(names.map((name) => `consumption.${name}`));

const relationshipEvents = transport(
  "relationshipChanged",
  "relationshipReactivationRequested",
  "relationshipReactivationCompleted",
  "peerToBeDeleted",
  "peerDeleted",
  "peerDeletionCancelled",
);
const messageEvents = transport("messageSent", "messageReceived", "messageDelivered", "messageWasReadAtChanged");
const requestEvents = consumption(
  "incomingRequestReceived",
  "outgoingRequestCreated",
  "outgoingRequestCreatedAndCompleted",
  "outgoingRequestFromRelationshipCreationCreatedAndCompleted",
);
const requestStatusEvents = consumption("incomingRequestStatusChanged", "outgoingRequestStatusChanged");
const attributeEvents = consumption(
  "attributeCreated",
  "attributeDeleted",
  "attributeWasViewedAtChanged",
  "ownAttributeDeletedByOwner",
  "peerRelationshipAttributeDeletedByPeer",
  "forwardedAttributeDeletedByPeer",
);

async function relationship(profile: Profile, data: JsonObject, look: EventLook): Promise<JsonObject> {
  const view = as<RelationshipView>(data);
  return profile.relationship(view, profile.name === "gen3" ? undefined : await look.template(view.templateId));
}

// The Relationship, and in it the event that it is about.
async function relationshipEvent(profile: Profile, data: JsonObject, look: EventLook): Promise<JsonObject> {
  const inner = as<{ readonly namespace: string; readonly data: JsonObject }>(data["event"]);
  const event = { ...inner, data: await dataOf(profile, { name: inner.namespace, data: inner.data }, look) };
  return extended(await relationship(profile, without(data, "event"), look), { event });
}

function mailReceived(profile: Profile, data: JsonObject): JsonObject {
  const shown = profile.message(as<MessageView>(without(data, "mail")));
  return extended(shown, { mail: shown["content"] });
}

// Of a message or template that is not here any more, only the id may be known.
function message(profile: Profile, data: unknown): JsonObject {
  const view = as<MessageView>(data);
  return view.content === undefined ? as<JsonObject>(data) : profile.message(view);
}

async function template(profile: Profile, data: JsonObject, look: EventLook): Promise<JsonObject> {
  const isWhole = typeof data["truncatedReference"] === "string";
  const view = isWhole ? as<TemplateView>(data) : await look.template(String(data["id"]));
  return view === undefined ? data : profile.template(view);
}

function typeOf(value: unknown): string {
  const type = typeof value === "object" && value !== null ? (value as JsonObject)["@type"] : undefined;
  return typeof type === "string" ? type : "";
}

// The older generations show what is new as the attribute that it is to them; the third has the attribute alone.
function detailsShown(profile: Profile, data: JsonObject): JsonObject {
  const view = as<LocalAttribute>(without(data, "sharedCopy"));
  const isOlder = profile.name === "gen1" || profile.name === "gen2";
  return profile.attribute(view, isOlder ? as<SharedCopy | undefined>(data["sharedCopy"]) : undefined);
}

// What the engine published under this name has this shape; it only went through JSON.
function as<T>(data: unknown): T {
  return data as T;
}
