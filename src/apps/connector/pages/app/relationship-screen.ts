// One Relationship: its status, followed while it is looked at, and what may be done.
import { make } from "./element.ts";
import { type JsonObject, objectIn, textIn } from "./json.ts";
import { historyOf, relationshipInWords, shortAddress } from "./relationship-words.ts";
import { actionButton, type Ground, type Screen, whenInWords } from "./screen.ts";

/** Draws the Relationship with this id and follows it. */
export async function relationshipScreen(ground: Ground, id: string): Promise<Screen> {
  const first = await ground.connector.relationship(id);
  const place = make("div", {});
  const following = make("p", { class: "quiet" });
  const show = (relationship: JsonObject) => place.replaceChildren(...drawn(ground, relationship, follow));
  const follow = () => void keepLooking(ground, { id, following, show });
  show(first);
  follow();
  const title = textIn(objectIn(objectIn(first["template"])["content"])["title"]);
  return { title: title || `With ${shortAddress(textIn(first["peer"]))}`, elements: [place, following] };
}

function drawn(ground: Ground, relationship: JsonObject, changed: () => void): HTMLElement[] {
  const { status, meaning, changes } = relationshipInWords(relationship, ground.own);
  const peer = textIn(relationship["peer"]);
  const buttons = changes.map(({ what, label, isPlain }) =>
    actionButton(label, isPlain === true, async () => {
      await ground.connector.change(textIn(relationship["id"]), what);
      changed();
    }),
  );
  const history = historyOf(relationship, ground.own);
  return [
    make(
      "section",
      { class: "card" },
      make("p", { class: "status", "data-status": status }, status),
      make("p", {}, meaning),
      make("p", { class: "quiet" }, "With ", make("span", { class: "address" }, peer)),
      buttons.length === 0 ? undefined : make("div", { class: "buttons" }, ...buttons.map(({ button }) => button)),
      ...buttons.map(({ problem }) => problem),
    ),
    make(
      "section",
      {},
      make("h2", {}, "What happened"),
      make(
        "ol",
        { class: "history" },
        ...history.map(({ when, what }) => make("li", {}, what, make("small", {}, whenInWords(when)))),
      ),
    ),
  ];
}

interface Followed {
  readonly id: string;
  readonly following: HTMLElement;
  readonly show: (relationship: JsonObject) => void;
}

const everyMs = 3_000;
const slowestMs = 30_000;

/** Looks again until nothing can change any more, less and less often; a hidden page looks when it is seen again. */
async function keepLooking(ground: Ground, { id, following, show }: Followed): Promise<void> {
  const { connector, own, signal, tell } = ground;
  let seen = "";
  for (let waitMs = everyMs; !signal.aborted; waitMs = Math.min(waitMs * 1.2, slowestMs)) {
    const now = await connector
      .sync()
      .then(() => connector.relationship(id))
      .catch(() => undefined);
    if (signal.aborted) return;
    if (now !== undefined && JSON.stringify(now) !== seen) {
      const { status, meaning, isSettled } = relationshipInWords(now, own);
      if (seen !== "") tell(`${status}. ${meaning}`);
      seen = JSON.stringify(now);
      show(now);
      waitMs = everyMs;
      if (isSettled) return following.replaceChildren();
    }
    following.textContent =
      now === undefined
        ? "The Connector does not answer. This page goes on asking."
        : `This page asks the Connector every ${Math.round(waitMs / 1000)} seconds whether something has changed.`;
    await pause(waitMs, signal);
  }
}

/** Waits, and ends early when the page is seen again or left. */
function pause(waitMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const listening = new AbortController();
    const end = () => {
      if (document.hidden && !signal.aborted) return;
      clearTimeout(timer);
      listening.abort();
      resolve();
    };
    const timer = setTimeout(end, waitMs);
    document.addEventListener("visibilitychange", end, { signal: listening.signal });
    signal.addEventListener("abort", end, { signal: listening.signal });
  });
}
