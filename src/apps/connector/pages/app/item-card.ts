// One item of a Request on the page: words, a box to accept it, what has to be filled in, and messages about it.
import { attributeInput } from "./attribute-input.ts";
import type { Connector, Verdict } from "./connector.ts";
import { freshId, make, problemPlace, showProblem } from "./element.ts";
import { formInputOf, hintOf, responseOf } from "./form-settings.ts";
import { formControl, labelled } from "./inputs.ts";
import { type Detail, type ItemInput, type ItemWords, isGroup, itemInWords } from "./item-words.ts";
import { type JsonObject, listIn, objectIn, textIn } from "./json.ts";
import { messageFor } from "./problems.ts";

/** One item or group. */
export interface Card {
  readonly element: HTMLElement;
  /** The decision; undefined when something is missing, which is then said at the item. */
  readonly decision: () => JsonObject | undefined;
  readonly rejection: () => JsonObject;
  /** Shows what CanAccept found. */
  readonly judge: (verdict: Verdict | undefined) => void;
}

/** Makes the card of an item or a group. */
export function createCard(item: JsonObject, connector: Connector): Card {
  return isGroup(item) ? groupCard(item, connector) : itemCard(item, connector);
}

function groupCard(group: JsonObject, connector: Connector): Card {
  const cards = listIn(group["items"]).map((item) => itemCard(objectIn(item), connector));
  const title = textIn(group["title"]) || "These belong together";
  const description = textIn(group["description"]);
  const element = make(
    "section",
    { class: "group" },
    make("h2", {}, title),
    description === "" ? undefined : make("p", {}, description),
    ...cards.map((card) => card.element),
  );
  return {
    element,
    decision: () => {
      const items = cards.map((card) => card.decision()).filter((decision) => decision !== undefined);
      return items.length === cards.length ? { items } : undefined;
    },
    rejection: () => ({ items: cards.map((card) => card.rejection()) }),
    judge: (verdict) => {
      for (const [at, card] of cards.entries()) card.judge(verdict?.items[at]);
    },
  };
}

const rejected: JsonObject = Object.freeze({ accept: false });

function itemCard(item: JsonObject, connector: Connector): Card {
  const words = itemInWords(item);
  const heading = make("h3", { id: freshId() }, words.title);
  const box = make("input", { type: "checkbox", disabled: words.input.kind === "unknown" });
  box.checked = words.isTicked && !box.disabled;
  const value = valueInput(item, words, connector);
  const problem = problemPlace();
  const inner = make("div", { class: "inner" }, value.element);
  const show = () => {
    inner.hidden = !box.checked || value.element === undefined;
  };
  box.addEventListener("change", () => {
    show();
    showProblem(problem, undefined);
  });
  show();
  const accept = make("label", { class: "choice accept" }, box, words.accepts);
  return {
    element: make(
      "article",
      { class: "card", "aria-labelledby": heading.id },
      ...shown(words, heading),
      accept,
      inner,
      problem,
    ),
    decision: () => {
      if (!box.checked) return rejected;
      const params = value.params();
      showProblem(problem, params === undefined ? { message: "Please fill this in.", code: "" } : undefined);
      return params;
    },
    rejection: () => rejected,
    judge: (verdict) => {
      const isFine = verdict === undefined || verdict.isSuccess;
      showProblem(problem, isFine ? undefined : { ...verdict, message: messageFor(verdict.code, verdict.message) });
    },
  };
}

function shown({ asks, description, details, isRequired }: ItemWords, heading: HTMLElement): HTMLElement[] {
  const badge = isRequired
    ? make("span", { class: "badge required" }, "required")
    : make("span", { class: "badge" }, "your choice");
  return [
    make("header", {}, heading, badge),
    ...(asks === "" ? [] : [make("p", {}, asks)]),
    ...(description === "" ? [] : [make("p", { class: "quiet" }, description)]),
    ...(details.length === 0 ? [] : [make("dl", {}, ...details.flatMap(lineOf))]),
  ];
}

function lineOf({ label, value, href }: Detail): HTMLElement[] {
  const text = href === undefined ? value : make("a", { href, target: "_blank", rel: "noopener noreferrer" }, value);
  return [make("dt", {}, label), make("dd", {}, text)];
}

interface ValueInput {
  readonly element: HTMLElement | undefined;
  readonly params: () => JsonObject | undefined;
}

const accepted: JsonObject = Object.freeze({ accept: true });

function valueInput(item: JsonObject, { input, title }: ItemWords, connector: Connector): ValueInput {
  switch (input.kind) {
    case "nothing":
    case "unknown":
      return { element: undefined, params: () => accepted };
    case "attribute":
      return attributeInput(item, input, connector);
    case "text":
      return typed(make("textarea", { rows: "3" }), "Your answer", (freeText) => ({ freeText }));
    case "date":
      return typed(dayInput(), "Delete on", (day) => ({ deletionDate: new Date(`${day}T23:59:59`).toISOString() }));
    case "form":
      return formValue(input, title);
  }
}

function typed(
  control: HTMLInputElement | HTMLTextAreaElement,
  label: string,
  more: (text: string) => JsonObject,
): ValueInput {
  return {
    element: labelled(label, control),
    params: () => (control.value.trim() === "" ? undefined : { accept: true, ...more(control.value.trim()) }),
  };
}

const daysToDelete = 7;

function dayInput(): HTMLInputElement {
  const day = (ahead: number) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, "2026-01-01".length);
  const control = make("input", { type: "date", min: day(0) });
  control.value = day(daysToDelete);
  return control;
}

function formValue({ settings }: Extract<ItemInput, { kind: "form" }>, title: string): ValueInput {
  const input = formInputOf(settings);
  if (input === undefined)
    return { element: make("p", {}, "This page does not know this field."), params: () => undefined };
  const { element, given } = formControl(input, title, hintOf(input, settings));
  return {
    element,
    params: () => {
      const response = responseOf(input, given());
      return response === undefined ? undefined : { accept: true, response };
    },
  };
}
