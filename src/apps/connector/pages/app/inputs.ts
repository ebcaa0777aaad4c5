// Fields of the page, each with its label and the way to read it.
import { freshId, make } from "./element.ts";
import type { FormInput } from "./form-settings.ts";
import type { Json } from "./json.ts";
import type { Field } from "./value-types.ts";

/** One field. `value` is undefined while nothing was given. */
export interface FieldInput {
  readonly element: HTMLElement;
  readonly value: () => Json | undefined;
}

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** A label above its control, with a hint below. */
export function labelled(label: string, control: HTMLElement, hint = ""): HTMLElement {
  const id = freshId();
  control.id = id;
  const below = hint === "" ? undefined : make("small", { id: `${id}-hint` }, hint);
  if (below !== undefined) control.setAttribute("aria-describedby", below.id);
  return make("div", { class: "field" }, make("label", { for: id }, label), control, below);
}

/** The field of a value type. */
export function fieldInput(field: Field, given = ""): FieldInput {
  const control = controlOf(field);
  if (given !== "") control.value = given;
  const label = field.isOptional === true ? `${field.label} (not required)` : field.label;
  return { element: labelled(label, control), value: () => valueIn(field, control.value.trim()) };
}

function controlOf({ input, choices, autocomplete }: Field): Control {
  if (choices !== undefined) return select(choices);
  if (input === "yes-no") return select(yesNo);
  if (input === "lines" || input === "json") return make("textarea", { rows: "4" });
  const isNumber = input === "number" || input === "integer";
  return make("input", {
    type: isNumber ? "number" : input,
    step: isNumber ? (input === "integer" ? "1" : "any") : undefined,
    autocomplete: autocomplete ?? "off",
  });
}

function valueIn({ input }: Field, text: string): Json | undefined {
  if (text === "") return undefined;
  if (input === "yes-no") return text === "yes";
  if (input === "number" || input === "integer") return Number(text);
  return input === "json" ? jsonIn(text) : text;
}

function jsonIn(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const yesNo = [
  { value: "yes", label: "Yes" },
  { value: "no", label: "No" },
];

function select(choices: readonly { readonly value: string; readonly label: string }[]): HTMLSelectElement {
  const empty = make("option", { value: "" }, "Choose ...");
  return make("select", {}, empty, ...choices.map(({ value, label }) => make("option", { value }, label)));
}

/** The control of a form field; `given` are the texts in it. */
export function formControl(
  input: FormInput,
  label: string,
  hint: string,
): { element: HTMLElement; given: () => string[] } {
  if (input.kind === "choices") return choices(input, label, hint);
  const control = plainControl(input);
  return { element: labelled(label, control, hint), given: () => [control.value] };
}

function plainControl(input: Exclude<FormInput, { kind: "choices" }>): Control {
  if (input.kind === "yes-no") return select(yesNo);
  if (input.kind === "date") return make("input", { type: "date" });
  if (input.kind === "text" && input.lines) return make("textarea", { rows: "4", maxlength: bound(input.max) });
  if (input.kind === "text") return make("input", { type: "text", maxlength: bound(input.max) });
  const step = input.whole ? "1" : "any";
  return make("input", { type: "number", step, min: bound(input.min), max: bound(input.max) });
}

function bound(limit: number | undefined): string | undefined {
  return limit === undefined ? undefined : String(limit);
}

function choices({ options, several }: Extract<FormInput, { kind: "choices" }>, label: string, hint: string) {
  const name = freshId();
  const boxes = options.map((value) => make("input", { type: several ? "checkbox" : "radio", name, value }));
  const lines = boxes.map((box) => make("label", { class: "choice" }, box, box.value));
  const below = hint === "" ? undefined : make("small", {}, hint);
  return {
    element: make("fieldset", { class: "field" }, make("legend", {}, label), below, ...lines),
    given: () => boxes.filter(({ checked }) => checked).map(({ value }) => value),
  };
}
