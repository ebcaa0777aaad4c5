// Elements of the page. Texts are always texts: nothing that a peer wrote becomes markup.

type Child = Node | string | undefined;
type Attributes = { readonly [name: string]: string | boolean | undefined };

/** Makes an element; `true` is an attribute without a value, `false` and `undefined` are none. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

let made = 0;

/** An id that no other element has. */
export function freshId(): string {
  made += 1;
  return `e${made}`;
}

/** Shows a message with its code in small letters, or takes it away. */
export function showProblem(place: HTMLElement, problem: { message: string; code: string } | undefined): void {
  place.replaceChildren(...(problem === undefined ? [] : [problem.message, make("small", {}, problem.code)]));
  place.hidden = problem === undefined;
}

/** A place for messages that screen readers read out when one arrives. */
export function problemPlace(): HTMLElement {
  return make("p", { class: "problem", role: "alert", hidden: true });
}
