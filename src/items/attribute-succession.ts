// Which attribute may take the place of which (spec/domain.md 6.7). Pure.
import { allow, type Outcome, type Refusal, refuse } from "../errors/refusal.ts";
import { attributeVersionsMax } from "../limits.ts";
import { attributeProblem, valueTypeOf } from "../model/attribute.ts";
import type { AttributeRecord } from "../model/attribute-records.ts";
import { tagsProblem } from "../model/attribute-tags.ts";
import { forbiddenCharacters } from "../model/characters.ts";
import { isId } from "../model/ids.ts";
import type { JsonObject } from "../model/json.ts";
import { isSameJson } from "../model/same-json.ts";
import { attributeIn, attributeKey, indexesNeeds, type Known } from "./attribute-keys.ts";

/** A successor that somebody wants; `tags` is the relay's collection, without which tags of it are not judged. */
export interface Succession {
  readonly predecessorId: string;
  readonly successor: { readonly id: string; readonly content: JsonObject };
  readonly tags?: JsonObject;
}

const prefix = "error.consumption.attributes";

/** The documents that a succession reads and writes. */
export function successionNeeds(known: Known, { predecessorId, successor }: Succession): string[] {
  const predecessor = attributeIn(known, predecessorId);
  const isContent = attributeProblem(successor.content) === undefined;
  const after = predecessor === undefined || !isContent ? [] : [{ ...predecessor, content: successor.content }];
  return [
    ...[predecessorId, successor.id].filter((id) => isId(id, "ATT")).map(attributeKey),
    ...indexesNeeds(predecessor === undefined ? [] : [predecessor, ...after]),
  ];
}

/** The predecessor, or why it cannot be succeeded like this; whether the caller may is not asked here. */
export function judgeSuccession(known: Known, wanted: Succession): Outcome<AttributeRecord> {
  const { predecessorId, successor } = wanted;
  const refusal = contentRefusal(successor.content, wanted.tags, `${prefix}.successorIsNotAValidAttribute`);
  if (refusal !== undefined) return { ok: false, refusal };
  if (!isId(successor.id, "ATT"))
    return refuse(`${prefix}.successorIsNotAValidAttribute`, "The id of the successor is not one of an attribute.");
  if (attributeIn(known, successor.id) !== undefined)
    return refuse(`${prefix}.successorMustNotYetExist`, `An attribute ${successor.id} exists.`);
  const predecessor = attributeIn(known, predecessorId);
  if (predecessor === undefined)
    return refuse(`${prefix}.predecessorDoesNotExist`, `There is no attribute ${predecessorId}.`);
  if (predecessor.succeededBy !== undefined)
    return refuse(
      `${prefix}.cannotSucceedAttributesWithASuccessor`,
      `${predecessorId} was succeeded by ${predecessor.succeededBy}. Succeed its latest version.`,
    );
  const long = lengthRefusal(predecessor);
  if (long !== undefined) return { ok: false, refusal: long };
  const changed = changeRefusal(predecessor.content, successor.content);
  if (changed !== undefined) return { ok: false, refusal: changed };
  const status = predecessor.deletionInfo?.deletionStatus;
  if (status === "DeletedByRecipient" || status === "DeletedByEmitter")
    return refuse(`${prefix}.cannotSucceedSharedAttributesDeletedByPeer`, `The peer has deleted ${predecessorId}.`);
  return allow(predecessor);
}

/** Why a line cannot go on: it has had as many versions as anybody can walk through. */
export function lengthRefusal({ id, version }: AttributeRecord): Refusal | undefined {
  if (version + 1 < attributeVersionsMax) return undefined;
  const message = `${id} is version ${attributeVersionsMax} of its line. Delete it and create a new attribute.`;
  return { code: "input.tooLarge", message };
}

/** What is wrong with the content of an attribute: its shape under the code given, its characters, its tags. */
export function contentRefusal(
  content: JsonObject,
  tags: JsonObject | undefined,
  malformed: Refusal["code"],
): Refusal | undefined {
  const problem = attributeProblem(content, "content");
  if (problem !== undefined) return { code: malformed, message: `${problem}.` };
  const place = forbiddenCharacters(content);
  if (place !== undefined)
    return {
      code: `${prefix}.forbiddenCharactersInAttribute`,
      message: `${place} has characters that are not allowed.`,
    };
  const given = (content["tags"] ?? []) as readonly string[];
  const judged = tags === undefined ? given.filter((tag) => !tag.startsWith("bkb:")) : given;
  const about = { valueType: valueTypeOf(content), ...(tags === undefined ? {} : { collection: tags }) };
  const invalid = content["@type"] === "IdentityAttribute" ? tagsProblem(judged, about) : undefined;
  return invalid === undefined ? undefined : { code: `${prefix}.invalidTags`, message: `content.${invalid}.` };
}

function changeRefusal(before: JsonObject, after: JsonObject): Refusal | undefined {
  if (isSameJson(before, after))
    return { code: `${prefix}.successionMustChangeContent`, message: "The successor has the very same content." };
  const kept = [
    ["Owner", before["owner"], after["owner"]],
    ["ContentType", before["@type"], after["@type"]],
    ["ValueType", valueTypeOf(before), valueTypeOf(after)],
    ["Key", before["key"], after["key"]],
  ] as const;
  for (const [what, one, other] of kept)
    if (one !== other)
      return {
        code: `${prefix}.successionMustNotChange${what}`,
        message: `The successor must keep ${String(one)}, not ${String(other)}.`,
      };
  return undefined;
}
