// Choosing the attribute that answers a query: an own one that fits, the proposed one, or a new value.
import { acceptedWith, answerFor, fieldsFor } from "./answers.ts";
import type { Connector } from "./connector.ts";
import { freshId, make } from "./element.ts";
import { fieldInput } from "./inputs.ts";
import { subjectOf } from "./item-words.ts";
import { type JsonObject, objectIn, textIn } from "./json.ts";
import { valueInWords } from "./value-types.ts";

/** What is chosen, as parameters of the decision; undefined while nothing is. */
export interface AttributeInput {
  readonly element: HTMLElement;
  readonly params: () => JsonObject | undefined;
}

interface Choice {
  readonly box: HTMLInputElement;
  readonly params: () => JsonObject | undefined;
}

interface Asked {
  readonly query: JsonObject;
  readonly proposed?: JsonObject;
}

/** Makes the choice of one item; own entries are looked up at once. */
export function attributeInput(item: JsonObject, { query, proposed }: Asked, connector: Connector): AttributeInput {
  const name = freshId();
  const choices: Choice[] = [];
  const list = make("div", { class: "choices" });
  const add = (label: string, params: Choice["params"], more?: HTMLElement) => {
    const box = make("input", { type: "radio", name });
    choices.push({ box, params });
    list.append(make("label", { class: "choice" }, box, label), ...(more === undefined ? [] : [more]));
    return box;
  };
  if (proposed !== undefined) {
    const words = valueInWords(objectIn(proposed["value"]));
    add(`As proposed: ${words}`, () => acceptedWith(item, { attribute: proposed })).checked = true;
  }
  const offerNew = () => {
    const fresh = newValue(query);
    if (fresh === undefined) return;
    const box = add(
      choices.length === 0 ? "A value of your own" : "Another value",
      () => {
        const filled = fresh.filled();
        return filled === undefined ? undefined : acceptedWith(item, { attribute: answerFor(query, filled) });
      },
      fresh.element,
    );
    fresh.element.addEventListener("input", () => {
      box.checked = true;
    });
  };
  const looked = offerOwn(connector, query, (id, words) => {
    add(words, () => acceptedWith(item, { id }));
  });
  void looked.then(() => {
    offerNew();
    if (choices.length === 0) list.append(make("p", {}, "You have no entry that fits."));
    const [first] = choices;
    if (first !== undefined && !choices.some(({ box }) => box.checked)) first.box.checked = true;
  });
  const legend = make("legend", {}, `What you give for ${subjectOf(query)}`);
  return {
    element: make("fieldset", { class: "field" }, legend, list),
    params: () => choices.find(({ box }) => box.checked)?.params(),
  };
}

/** Nobody is kept from answering because the lookup failed: then only new values are offered. */
async function offerOwn(connector: Connector, query: JsonObject, offer: (id: string, words: string) => void) {
  const own = await connector.matches(query).catch(() => []);
  for (const attribute of own) {
    offer(textIn(attribute["id"]), valueInWords(objectIn(objectIn(attribute["content"])["value"])));
  }
}

function newValue(query: JsonObject) {
  const fields = fieldsFor(query);
  if (fields.length === 0) return undefined;
  const inputs = fields.map((field) => ({ field, ...fieldInput(field) }));
  return {
    element: make("div", { class: "inner" }, ...inputs.map(({ element }) => element)),
    filled: (): JsonObject | undefined => {
      const given = inputs.map(({ field, value }) => ({ field, value: value() }));
      if (given.some(({ field, value }) => value === undefined && field.isOptional !== true)) return undefined;
      return Object.fromEntries(
        given.flatMap(({ field, value }) => (value === undefined ? [] : [[field.member, value]])),
      );
    },
  };
}
