// What the generations before the third say of Relationships (spec/connector-api.md 5.3). Pure.
import { olderChange, type RelationshipView, type TemplateView } from "rapport";
import type { JsonObject } from "rapport/core";
import { contentInGen1 } from "./contents.ts";
import { extended } from "./extended.ts";

/** The one change of the first generation. */
export function changesOf(view: RelationshipView): JsonObject[] {
  const { request, response, ...change } = olderChange(view);
  const part = (half: typeof request) =>
    extended({ createdByDevice: "" }, { ...half, content: contentOf(half.content) });
  return [extended(change, { request: part(request), response: response && part(response) })];
}

// Free content is whatever the peer has sent, so nothing else is looked into.
function contentOf(content: unknown): unknown {
  const isOurs = isObject(content) && content["@type"] === "RelationshipCreationChangeRequestContent";
  return isOurs ? contentInGen1(content) : content;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The id of that change. */
export function changeIdOf(relationshipId: string): string {
  return `RCH${relationshipId.slice(3)}`;
}

/**
 * What is still known of a template that was deleted. The generations before the third embed the template and their
 * clients read its id, so something must stand there.
 */
export function templateGone({ templateId, peer, auditLog }: RelationshipView): TemplateView {
  const [creation] = auditLog;
  const isOwn = creation?.createdBy === peer;
  return {
    id: templateId,
    isOwn,
    createdBy: isOwn ? "" : peer,
    createdByDevice: "",
    createdAt: creation?.createdAt ?? "",
    content: { "@type": "ArbitraryRelationshipTemplateContent", value: null },
    reference: { truncated: "", url: "" },
    truncatedReference: "",
    secretKey: "",
  };
}
