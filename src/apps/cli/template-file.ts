// The template of the story: the built-in one, or the user's own from a file, rehearsed before anything is opened.
import { readFile } from "node:fs/promises";
import { createRapport, RapportError } from "rapport";
import { systemClock } from "rapport/plugins/platform-node";
import { decideOn } from "./answers.ts";
import { isObject, type JsonObject } from "./json.ts";
import { libraryCard } from "./library-card.ts";

/** What the library offers. */
export interface Offer {
  readonly content: JsonObject;
  readonly expiresAt: string;
  readonly maxNumberOfAllocations: number;
  /** True for RelationshipTemplateContent: it holds a Request; arbitrary content does not. */
  readonly hasRequest: boolean;
}

const offerLifeMs = 30 * 24 * 60 * 60 * 1000;

/** The offer in the file, or the built-in one. Throws `input.invalid` or the engine's code, naming file and field. */
export async function readOffer(file: string | undefined): Promise<Offer> {
  if (file === undefined) return offerOf({ content: libraryCard });
  try {
    const offer = offerOf(payloadOf(parse(await textOf(file))));
    await rehearse(offer);
    return offer;
  } catch (problem) {
    if (!(problem instanceof RapportError)) throw problem;
    const { code, message, details, cause } = problem;
    throw new RapportError(code, `${file}: ${message}`, { details, cause });
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace(/, \w+ '.*'$/, "") : String(cause);
    throw new RapportError("input.invalid", `The file cannot be read (${reason}).`, { cause });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RapportError("input.invalid", `This is not JSON (${reason}).`, { cause });
  }
}

const payloadMembers = ["content", "expiresAt", "maxNumberOfAllocations"];

// Contents have an @type; without one, an object is taken for what `templates.create` takes.
function payloadOf(json: unknown): JsonObject {
  if (!isObject(json) || "@type" in json || !("content" in json)) {
    if (isObject(json)) return { content: json };
    throw new RapportError("input.invalid", "The template must be a JSON object.");
  }
  const unknown = Object.keys(json).find((member) => !payloadMembers.includes(member));
  if (unknown === undefined) return json;
  const message = `${unknown} is not used by the story. Leave it out; it takes ${payloadMembers.join(", ")}.`;
  throw new RapportError("input.invalid", message);
}

function offerOf({ content, expiresAt, maxNumberOfAllocations = 1 }: JsonObject): Offer {
  if (!isObject(content)) throw new RapportError("input.invalid", "content must be an object.");
  if (expiresAt !== undefined && typeof expiresAt !== "string")
    throw new RapportError("input.invalid", "expiresAt must be a text: a date in ISO 8601.");
  if (typeof maxNumberOfAllocations !== "number")
    throw new RapportError("input.invalid", "maxNumberOfAllocations must be a whole number of at least 1.");
  return {
    content,
    expiresAt: expiresAt ?? new Date(systemClock().now() + offerLifeMs).toISOString(),
    maxNumberOfAllocations,
    hasRequest: content["@type"] === "RelationshipTemplateContent",
  };
}

// The engine itself says what is wrong, in memory, so that a bad file changes nothing.
async function rehearse(offer: Offer): Promise<void> {
  const quiet = { background: false, client: { id: "rapport-story", secret: "rehearsal" } };
  await using rapport = await createRapport(quiet);
  const asker = await rapport.accounts.create({ name: "asker" });
  const asked = await rapport.accounts.create({ name: "asked" });
  const { hasRequest, ...template } = offer;
  const created = await asker.templates.create(template);
  const loaded = await asked.templates.load({ reference: created.reference.url });
  if (!hasRequest) return;
  const [request] = await asked.requests.incoming.find({ "source.reference": loaded.id });
  if (request !== undefined) await decideOn(asked, request);
}
