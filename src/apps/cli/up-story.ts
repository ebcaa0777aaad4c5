// The story of the seeds, with real calls over HTTP: from a template to an active Relationship, and one open question.

import type { House } from "./up-house.ts";
import { type Ask, askingOf } from "./up-http.ts";
import { decisions, libraryCard, readingRoom } from "./up-offers.ts";

/** What it came to. */
export interface Story {
  /** False when an earlier start has played it. */
  readonly isNew: boolean;
  /** The newest Relationship of the two; absent when somebody has erased it. */
  readonly relationship: { readonly id: string; readonly status: string } | undefined;
}

type Write = (line: string) => void;
type Told = (
  method: string,
  path: string,
  more?: { body?: object; says?: (result: Answered) => string },
) => Promise<Answered>;
// biome-ignore lint/suspicious/noExplicitAny: a script reads JSON as it comes.
type Answered = any;

/** Plays it when it is wanted and the two have never met; in any case looks how they stand. */
export async function storyOf({ residents }: House, write: Write, isWanted: boolean): Promise<Story> {
  const [ask, answer] = [askingOf(residents.library), askingOf(residents.mara)];
  const { result: known } = await answer("GET", "/Relationships");
  if (known.length > 0 || !isWanted) return { isNew: false, relationship: known.at(-1) };
  write("The story, over HTTP: the library asks, Mara answers.");
  const relationship = await play(telling("library", ask, write), telling("mara", answer, write));
  return { isNew: true, relationship };
}

async function play(library: Told, mara: Told): Promise<Story["relationship"]> {
  const template = await library("POST", "/RelationshipTemplates/Own", { body: libraryCard() });
  const token = await library("POST", `/RelationshipTemplates/Own/${template.id}/Token`, { body: {} });
  await mara("POST", "/RelationshipTemplates/Peer", {
    body: { reference: token.truncatedReference },
    says: () => "by the token",
  });
  const bySource = `/Requests/Incoming?source.reference=${template.id}`;
  const [request] = await mara("GET", bySource, { says: ([one]) => `${one.id} ${one.status}` });
  const path = `/Requests/Incoming/${request.id}`;
  const body = { items: decisions };
  await mara("PUT", `${path}/CanAccept`, { body, says: ({ isSuccess }) => `isSuccess ${isSuccess}` });
  await mara("PUT", `${path}/Accept`, { body });
  await mara("GET", `/Relationships?template.id=${template.id}`, { says: ([one]) => `${one.id} ${one.status}` });
  // The news of the relay may have brought it already, so it is not looked for in what this sync brings.
  await library("POST", "/Account/Sync", { says: () => "" });
  const pending = `/Relationships?template.id=${template.id}`;
  const [{ id, changes }] = await library("GET", pending, { says: ([one]) => `${one.id} ${one.status}` });
  const accept = `/Relationships/${id}/Changes/${changes[0].id}/Accept`;
  await library("PUT", accept, { body: { content: { card: 4711 } } });
  await mara("POST", "/Account/Sync", { says: () => "" });
  const relationship = await mara("GET", `/Relationships/${id}`);
  const later = await library("POST", "/RelationshipTemplates/Own", { body: readingRoom() });
  await mara("POST", "/RelationshipTemplates/Peer", {
    body: { reference: later.truncatedReference },
    says: () => "a question that waits for you",
  });
  return relationship;
}

const idShown = /([A-Z]{3})[A-Za-z0-9]{14}([A-Za-z0-9]{3})/g;
const pathWidth = 54;

/** Makes calls and writes a line for each. */
function telling(name: string, ask: Ask, write: Write): Told {
  return async (method, path, { body, says = ({ id, status = "" }: Answered) => `${id} ${status}` } = {}) => {
    const { status, result } = await ask(method, path, body);
    const shown = `/api/v2${path}`.replaceAll(idShown, "$1..$2");
    const said = says(result).replaceAll(idShown, "$1..$2");
    write(`  ${name.padEnd(8)}${method.padEnd(5)}${shown.padEnd(pathWidth)} ${status} ${said}`.trimEnd());
    return result;
  };
}
