// The story that golden data is recorded from: every kind of record, every status, and everything interrupted at the end.
import type { JsonObject } from "rapport/core";
import type { Story, StoryLine } from "./story-lines.ts";
import {
  answered,
  asked,
  asking,
  askingOffer,
  attributeFor,
  consent,
  day,
  freely,
  from,
  greeted,
  known,
  no,
  offered,
  onDay,
  say,
  step,
  string,
  sync,
  write,
  yes,
} from "./story-words.ts";

const people = ["reader", "visitor", "guest", "newcomer", "former", "leaver"];

const arriving: StoryLine[] = [
  ...["library", ...people].map((who) => say(who, "accounts.create")),
  {
    operator: "announcements.create",
    with: [{ severity: "Low", texts: { en: { title: "Hello", body: "The relay greets you." } } }],
  },
  { operator: "notificationCodes.set", with: [["NewMail"]] },
  { operator: "tags.set", with: [{ supportedLanguages: ["en"], tagsForAttributeValueTypes: {} }] },
  say("library", "identityMetadata.upsert", [{ reference: from("library.address"), value: { colour: "green" } }]),
  say(
    "library",
    "attributes.create",
    [{ content: { value: { "@type": "DisplayName", value: "City library" }, tags: ["x:house"] } }],
    { as: "display" },
  ),
  say("reader", "attributes.create", [{ content: { value: { "@type": "GivenName", value: "Mara" } } }], {
    as: "mara",
  }),
  say(
    "library",
    "files.upload",
    [
      {
        content: { $text: "The rules of the house: be quiet." },
        filename: "rules.txt",
        mimetype: "text/plain",
        title: "Rules",
        expiresAt: onDay(200),
      },
    ],
    { as: "rules" },
  ),
  say("library", "tokens.create", [{ content: { any: "thing" }, expiresAt: onDay(100), ephemeral: false }], {
    as: "token",
  }),
  say("library", "tokens.createForFile", [{ fileId: from("rules.id"), ephemeral: false }], { as: "file-token" }),
  say("reader", "files.load", [{ reference: from("file-token.reference.truncated") }]),
];

const meeting: StoryLine[] = [
  ...offered("reader", "first", askingOffer(asking(consent("First try.")))),
  say("reader", "requests.incoming.accept", [from("first-in.0.id"), yes]),
  ...sync("library"),
  say("library", "relationships.find", [{ status: "Pending" }], { as: "first-rel" }),
  step("library", "reject", "first-rel.0"),
  ...sync("reader"),
  ...offered("reader", "second", askingOffer(asking(consent("Second try.")))),
  say("reader", "requests.incoming.accept", [from("second-in.0.id"), yes]),
  say("reader", "relationships.find", [{ status: "Pending" }], { as: "second-rel" }),
  step("reader", "revoke", "second-rel.0"),
  ...sync("library"),
  say(
    "library",
    "templates.create",
    [
      {
        content: askingOffer(
          asking({
            "@type": "ReadAttributeRequestItem",
            mustBeAccepted: true,
            query: { "@type": "IdentityAttributeQuery", valueType: "GivenName" },
          }),
        ),
        expiresAt: onDay(300),
        maxNumberOfAllocations: 3,
        forIdentity: from("reader.address"),
        passwordProtection: { password: "open sesame" },
      },
    ],
    { as: "third" },
  ),
  say("reader", "templates.load", [{ reference: from("third.reference.truncated"), password: "open sesame" }]),
  say("reader", "requests.incoming.find", [{ "source.reference": from("third.id") }], { as: "third-in" }),
  say("reader", "requests.incoming.accept", [
    from("third-in.0.id"),
    { items: [{ accept: true, existingAttributeId: from("mara.id") }] },
  ]),
  ...sync("library"),
  say("library", "relationships.find", [{ status: "Pending" }], { as: "reader-rel" }),
  step("library", "accept", "reader-rel.0"),
  ...sync("reader"),
  ...known("visitor"),
  step("visitor", "terminate", "visitor-rel"),
  ...sync("library"),
  step("library", "requestReactivation", "visitor-rel"),
  ...sync("visitor"),
  ...known("guest"),
  step("guest", "terminate", "guest-rel"),
  step("guest", "decompose", "guest-rel"),
  ...sync("library"),
  ...known("former"),
  step("library", "terminate", "former-rel"),
  ...sync("former"),
  ...known("leaver"),
  say("leaver", "deletion.start", [{ lengthOfGracePeriodInDays: 60 }]),
  ...sync("library"),
  ...greeted("newcomer"),
];

const trading: StoryLine[] = [
  write("library", "reader", { attachments: [from("rules.id")] }, { as: "mail" }),
  ...sync("reader"),
  say("reader", "messages.markAsRead", [from("mail.id")]),
  write("reader", "library"),
  ...sync("library"),
  ...asked("card", asking(attributeFor("card", "4711"))),
  ...answered("card", yes),
  ...asked(
    "named",
    asking({
      "@type": "ShareAttributeRequestItem",
      mustBeAccepted: true,
      attributeId: from("display.id"),
      attribute: from("display.content"),
    }),
  ),
  ...answered("named", yes),
  say("library", "attributes.find", [{ "content.key": "card" }], { as: "cards" }),
  say("library", "attributes.succeed", [
    { predecessorId: from("cards.0.id"), successorContent: { value: string("4712") } },
  ]),
  say(
    "library",
    "attributes.succeed",
    [
      {
        predecessorId: from("display.id"),
        successorContent: { value: { "@type": "DisplayName", value: "Town library" }, tags: ["x:house"] },
      },
    ],
    { as: "renamed" },
  ),
  say("library", "attributes.notifyPeer", [
    { attributeId: from("renamed.successor.id"), peer: from("reader.address") },
  ]),
  ...sync("reader"),
  ...asked("refused", asking(consent("May we call you at night?"))),
  ...answered("refused", no),
  ...asked("automatic", { ...asking(attributeFor("points", "7")), title: "Points" }),
  ...sync("library"),
  ...asked("short", { ...asking(consent("Quickly!")), expiresAt: onDay(2) }),
  { passMs: 3 * day },
  ...["library", "reader"].map((who) => say(who, "tick")),
  ...asked("open", { ...asking(consent("Take your time.")), expiresAt: onDay(40) }),
  ...asked("unanswered", { ...asking(attributeFor("advert", "Buy now!")), title: "Advert" }),
  ...asked("unanswered-soon", {
    ...asking(attributeFor("offer", "Buy today!")),
    title: "Advert",
    expiresAt: onDay(25),
  }),
  ...asked("undelivered", asking(consent("May we remind you?"))),
  ...asked("undelivered-deaf", asking(consent("May we remind you twice?"))),
  say("library", "requests.outgoing.create", [
    { content: { ...asking(consent("Not sent.")), expiresAt: onDay(50) }, peer: from("reader.address") },
  ]),
  say("reader", "templates.load", [{ reference: from("first.reference.truncated") }]),
  say("reader", "attributes.create", [
    { content: { value: { "@type": "Surname", value: "Aal" } } },
    { commandId: "surname" },
  ]),
];

const lost = { refused: "relay.unreachable" };
const interrupted: StoryLine[] = [
  { house: "home", line: "deaf" },
  say("reader", "requests.incoming.accept", [from("undelivered-deaf.id"), yes], lost),
  { house: "home", line: "cut" },
  say("reader", "requests.incoming.accept", [from("undelivered.id"), yes], lost),
  write("reader", "library", {}, lost),
  { house: "shop", line: "deaf" },
  write("library", "reader", {}, lost),
  say("library", "templates.create", [{ content: freely, expiresAt: onDay(90) }], lost),
  { house: "shop", line: "cut" },
  say("library", "relationships.terminate", [from("reader-rel.0.id")], lost),
  say(
    "library",
    "files.upload",
    [{ content: { $text: "Opening hours." }, filename: "hours.txt", mimetype: "text/plain" }],
    lost,
  ),
  say("library", "attributes.create", [{ content: { value: { "@type": "Nationality", value: "DE" } } }]),
];

/** The rules of the house where the readers live. */
const rules: JsonObject = {
  requests: [
    { name: "adverts", requestConfig: { "content.title": "Advert" }, responseConfig: { ignore: true } },
    {
      name: "points",
      requestConfig: { "content.item.@type": "CreateAttributeRequestItem", "content.title": "Points" },
      responseConfig: { accept: true },
    },
  ],
};

/** The story. */
export const story: Story = {
  seed: 1,
  startsAt: onDay(0),
  houses: [
    {
      name: "shop",
      people: ["library"],
      bell: { refuses: [], keeps: ["consumption.attributeCreated"] },
    },
    { name: "home", people, rules, bell: { refuses: ["consumption.attributeSucceeded"], keeps: [] } },
  ],
  lines: [...arriving, ...meeting, ...trading, ...interrupted],
};
