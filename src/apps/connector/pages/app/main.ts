// The page: reads where it is asked to go, and draws one screen at a time.
import { ApiProblem, createCall, hasKey, keepKey } from "./api.ts";
import { createConnector } from "./connector.ts";
import { make, problemPlace, showProblem } from "./element.ts";
import { keyScreen } from "./key-screen.ts";
import { relationshipScreen } from "./relationship-screen.ts";
import { shortAddress } from "./relationship-words.ts";
import { requestScreen } from "./request-screen.ts";
import { type Ground, problemOf, type Screen } from "./screen.ts";
import { startScreen } from "./start-screen.ts";

const connector = createConnector(createCall(location.pathname));
let offered = takeFragment();
let own = "";
let leaving = new AbortController();

addEventListener("hashchange", () => {
  if (!location.hash.startsWith("#/")) offered = takeFragment();
  void show();
});
void show();

/** What came with the link: a key and a reference. Both leave the address bar at once. */
function takeFragment(): string | undefined {
  const given = location.hash;
  if (given === "" || given.startsWith("#/")) return undefined;
  const fragment = new URLSearchParams(given.slice(1));
  const key = fragment.get("key");
  if (key !== null) keepKey(key);
  history.replaceState(null, "", `${location.pathname}${location.search}#/`);
  return fragment.get("reference") ?? undefined;
}

async function show(): Promise<void> {
  leaving.abort();
  const mine = new AbortController();
  leaving = mine;
  const main = placeOf("screen");
  main.setAttribute("aria-busy", "true");
  const ground = { connector, go, tell, signal: mine.signal };
  const screen = await screenFor(ground).catch(failed);
  if (mine.signal.aborted) return;
  draw(main, screen);
}

async function screenFor(ground: Omit<Ground, "own">): Promise<Screen> {
  own ||= await connector.address();
  placeOf("who").textContent = `You: ${shortAddress(own)}`;
  placeOf("who").title = own;
  const [, kind, id = ""] = location.hash.split("/");
  const whole = { ...ground, own };
  if (kind === "requests") return requestScreen(whole, id);
  if (kind === "relationships") return relationshipScreen(whole, id);
  const reference = offered;
  offered = undefined;
  return startScreen(whole, reference);
}

function failed(error: unknown): Screen {
  if (error instanceof ApiProblem && error.status === unauthorized) {
    return keyScreen({ again: hasKey(), done: () => void show() });
  }
  const place = problemPlace();
  showProblem(place, problemOf(error));
  const again = make("button", { type: "button" }, "Try again");
  again.addEventListener("click", () => void show());
  return { title: "That did not work", elements: [place, again] };
}

const unauthorized = 401;

function draw(main: HTMLElement, { title, elements }: Screen): void {
  const heading = make("h1", { tabindex: "-1" }, title);
  main.replaceChildren(heading, ...elements);
  main.removeAttribute("aria-busy");
  document.title = `${title} - Rapport`;
  scrollTo(0, 0);
  heading.focus({ preventScroll: true });
}

function go(hash: string): void {
  if (location.hash === hash) void show();
  else location.hash = hash;
}

function tell(news: string): void {
  placeOf("news").textContent = news;
}

function placeOf(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page has no #${id}.`);
  return element;
}
