// The second generation (spec/connector-api.md 1.14): exactly what the closed schema of client 6.7 allows.
import type { FileView, MessageView, RelationshipView, RequestView, TemplateView, TokenView } from "rapport";
import type { JsonObject } from "rapport/core";
import { contentInGen2 } from "./contents.ts";
import { extended, picked } from "./extended.ts";
import { olderAttribute } from "./older-attributes.ts";
import { templateGone } from "./older-relationships.ts";
import type { Profile } from "./profile.ts";

/** The profile of clients 5.x and 6.x. */
export const gen2Profile: Profile = Object.freeze({
  name: "gen2",
  rules: Object.freeze({
    untypedContent: "refused",
    loadsByKey: true,
    emptyFiles: "refused",
    metadataNotFound: "error.runtime.recordNotFound",
    sync: "none",
    healthAlways200: true,
    pictures: "link",
  }),
  template,
  token,
  file,
  relationship,
  message,
  messageWithAttachments: (view, attachments) => extended(message(view), { attachments: attachments.map(file) }),
  request,
  attribute: olderAttribute,
} satisfies Profile);

const created = ["id", "createdBy", "createdByDevice", "createdAt"] as const;

function template(view: TemplateView): JsonObject {
  const members = ["isOwn", "expiresAt", "maxNumberOfAllocations", "forIdentity", "truncatedReference"] as const;
  const passwordProtection = protectionOf(view);
  return extended(picked(view, ...created, ...members), { content: contentInGen2(view.content), passwordProtection });
}

function token(view: TokenView): JsonObject {
  const members = ["content", "expiresAt", "forIdentity", "isEphemeral", "truncatedReference"] as const;
  return extended(picked(view, ...created, ...members), { passwordProtection: protectionOf(view) });
}

function protectionOf({ passwordProtection }: TemplateView | TokenView): JsonObject | undefined {
  return passwordProtection && picked(passwordProtection, "password", "passwordIsPin");
}

function file(view: FileView): JsonObject {
  const members = [
    "isOwn",
    "expiresAt",
    "filename",
    "filesize",
    "mimetype",
    "description",
    "truncatedReference",
  ] as const;
  return extended({ createdByDevice: "", title: "" }, picked(view, ...created, ...members, "title"));
}

function relationship(view: RelationshipView, known: TemplateView | undefined): JsonObject {
  const members = ["id", "status", "peer", "peerIdentity", "peerDeletionInfo", "auditLog"] as const;
  return extended(picked(view, ...members), {
    template: template(known ?? templateGone(view)),
    creationContent: contentInGen2(view.creationContent),
  });
}

function message(view: MessageView): JsonObject {
  const members = ["isOwn", "recipients", "attachments"] as const;
  return extended(picked(view, ...created, ...members), { content: contentInGen2(view.content) });
}

function request(view: RequestView): JsonObject {
  const { response } = view;
  return extended(picked(view, "id", "isOwn", "peer", "createdAt", "status", "source"), {
    content: contentInGen2(view.content),
    response: response && extended(response, { content: contentInGen2(response.content) }),
  });
}
