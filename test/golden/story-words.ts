// The words that the golden story is told in: short ways to say what people do.
import type { Json, JsonObject } from "rapport/core";
import type { StoryLine } from "./story-lines.ts";

/** A day in milliseconds. */
export const day = 24 * 60 * 60 * 1000;
const startMs = Date.parse("2030-01-01T00:00:00.000Z");
/** An instant that many days after the beginning. */
export const onDay = (days: number) => new Date(startMs + days * day).toISOString();
/** What an earlier line gave. */
export const from = (path: string): Json => ({ $: path });
/** An item that must be accepted. */
export const consent = (text: string): JsonObject => ({
  "@type": "ConsentRequestItem",
  consent: text,
  mustBeAccepted: true,
});
/** A Request. */
export const asking = (...items: JsonObject[]): JsonObject => ({ "@type": "Request", items });
/** Accepts the one item. */
export const yes: JsonObject = { items: [{ accept: true }] };
/** Rejects the one item. */
export const no: JsonObject = { items: [{ accept: false, code: "no.thanks", message: "Not now." }] };
/** The content of a template that asks nothing. */
export const freely: JsonObject = { "@type": "ArbitraryRelationshipTemplateContent", value: { hello: 1 } };
/** A text as the value of an attribute. */
export const string = (value: string): JsonObject => ({ "@type": "ProprietaryString", title: "Card", value });
/** An item that gives an attribute to the Relationship. */
export const attributeFor = (key: string, value: string): JsonObject => ({
  "@type": "CreateAttributeRequestItem",
  mustBeAccepted: true,
  attribute: {
    "@type": "RelationshipAttribute",
    owner: from("library.address"),
    key,
    confidentiality: "private",
    value: string(value),
  },
});

/** How a command ends, or what it is called. */
type More = { readonly as?: string; readonly refused?: string };
/** Somebody commands. */
export const say = (who: string, what: string, input: readonly Json[] = [], more: More = {}): StoryLine => ({
  who,
  do: what,
  with: input,
  ...more,
});
/** Everybody synchronises. */
export const sync = (...people: string[]) => people.map((who) => say(who, "sync"));

/** The library offers, somebody of the other house loads and, if the offer asks something, has a LocalRequest. */
export const offered = (who: string, name: string, content: JsonObject): StoryLine[] => [
  say("library", "templates.create", [{ content, expiresAt: onDay(300) }], { as: name }),
  say(who, "templates.load", [{ reference: from(`${name}.reference.truncated`) }]),
  say(who, "requests.incoming.find", [{ "source.reference": from(`${name}.id`) }], { as: `${name}-in` }),
];
/** The content of a template that asks something. */
export const askingOffer = (content: JsonObject): JsonObject => ({
  "@type": "RelationshipTemplateContent",
  title: "Library card",
  onNewRelationship: content,
  onExistingRelationship: asking(consent("We may write to you.")),
});

/** Somebody greets the library, which knows of it. */
export const greeted = (who: string): StoryLine[] => [
  ...offered(who, `${who}-offer`, freely),
  say(
    who,
    "relationships.create",
    [
      {
        templateId: from(`${who}-offer.id`),
        creationContent: { "@type": "ArbitraryRelationshipCreationContent", value: { from: who } },
      },
    ],
    { as: `${who}-rel` },
  ),
  ...sync("library"),
];
/** Somebody greets the library, which agrees. */
export const known = (who: string): StoryLine[] => [
  ...greeted(who),
  say("library", "relationships.accept", [from(`${who}-rel.id`)]),
  ...sync(who),
];
/** A step of a Relationship. */
export const step = (who: string, what: string, rel: string) => say(who, `relationships.${what}`, [from(`${rel}.id`)]);

/** The library sends a Request to the reader, who knows of it. */
export const asked = (name: string, content: JsonObject): StoryLine[] => [
  say("library", "requests.outgoing.create", [{ content, peer: from("reader.address") }], { as: name }),
  say("library", "messages.send", [{ recipients: [from("reader.address")], content: from(`${name}.content`) }]),
  ...sync("reader"),
];
/** The reader decides, and the library hears of it. */
export const answered = (name: string, decision: JsonObject): StoryLine[] => [
  say("reader", `requests.incoming.${decision === no ? "reject" : "accept"}`, [from(`${name}.id`), decision]),
  ...sync("library"),
];
/** Somebody writes to somebody. */
export const write = (who: string, to: string, more: JsonObject = {}, end: More = {}) =>
  say(
    who,
    "messages.send",
    [
      {
        recipients: [from(`${to}.address`)],
        content: { "@type": "Mail", to: [from(`${to}.address`)], subject: "Hello", body: `From ${who}.` },
        ...more,
      },
    ],
    end,
  );
