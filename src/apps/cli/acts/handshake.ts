// The main scene: an offer, a look at it, a yes, and a yes in return. Then a question by message.
import type { RequestView, TemplateView } from "rapport";
import { answerText, askedFor, declining, firstProblem } from "../answers.ts";
import { objectsOf } from "../json.ts";
import { excerpt } from "../layout.ts";
import { reminderQuestion, welcome } from "../library-card.ts";
import { number } from "../narrator.ts";
import type { Stage } from "../stage.ts";
import { publish, type Received, receivedFrom, sayYes } from "./approach.ts";

const shownMax = 150;
const bytesShown = 24;
const itemsShownMax = 12;

/** The library and Mara come to an agreement. Gives the id of their Relationship. */
export async function agree(stage: Stage): Promise<string> {
  stage.narrator.act("An offer is made and accepted");
  const published = await publish(stage, stage.offer.maxNumberOfAllocations);
  tellPublished(stage, published);
  const template = await stage.mara.account.templates.load({ reference: published.reference.url });
  const received = await receivedFrom(stage, stage.mara, template);
  tellLoaded(stage, template, received);
  if (received === undefined) await checkFreely(stage, template);
  else await checkDecision(stage, received);
  const { id } = await sayYes(stage, stage.mara, { template, received });
  tellPending(stage, id, received);
  await welcomeMara(stage, id);
  return id;
}

function tellPublished({ tell, witness, offer }: Stage, { id, content, reference }: TemplateView): void {
  const plaintext = JSON.stringify(content);
  const sealed = witness.latest() ?? new Uint8Array();
  tell({
    who: "City Library",
    title: "The library publishes a RelationshipTemplate",
    explains: offer.hasRequest
      ? "It holds a Request: everything the library wants to know or have agreed before it deals with anybody."
      : "Its content is free: no Request that the engine could check, just what the library wants to say.",
    subject: id,
    after: "published",
    shows: [
      ["plaintext", excerpt(plaintext, shownMax)],
      ["at the relay", `${hex(sealed.subarray(0, bytesShown))} ... (${number(sealed.length)} bytes, encrypted)`],
      ["link", `${reference.url.split("#")[0]}#...`],
    ],
    relaySees: `It sees who published it, when it expires and how many may load it (${offer.maxNumberOfAllocations}). The key is in the link behind the #, which never reaches it.`,
  });
}

function tellLoaded({ tell }: Stage, { id }: TemplateView, received: Received | undefined): void {
  tell({
    who: "Mara",
    title: "Mara opens the link",
    explains:
      received === undefined
        ? "Her engine fetches the template, decrypts it and checks the library's signature. It holds no Request, so Mara answers in her own words."
        : "Her engine fetches the template, decrypts it, checks the library's signature, and makes a LocalRequest of it. Nothing is answered yet; this is what it asks:",
    ...(received === undefined
      ? { subject: id, after: "loaded" }
      : { subject: received.request.id, after: received.request.status }),
    shows: received === undefined ? [] : itemRows(received),
    relaySees: "It sees that Mara's identity took one of the places.",
  });
}

function itemRows({ answered }: Received): readonly (readonly [string, string])[] {
  const rows = answered.items.slice(0, itemsShownMax).map(({ number: at, asks, mandatory }) => {
    return [`item ${at}`, `${mandatory ? "mandatory " : "optional  "}${excerpt(asks, shownMax)}`] as const;
  });
  const more = answered.items.length - rows.length;
  return more > 0 ? [...rows, ["", `and ${more} more`]] : rows;
}

async function checkFreely({ tell, mara }: Stage, { id }: TemplateView): Promise<void> {
  const possible = await mara.account.relationships.canCreate({ templateId: id });
  tell({
    who: "Mara",
    title: "Mara asks whether she may answer",
    explains: "The engine checks what it knows and asks the relay for the rest. Asking changes nothing.",
    shows: [["answer", possible.isSuccess ? "yes" : possible.message]],
    relaySees: "It sees the question whether these two may have a Relationship.",
  });
}

async function checkDecision({ tell, mara }: Stage, { request, answered }: Received): Promise<void> {
  const { incoming } = mara.account.requests;
  const mandatory = answered.items.find((one) => one.mandatory);
  const refused =
    mandatory === undefined
      ? undefined
      : await incoming.canAccept(request.id, declining(request, answered, mandatory.number));
  const checked = await incoming.canAccept(request.id, answered.decision);
  tell({
    who: "Mara",
    title: "Mara has her answers checked before she sends them",
    explains: "Every answer is checked against its item. Checking changes nothing and sends nothing.",
    subject: request.id,
    before: request.status,
    after: request.status,
    shows: [
      ...(mandatory === undefined || refused?.isSuccess !== false
        ? []
        : [[`without ${mandatory.number}`, `not possible: ${firstProblem(refused)}`] as const]),
      ["with all", checked.isSuccess ? "possible" : checked.message],
    ],
    relaySees: "",
  });
}

function tellPending({ tell }: Stage, id: string, received: Received | undefined): void {
  const answers = received?.answered.items.slice(0, itemsShownMax) ?? [];
  tell({
    who: "Mara",
    title: received === undefined ? "Mara answers, and asks for a Relationship" : "Mara accepts",
    explains:
      "Her answer is encrypted for the library alone and waits at the relay as a pending Relationship. She can still withdraw it.",
    subject: id,
    after: "Pending",
    shows: answers.map((one) => [`item ${one.number}`, excerpt(answerText(one), shownMax)] as const),
    relaySees: "It sees that Mara asks the library for a Relationship, and which template she uses.",
  });
}

async function welcomeMara(stage: Stage, id: string): Promise<void> {
  const { library, mara, tell } = stage;
  await library.account.sync();
  const { status } = await library.account.relationships.get(id);
  stage.confide(welcome);
  const accepted = await library.account.relationships.accept(id, { content: welcome });
  tell({
    who: "City Library",
    title: "The library reads her answer and accepts",
    explains: "Only the library can open it. With its yes it sends content of its own, for Mara alone.",
    subject: id,
    before: status,
    after: accepted.status,
    shows: [["sends", JSON.stringify(welcome)]],
    relaySees: "It checks that the Relationship is Pending and that the one who accepts is the one who was asked.",
  });
  const before = await mara.account.relationships.get(id);
  await mara.account.sync();
  const after = await mara.account.relationships.get(id);
  tell({
    who: "Mara",
    title: "Mara hears of it",
    explains: "Now both hold the same Relationship with the same audit log, and keys that only they know.",
    subject: id,
    before: before.status,
    after: after.status,
    shows: [["receives", JSON.stringify(after.responseContent ?? null)]],
    relaySees: "It sees that Mara fetched the news.",
  });
}

/** The library asks something by message, and Mara answers. */
export async function askAgain(stage: Stage, id: string): Promise<void> {
  const { library, mara, tell } = stage;
  const peer = mara.account.address;
  stage.narrator.act("A question by message");
  stage.confide(reminderQuestion);
  const draft = await library.account.requests.outgoing.create({ content: reminderQuestion, peer });
  const message = await library.account.messages.send({ recipients: [peer], content: draft.content });
  const sent = await library.account.requests.outgoing.get(draft.id);
  tell({
    who: "City Library",
    title: "The library sends a Request by message",
    explains: `Their Relationship (${id}) is Active, so either side may ask the other at any time, without a new template.`,
    subject: draft.id,
    before: draft.status,
    after: sent.status,
    shows: objectsOf(draft.content, "items").map((item, index) => {
      return [`item ${index + 1}`, `optional  ${askedFor(item)}`] as const;
    }),
    relaySees: `It sees a message from the library to Mara (${message.id}), and its size.`,
  });
  await answerMessage(stage, draft);
}

async function answerMessage(stage: Stage, { id }: RequestView): Promise<void> {
  const { library, mara, tell } = stage;
  await mara.account.sync();
  const request = await mara.account.requests.incoming.get(id);
  const items = [{ accept: true }, { accept: false, message: "Any number of days is fine." }] as const;
  stage.confide(items);
  const done = await mara.account.requests.incoming.accept(id, { items });
  await library.account.sync();
  const { response, status } = await library.account.requests.outgoing.get(id);
  tell({
    who: "Mara",
    title: "Mara accepts one item and declines the other",
    explains:
      "Optional items may be declined one by one. The Response goes back as a message, and the library's copy is completed with it.",
    subject: id,
    before: request.status,
    after: done.status,
    shows: [
      ["item 1", "accepted"],
      ["item 2", `declined: "${items[1].message}"`],
      ["library", `${status}, result ${JSON.stringify(response?.content["result"] ?? null)}`],
    ],
    relaySees: "It sees a message back and its size, but not whether it says yes or no.",
  });
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
