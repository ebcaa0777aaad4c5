// Relationships with what the generations before the third show besides: the template, and copies of attributes.
import type { LocalAttribute, RelationshipView, TemplateView } from "rapport";
import { hasCode, type JsonObject } from "rapport/core";
import type { Ask } from "../handler.ts";

type Shown = Pick<Ask, "account" | "profile">;

/** The Relationship with its template, as far as that is wanted and still there. */
export async function relationshipShown(shown: Shown, view: RelationshipView): Promise<JsonObject> {
  const { account, profile } = shown;
  return profile.relationship(
    view,
    profile.name === "gen3" ? undefined : await knownTemplate(account, view.templateId),
  );
}

/** The template, unless it was deleted. */
export async function knownTemplate(account: Ask["account"], id: string): Promise<TemplateView | undefined> {
  try {
    return await account.templates.get(id);
  } catch (problem) {
    if (hasCode(problem, "error.runtime.recordNotFound")) return undefined;
    throw problem;
  }
}

/** The newest versions of what is shared with the peer; before the third generation, what was given is a copy. */
export async function attributesShown(shown: Shown, peer: string): Promise<JsonObject[]> {
  const { account, profile } = shown;
  const given = await account.attributes.ownSharedWith(peer);
  const received = await account.attributes.receivedFrom(peer);
  const own: JsonObject[] = [];
  for (const view of given) own.push(...(await givenShown(shown, view, peer)));
  return [...own, ...received.map((view) => profile.attribute(view))];
}

async function givenShown({ account, profile }: Shown, view: LocalAttribute, peer: string): Promise<JsonObject[]> {
  if (profile.name === "gen3" || view.peer === peer) return [profile.attribute(view)];
  const copies = await account.attributes.forwardingDetails(view.id, { peer });
  return copies.map((copy) => profile.attribute(view, copy));
}
