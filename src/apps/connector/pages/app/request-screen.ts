// Deciding on a Request: every item, then the whole.
import { isOpen } from "./connector.ts";
import { make, problemPlace, showProblem } from "./element.ts";
import { type Card, createCard } from "./item-card.ts";
import { type JsonObject, listIn, objectIn, textIn } from "./json.ts";
import { messageFor } from "./problems.ts";
import { shortAddress } from "./relationship-words.ts";
import { type Ground, type Screen, whenInWords, whileBusy } from "./screen.ts";

/** Draws the Request with this id. */
export async function requestScreen(ground: Ground, id: string): Promise<Screen> {
  const request = await ground.connector.request(id);
  const content = objectIn(request["content"]);
  const offer = await offerOf(ground, request);
  const title = textIn(content["title"]) || textIn(offer["title"]) || "A request";
  const elements = [head(request, { content, offer, title })];
  if (!isOpen(request)) return { title, elements: [...elements, await decided(ground, request)] };
  const cards = listIn(content["items"]).map((item) => createCard(objectIn(item), ground.connector));
  return { title, elements: [...elements, ...cards.map(({ element }) => element), buttons(ground, request, cards)] };
}

/** What the template says of itself; nothing when the Request came otherwise or the template is gone. */
async function offerOf({ connector }: Ground, request: JsonObject): Promise<JsonObject> {
  const source = objectIn(request["source"]);
  if (source["type"] !== "RelationshipTemplate") return {};
  const template = await connector.template(textIn(source["reference"])).catch(() => ({}) as JsonObject);
  return objectIn(template["content"]);
}

interface Head {
  readonly content: JsonObject;
  readonly offer: JsonObject;
  readonly title: string;
}

function head(request: JsonObject, { content, offer, title }: Head): HTMLElement {
  const peer = textIn(request["peer"]);
  const description = textIn(content["description"]);
  const until = textIn(content["expiresAt"]);
  const offerTitle = textIn(offer["title"]);
  return make(
    "div",
    { class: "head" },
    offerTitle === "" || offerTitle === title ? undefined : make("p", { class: "quiet" }, offerTitle),
    description === "" ? undefined : make("p", {}, description),
    make(
      "p",
      { class: "quiet" },
      "From ",
      make("span", { title: peer }, shortAddress(peer)),
      until === "" ? "" : `, open until ${whenInWords(until)}`,
    ),
  );
}

function buttons(ground: Ground, request: JsonObject, cards: readonly Card[]): HTMLElement {
  const id = textIn(request["id"]);
  const accept = make("button", { type: "button" }, "Accept");
  const decline = make("button", { type: "button", class: "plain" }, "Decline everything");
  const problem = problemPlace();
  const act = (button: HTMLButtonElement, work: () => Promise<void>) =>
    button.addEventListener("click", () => void whileBusy(button, problem, work));
  act(accept, async () => {
    for (const card of cards) card.judge(undefined);
    const items = cards.map((card) => card.decision()).filter((decision) => decision !== undefined);
    if (items.length < cards.length) return showProblem(problem, { message: "Something is missing above.", code: "" });
    const verdict = await ground.connector.canAccept(id, items);
    for (const [at, card] of cards.entries()) card.judge(verdict.items[at]);
    if (!verdict.isSuccess) {
      document.querySelector(".card > .problem:not([hidden])")?.scrollIntoView({ block: "center" });
      return showProblem(problem, { message: messageFor(verdict.code, verdict.message), code: verdict.code });
    }
    await ground.connector.accept(id, items);
    ground.tell("Accepted.");
    await afterwards(ground, request);
  });
  act(decline, async () => {
    await ground.connector.reject(
      id,
      cards.map((card) => card.rejection()),
    );
    ground.tell("Declined.");
    await afterwards(ground, request);
  });
  return make("div", { class: "bar" }, problem, make("div", { class: "buttons" }, accept, decline));
}

/** On to the Relationship that the answer has begun; without one the Request tells how it ended. */
async function afterwards(ground: Ground, request: JsonObject): Promise<void> {
  const id = textIn(request["id"]);
  const isAccepted = resultOf(await ground.connector.request(id)) === "Accepted";
  const relationship = isAccepted ? await relationshipOf(ground, request) : undefined;
  ground.go(relationship !== undefined ? `#/relationships/${textIn(relationship["id"])}` : `#/requests/${id}`);
}

async function relationshipOf({ connector }: Ground, request: JsonObject): Promise<JsonObject | undefined> {
  const source = objectIn(request["source"]);
  const own = await connector.relationshipsOf(textIn(source["reference"]));
  return own.at(-1) ?? (await connector.relationships()).findLast(({ peer }) => peer === request["peer"]);
}

async function decided(ground: Ground, request: JsonObject): Promise<HTMLElement> {
  const result = resultOf(request);
  const relationship = result === "Accepted" ? await relationshipOf(ground, request) : undefined;
  const said =
    result === "Accepted"
      ? "You have accepted this."
      : result === "Rejected"
        ? "You have declined this. Nothing was shared."
        : "This can no longer be decided.";
  return make(
    "section",
    { class: "card" },
    make("p", { class: "status" }, said),
    relationship === undefined
      ? undefined
      : make("p", {}, make("a", { href: `#/relationships/${textIn(relationship["id"])}` }, "See the relationship")),
    make("p", {}, make("a", { href: "#/" }, "Back to the start")),
  );
}

function resultOf(request: JsonObject): string {
  return textIn(objectIn(objectIn(request["response"])["content"])["result"]);
}
