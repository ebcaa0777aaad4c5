// New OwnIdentityAttributes (spec/domain.md 6.7), and what people have seen of attributes.
import { accountTurn } from "../engine/change.ts";
import { type CommandTag, recordResult } from "../engine/commands.ts";
import type { Account } from "../engine/context.ts";
import { applyEffects } from "../engine/effects.ts";
import { gatherDocuments, type Known } from "../engine/knowledge.ts";
import { lookAtTags } from "../engine/tag-collection.ts";
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { attributeIn, attributeKey, ownWithValue, valueNeeds } from "../items/attribute-keys.ts";
import { attributeView, createLedger, type Ledger } from "../items/attribute-ledger.ts";
import { contentRefusal } from "../items/attribute-succession.ts";
import { newId } from "../model/ids.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { isArray, isObject } from "../model/shape.ts";
import { trimmedValue } from "../model/trimmed.ts";
import type { Reads } from "../turn/turn.ts";
import { viewsOf } from "./attribute-lists.ts";
import type { CanCreate, LocalAttribute, NewAttributeInput } from "./attributes.ts";
import { looking } from "./looking.ts";

/** Whether `create` would do it. */
export async function canCreate(account: Account, input: NewAttributeInput): Promise<CanCreate> {
  const content = await contentOf(account, input);
  if (!content.ok) return { isSuccess: false, code: content.refusal.code, message: content.refusal.message };
  const verdict = judge(await knownFor(account, looking(account), content.value), content.value);
  if (verdict.ok) return { isSuccess: true };
  return { isSuccess: false, code: verdict.refusal.code, message: verdict.refusal.message };
}

/** Creates the OwnIdentityAttribute. */
export async function create(
  account: Account,
  input: NewAttributeInput,
  tag: CommandTag,
): Promise<Outcome<LocalAttribute>> {
  const content = await contentOf(account, input);
  if (!content.ok) return content;
  const id = newId("ATT", account.entropy);
  return accountTurn(account, {
    gather: async (reads) => {
      const known = await knownFor(account, reads, content.value);
      return new Map(known).set(
        attributeKey(id),
        (await reads.get<JsonObject>(`${account.id}/${attributeKey(id)}`))?.document,
      );
    },
    plan(known, change) {
      const verdict = judge(known, content.value);
      if (!verdict.ok) return verdict;
      const ledger = ledgerOver(account, known);
      const record = ledger.create({ id, "@type": "OwnIdentityAttribute", content: content.value });
      applyEffects(change, ledger.effects());
      const view = { ...attributeView(record), numberOfForwards: 0 };
      recordResult(account, change, { tag, result: view as JsonObject });
      return allow(view);
    },
  });
}

/** Notes when somebody first saw it. */
export function markAsViewed(account: Account, id: string, tag: CommandTag): Promise<Outcome<LocalAttribute>> {
  return accountTurn(account, {
    async gather(reads) {
      const known = await gatherDocuments(account, reads, () => [attributeKey(id)]);
      const record = attributeIn(known, id);
      const [view] = record === undefined ? [] : await viewsOf(account, [record]);
      return { known, numberOfForwards: view?.numberOfForwards };
    },
    plan({ known, numberOfForwards }, change) {
      const before = attributeIn(known, id);
      if (before === undefined) return refuse("error.runtime.recordNotFound", `There is no attribute ${id}.`);
      const ledger = ledgerOver(account, known);
      const wasViewedAt = instantOf(account.clock.now());
      const record = before.wasViewedAt === undefined ? ledger.change(id, { wasViewedAt }) : before;
      const view = { ...attributeView(record), ...(numberOfForwards === undefined ? {} : { numberOfForwards }) };
      if (record !== before) ledger.event("consumption.attributeWasViewedAtChanged", view as JsonObject);
      applyEffects(change, ledger.effects());
      recordResult(account, change, { tag, result: view as JsonObject });
      return allow(view);
    },
  });
}

/** A ledger for a turn of this account. */
export function ledgerOver(account: Account, known: Known): Ledger {
  const now = instantOf(account.clock.now());
  return createLedger({ known, now, newId: (prefix) => newId(prefix, account.entropy) });
}

/** The relay's collection of tags, if one of these tags can only be judged with it. */
export function collectionFor(account: Account, { tags }: JsonObject): Promise<JsonObject | undefined> {
  return lookAtTags(account, isArray(tags) ? tags.filter((tag) => typeof tag === "string") : []);
}

const invalid = "error.runtime.validation.invalidPropertyValue";

// Without what could only be judged within the turn.
async function contentOf(account: Account, { content }: NewAttributeInput): Promise<Outcome<JsonObject>> {
  const { "@type": type = "IdentityAttribute", owner = account.self, value } = content;
  if (type !== "IdentityAttribute")
    return refuse(invalid, "content.@type must be IdentityAttribute. RelationshipAttributes are made by Requests.");
  if (owner !== account.self && owner !== "")
    return refuse(
      "error.consumption.attributes.wrongOwnerOfAttribute",
      "content.owner must be this account, or absent.",
    );
  const trimmed = isObject(value) ? trimmedValue(value) : value;
  const whole = {
    ...content,
    "@type": type,
    owner: account.self,
    ...(trimmed === undefined ? {} : { value: trimmed }),
  };
  const refusal = contentRefusal(whole, await collectionFor(account, whole), invalid);
  return refusal === undefined ? allow(whole) : { ok: false, refusal };
}

function knownFor(account: Account, reads: Reads, content: JsonObject): Promise<Known> {
  return gatherDocuments(account, reads, (known) => valueNeeds(known, content["value"] as JsonObject));
}

function judge(known: Known, content: JsonObject): Outcome<undefined> {
  const same = ownWithValue(known, content["value"] as JsonObject);
  if (same === undefined) return allow(undefined);
  const code = "error.runtime.attributes.cannotCreateDuplicateOwnIdentityAttribute";
  return refuse(code, `The attribute ${same.id} has this value already.`, { attribute: same.id });
}
