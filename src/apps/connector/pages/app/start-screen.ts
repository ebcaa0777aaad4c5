// The first screen: opening an offer, what waits for a decision, and the Relationships there are.
import { ApiProblem } from "./api.ts";
import { isOpen } from "./connector.ts";
import { make, problemPlace } from "./element.ts";
import { labelled } from "./inputs.ts";
import { type JsonObject, objectIn, textIn } from "./json.ts";
import { openOffer } from "./offer.ts";
import { textInPicture } from "./qr.ts";
import { looksLikeReference, referenceIn } from "./reference.ts";
import { relationshipInWords, shortAddress } from "./relationship-words.ts";
import { type Ground, type Screen, whenInWords, whileBusy } from "./screen.ts";

/** Draws it. A reference that came with the address of the page is opened at once. */
export async function startScreen(ground: Ground, reference: string | undefined): Promise<Screen> {
  const { connector } = ground;
  // What others did meanwhile is shown, too; without the relay, what is known already.
  await connector.sync().catch(() => undefined);
  const [requests, relationships] = await Promise.all([connector.requests(), connector.relationships()]);
  return {
    title: "Your relationships",
    elements: [
      offerForm(ground, reference),
      list(
        "Waiting for your decision",
        requests.filter(isOpen).toReversed().map(requestLine),
        "Nothing waits for you.",
      ),
      list(
        "With whom",
        relationships.toReversed().map((one) => relationshipLine(one, ground.own)),
        "Nobody yet.",
      ),
    ],
  };
}

const missing = { code: "no reference", status: 0 };

function offerForm(ground: Ground, reference = ""): HTMLElement {
  const text = make("textarea", { rows: "3", autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
  const password = make("input", { type: "password", autocomplete: "off" });
  const secret = labelled("Password of the offer", password);
  secret.hidden = true;
  const button = make("button", { type: "submit" }, "Open");
  const problem = problemPlace();
  const picture = make("input", { type: "file", accept: "image/*" });
  const open = () =>
    whileBusy(button, problem, async () => {
      const wanted = referenceIn(text.value);
      if (!looksLikeReference(wanted)) throw new ApiProblem(noReference, missing);
      try {
        await openOffer(ground, wanted, password.value || undefined);
      } catch (error) {
        if (error instanceof ApiProblem && error.code === "error.transport.noPasswordProvided") secret.hidden = false;
        throw error;
      }
    });
  const look = () =>
    whileBusy(button, problem, async () => {
      const [file] = picture.files ?? [];
      if (file === undefined) return;
      const found = await textInPicture(file).catch(() => undefined);
      if (found === undefined)
        throw new ApiProblem("No QR code was found in this picture.", { code: "no code", status: 0 });
      text.value = found;
    });
  const form = make(
    "form",
    { class: "card" },
    make("h2", {}, "Open an offer"),
    labelled("Reference or link", text, "Paste what the other side gave you."),
    secret,
    button,
    labelled("Or a picture of a QR code", picture, "It is read here and goes nowhere."),
    problem,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void open();
  });
  picture.addEventListener("change", () => void look().then(() => (problem.hidden ? open() : undefined)));
  if (reference !== "") {
    text.value = reference;
    void open();
  }
  return form;
}

const noReference = "This is no reference to an offer. Copy the whole text or link, or choose the picture again.";

function list(title: string, lines: readonly HTMLElement[], none: string): HTMLElement {
  const body = lines.length === 0 ? make("p", { class: "quiet" }, none) : make("ul", { class: "lines" }, ...lines);
  return make("section", {}, make("h2", {}, title), body);
}

function requestLine(request: JsonObject): HTMLElement {
  const title = textIn(objectIn(request["content"])["title"]) || "A request";
  return line(`#/requests/${textIn(request["id"])}`, title, {
    from: textIn(request["peer"]),
    more: whenInWords(textIn(request["createdAt"])),
  });
}

function relationshipLine(relationship: JsonObject, own: string): HTMLElement {
  const { short, status } = relationshipInWords(relationship, own);
  const template = objectIn(objectIn(relationship["template"])["content"]);
  const title = textIn(template["title"]) || "A relationship";
  const chip = make("span", { class: "badge", "data-status": status }, short);
  return line(`#/relationships/${textIn(relationship["id"])}`, title, {
    from: textIn(relationship["peer"]),
    more: chip,
  });
}

function line(href: string, title: string, { from, more }: { from: string; more: string | Node }): HTMLElement {
  const small = make("small", {}, shortAddress(from), " · ", more);
  return make("li", {}, make("a", { href }, make("strong", {}, title), small));
}
