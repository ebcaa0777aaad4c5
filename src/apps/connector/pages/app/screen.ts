// What every screen of the page has: a place, a way to others, and one way to act and to fail.
import { ApiProblem } from "./api.ts";
import type { Connector } from "./connector.ts";
import { make, problemPlace, showProblem } from "./element.ts";

/** What a screen is drawn with. */
export interface Ground {
  readonly connector: Connector;
  /** The own address. */
  readonly own: string;
  /** Goes to another screen, like "#/requests/REQ...". */
  readonly go: (hash: string) => void;
  /** Tells those who listen rather than look. */
  readonly tell: (news: string) => void;
  /** Ends when another screen is shown. */
  readonly signal: AbortSignal;
}

/** One screen: what it shows, under a heading of its own. */
export interface Screen {
  readonly title: string;
  readonly elements: readonly HTMLElement[];
}

/** What went wrong, for `showProblem`. */
export function problemOf(error: unknown): { message: string; code: string } {
  if (error instanceof ApiProblem) return { message: error.message, code: error.code };
  return {
    message: "Something went wrong on this page.",
    code: error instanceof Error ? error.message : String(error),
  };
}

/** A button that does one thing at a time, and a place beneath for what went wrong. */
export function actionButton(label: string, isPlain: boolean, act: () => Promise<void>) {
  const button = make("button", { type: "button", class: isPlain ? "plain" : undefined }, label);
  const problem = problemPlace();
  button.addEventListener("click", () => void whileBusy(button, problem, act));
  return { button, problem };
}

/** Acts, with the button resting and the message of the last time taken away. */
export async function whileBusy(
  button: HTMLButtonElement,
  problem: HTMLElement,
  act: () => Promise<void>,
): Promise<void> {
  if (button.getAttribute("aria-disabled") === "true") return;
  showProblem(problem, undefined);
  // Not `disabled`: that would take the focus away from whoever uses a keyboard.
  button.setAttribute("aria-disabled", "true");
  try {
    await act();
  } catch (error) {
    showProblem(problem, problemOf(error));
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

/** An instant as people here write it. */
export function whenInWords(instant: string): string {
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? instant : date.toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
}
