// The first generation (spec/connector-api.md 1.14, seeds 000 to 002): changes instead of an audit log, a key on every object.
import type {
  FileView,
  LocalAttribute,
  MessageView,
  RelationshipView,
  RequestView,
  TemplateView,
  TokenView,
} from "rapport";
import type { Json, JsonObject } from "rapport/core";
import { contentInGen1 } from "./contents.ts";
import { extended, picked, without } from "./extended.ts";
import { gen2Profile } from "./gen2.ts";
import { olderAttribute } from "./older-attributes.ts";
import { changeIdOf, changesOf, templateGone } from "./older-relationships.ts";
import type { Profile, ProfileSettings, SharedCopy } from "./profile.ts";
import { secretKeyIn } from "./secret-key.ts";

/** The profile of clients 2.x to 4.x. */
export function gen1Profile({ legacyRealm }: ProfileSettings): Profile {
  const { rules, ...second } = gen2Profile;
  return {
    ...second,
    name: "gen1",
    rules: { ...rules, untypedContent: "wrapped", sync: "result" },
    template,
    token,
    file,
    relationship: (view, known) => relationship(view, known, legacyRealm),
    message,
    messageWithAttachments: (view, attachments) => extended(message(view), { attachments: attachments.map(file) }),
    request,
    attribute,
  };
}

function template(view: TemplateView): JsonObject {
  const second = without(gen2Profile.template(view), "forIdentity", "passwordProtection");
  return extended(second, { content: contentInGen1(view.content), secretKey: secretKeyIn(view.truncatedReference) });
}

function token(view: TokenView): JsonObject {
  const second = without(gen2Profile.token(view), "forIdentity", "passwordProtection");
  return extended(second, { secretKey: secretKeyIn(view.truncatedReference) });
}

function file(view: FileView): JsonObject {
  return extended(gen2Profile.file(view), { secretKey: secretKeyIn(view.truncatedReference) });
}

function relationship(view: RelationshipView, known: TemplateView | undefined, realm: string): JsonObject {
  return extended(picked(view, "id", "status", "peer"), {
    template: template(known ?? templateGone(view)),
    peerIdentity: { ...view.peerIdentity, realm },
    changes: changesOf(view),
  });
}

function message(view: MessageView): JsonObject {
  const recipients = view.recipients.map((recipient) => ({ relationshipId: "", ...recipient }));
  return extended(gen2Profile.message(view), { recipients, content: contentInGen1(view.content) });
}

function request(view: RequestView): JsonObject {
  const { response } = view;
  return extended(gen2Profile.request(view), {
    content: contentInGen1(view.content),
    response:
      response && extended(response, { content: contentInGen1(response.content), source: sourceOf(response.source) }),
  });
}

/** Where a Response went: what is a Relationship now was a change of it. */
function sourceOf(source: { readonly type: string; readonly reference: string } | undefined): Json | undefined {
  if (source?.type !== "Relationship") return source;
  return { type: "RelationshipChange", reference: changeIdOf(source.reference) };
}

function attribute(view: LocalAttribute, copy?: SharedCopy): JsonObject {
  const { shareInfo, ...rest } = without(olderAttribute(view, copy), "deletionInfo", "isDefault", "parentId");
  return extended(rest, { shareInfo: isObject(shareInfo) ? without(shareInfo, "thirdPartyAddress") : undefined });
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null;
}
