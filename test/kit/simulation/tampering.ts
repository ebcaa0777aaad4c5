// What somebody between a relay and an engine may do to what is sealed: change a letter, or take it away (C1).
import type { Json, JsonObject, OperationName } from "rapport/core";
import type { Draws } from "./draws.ts";
import type { OpenedAnswer } from "./wire-answer.ts";

/** Members that hold ciphertexts and signatures. */
const sealed: readonly string[] = [
  "content",
  "body",
  "encryptedKey",
  "creationContent",
  "creationResponseContent",
  "encryptedProperties",
  "ownerSignature",
];

/** Answers to these are read by engines with keys of their own. */
const readers: readonly OperationName[] = [
  "getMessage",
  "listMessages",
  "getRelationship",
  "listRelationships",
  "getTemplate",
  "getToken",
  "getFile",
  "getFileContent",
];

/** The answer with one change; undefined when nothing in it is sealed. */
export function tampered(operation: OperationName, answer: OpenedAnswer, draws: Draws): OpenedAnswer | undefined {
  if (answer.status >= 300 || !readers.includes(operation)) return undefined;
  if (operation === "getFileContent") return { ...answer, body: flipped(answer.body, draws) };
  const envelope = JSON.parse(Buffer.from(answer.body).toString()) as JsonObject;
  const places = placesIn(envelope["result"]);
  const place = draws.pick(places);
  if (place === undefined) return undefined;
  const { holder, name } = place;
  const text = String(holder[name]);
  if (draws.once(4)) delete holder[name];
  else holder[name] = changed(text, draws);
  return { ...answer, body: new Uint8Array(Buffer.from(JSON.stringify(envelope))) };
}

function flipped(bytes: Uint8Array, draws: Draws): Uint8Array {
  const copy = bytes.slice();
  const at = draws.below(copy.length);
  copy[at] = (copy[at] ?? 0) ^ (1 << draws.below(8));
  return copy;
}

function changed(text: string, draws: Draws): string {
  const at = draws.below(text.length);
  const letter = text[at] === "A" ? "B" : "A";
  return `${text.slice(0, at)}${letter}${text.slice(at + 1)}`;
}

interface Place {
  readonly holder: { [member: string]: Json };
  readonly name: string;
}

function placesIn(json: Json | undefined): Place[] {
  if (Array.isArray(json)) return json.flatMap(placesIn);
  if (typeof json !== "object" || json === null) return [];
  const holder = json as { [member: string]: Json };
  return Object.entries(holder).flatMap(([name, value]) =>
    typeof value === "string" ? (sealed.includes(name) && value !== "" ? [{ holder, name }] : []) : placesIn(value),
  );
}
