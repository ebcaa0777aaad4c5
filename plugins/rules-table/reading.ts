// Reads a table as people wrote it, and says what is wrong with which entry and field (spec/domain.md 7.2).
import { type Code, fault, type Json, type JsonObject, type RapportError } from "rapport/core";
import {
  itemPrefix,
  type RelationshipEntry,
  type RequestEntry,
  type RuleTableConfig,
  type RuleTableOptions,
  type Settings,
  settingsOf,
} from "./config.ts";
import {
  entriesMax,
  entryNameCharactersMax,
  rejectionCodeCharactersMax,
  rejectionMessageCharactersMax,
} from "./limits.ts";
import { isDateText, isObject, ownOf, wantedProblem } from "./vocabulary.ts";

/** A table that was read: a copy of its own, without anything undefined. */
export interface ReadTable {
  readonly requests: readonly RequestEntry[];
  readonly relationships: readonly RelationshipEntry[];
  readonly settings: Settings;
  /** What it was read from, as data. */
  readonly config: JsonObject;
}

/** Checks a table and copies it. Faults: `rules.invalid`, `error.runtime.decide.requestConfigDoesNotMatchResponseConfig`. */
export function readTable(config: RuleTableConfig | unknown, options: RuleTableOptions = {}): ReadTable {
  const copy = copied(config);
  const settings = readSettings(options);
  const both = Array.isArray(copy) ? { requests: copy } : copy;
  if (!isObject(both))
    throw invalid("A rule table must be a list of entries, or an object with requests and relationships.");
  for (const member of Object.keys(both)) {
    if (member !== "requests" && member !== "relationships")
      throw invalid(`A rule table has requests and relationships, but no "${member}".`);
  }
  const requests = entriesOf(both["requests"], "requests");
  const relationships = entriesOf(both["relationships"], "relationships");
  for (const [index, entry] of requests.entries())
    checkRequestEntry(entry, placeOf(entry, index, "requests"), settings);
  for (const [index, entry] of relationships.entries())
    checkRelationshipEntry(entry, placeOf(entry, index, "relationships"), settings);
  return {
    requests: requests as unknown as readonly RequestEntry[],
    relationships: relationships as unknown as readonly RelationshipEntry[],
    settings,
    config: { requests, relationships },
  };
}

/** How people know an entry. */
export function nameOf(entry: { readonly name?: string }, index: number): string {
  return entry.name ?? `#${index + 1}`;
}

// What JSON does not carry is not data; what is undefined does not matter.
function copied(config: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(config) ?? "null");
  } catch (cause) {
    throw fault("rules.invalid", "A rule table must be plain data; see the cause.", { cause });
  }
}

const optionNames: readonly string[] = ["generation", "neverAutomatic", "redact"];

function readSettings(options: RuleTableOptions): Settings {
  if (!isObject(options)) throw invalid("The options of a rule table must be an object.");
  for (const member of Object.keys(options)) {
    if (!optionNames.includes(member))
      throw invalid(`A rule table has no option "${member}"; it has ${optionNames.join(", ")}.`);
  }
  const { generation, neverAutomatic, redact } = settingsOf(options);
  if (generation !== "N" && generation !== "O") throw invalid('The option generation must be "N" or "O".');
  for (const [name, list] of Object.entries({ neverAutomatic, redact })) {
    if (!Array.isArray(list) || list.some((one) => typeof one !== "string"))
      throw invalid(`The option ${name} must be a list of texts.`);
  }
  return { generation, neverAutomatic: [...neverAutomatic], redact: [...redact] };
}

function entriesOf(value: Json | undefined, part: string): readonly JsonObject[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw invalid(`The ${part} of a rule table must be a list of entries.`);
  if (value.length > entriesMax) throw invalid(`A rule table has at most ${entriesMax} ${part}.`);
  return value as readonly JsonObject[];
}

interface Place {
  readonly part: "requests" | "relationships";
  readonly index: number;
  readonly name: string | undefined;
}

function placeOf(entry: unknown, index: number, part: Place["part"]): Place {
  const name = isObject(entry) && typeof entry["name"] === "string" ? entry["name"] : undefined;
  return { part, index, name };
}

function wrong(
  { code = "rules.invalid", ...place }: Place & { readonly code?: Code },
  field: string,
  problem: string,
): RapportError {
  const { part, index, name } = place;
  const called = name === undefined ? "" : ` ("${name}")`;
  const details = { part, entry: index, ...(name === undefined ? {} : { name }), field };
  return fault(code, `Entry #${index + 1}${called} of the ${part}: ${field} ${problem}.`, { details });
}

function invalid(message: string): RapportError {
  return fault("rules.invalid", message);
}

function checkRequestEntry(entry: unknown, place: Place, settings: Settings): void {
  const { config, response } = checkShape(entry, place, "requestConfig");
  const isRelationship = false;
  for (const [path, wanted] of Object.entries(config)) {
    const problem = wantedProblem(wanted as Json, { path, generation: settings.generation, isRelationship });
    if (problem !== undefined) throw wrong(place, `requestConfig["${path}"]`, problem);
  }
  checkResponse(response, place, settings);
  const parameter = Object.keys(response).find((member) => member !== "accept");
  const isItemSpecific = Object.keys(config).some((path) => path.startsWith(itemPrefix));
  const mismatch = (problem: string) =>
    wrong(
      { ...place, code: "error.runtime.decide.requestConfigDoesNotMatchResponseConfig" },
      "responseConfig",
      problem,
    );
  if (response["accept"] === false) return;
  if (response["ignore"] === true) {
    if (isItemSpecific) throw mismatch("can ignore a whole Request only: leave out the conditions on items");
    return;
  }
  const type = config[`${itemPrefix}@type`];
  const needed = typeof type === "string" ? ownOf(parametersOf(settings), type) : undefined;
  if (parameter !== needed)
    throw mismatch(needed === undefined ? `must be {"accept": true} alone here` : `must have ${needed}`);
}

function parametersOf({ generation }: Settings): { readonly [type: string]: string } {
  return generation === "O" ? { ...parameters, FreeTextRequestItem: "freeText" } : parameters;
}

const parameters: { readonly [type: string]: string } = {
  DeleteAttributeRequestItem: "deletionDate",
  ProposeAttributeRequestItem: "attribute",
  ReadAttributeRequestItem: "newAttribute",
};

function checkShape(entry: unknown, place: Place, member: "requestConfig" | "relationshipConfig") {
  if (!isObject(entry)) throw wrong(place, "it", "must be an object");
  const { name, [member]: config, responseConfig: response, ...more } = entry;
  const [odd] = Object.keys(more);
  if (odd !== undefined) throw wrong(place, odd, `is unknown: an entry has name, ${member} and responseConfig`);
  if (name !== undefined && !isText(name, entryNameCharactersMax))
    throw wrong(place, "name", `must be a text of 1 to ${entryNameCharactersMax} characters`);
  if (!isObject(config)) throw wrong(place, member, "must be an object");
  if (!isObject(response)) throw wrong(place, "responseConfig", "must be an object");
  return { config, response };
}

function checkResponse(response: JsonObject, place: Place, { generation }: Settings): void {
  if (response["ignore"] === true && Object.keys(response).length === 1) return;
  const { accept, ...more } = response;
  if (typeof accept !== "boolean") throw wrong(place, "responseConfig.accept", "must be true or false");
  if (accept) {
    if (Object.keys(more).length > 1)
      throw wrong(place, "responseConfig", "must have one parameter beside accept at most");
  }
  for (const [member, value] of Object.entries(more)) {
    const known = ownOf(accept ? accepting : rejecting, member);
    if (known === undefined || (member === "freeText" && generation === "N"))
      throw wrong(place, `responseConfig.${member}`, "is unknown");
    if (!known.fits(value)) throw wrong(place, `responseConfig.${member}`, known.problem);
  }
}

type Parameter = { readonly fits: (value: Json | undefined) => boolean; readonly problem: string };

const accepting: { readonly [member: string]: Parameter } = {
  deletionDate: { fits: isDateText, problem: "must be an ISO 8601 date" },
  attribute: { fits: isObject, problem: "must be an attribute" },
  newAttribute: { fits: isObject, problem: "must be an attribute" },
  freeText: { fits: (value) => typeof value === "string", problem: "must be a text" },
};

const rejecting: { readonly [member: string]: Parameter } = {
  code: {
    fits: (value) => isText(value, rejectionCodeCharactersMax),
    problem: `must be a text of 1 to ${rejectionCodeCharactersMax} characters`,
  },
  message: {
    fits: (value) => isText(value, rejectionMessageCharactersMax),
    problem: `must be a text of 1 to ${rejectionMessageCharactersMax} characters`,
  },
};

function checkRelationshipEntry(entry: unknown, place: Place, { generation }: Settings): void {
  const { config, response } = checkShape(entry, place, "relationshipConfig");
  for (const [path, wanted] of Object.entries(config)) {
    const problem = wantedProblem(wanted as Json, { path, generation, isRelationship: true });
    if (problem !== undefined) throw wrong(place, `relationshipConfig["${path}"]`, problem);
  }
  const { accept, content, manual, ignore, ...more } = response;
  const [odd] = Object.keys(more);
  if (odd !== undefined) throw wrong(place, `responseConfig.${odd}`, "is unknown");
  const answers = [typeof accept === "boolean", manual === true, ignore === true].filter(Boolean);
  const given = [accept, manual, ignore].filter((one) => one !== undefined);
  if (answers.length !== 1 || given.length !== 1)
    throw wrong(
      place,
      "responseConfig",
      'must be one of {"accept": true}, {"accept": false}, {"manual": true}, {"ignore": true}',
    );
  if (content !== undefined && (accept === undefined || !isObject(content)))
    throw wrong(place, "responseConfig.content", "must be an object beside accept");
}

function isText(value: Json | undefined, charactersMax: number): boolean {
  return typeof value === "string" && value.length > 0 && value.length <= charactersMax;
}
