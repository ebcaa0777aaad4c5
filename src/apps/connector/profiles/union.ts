// The superset: everything that clients 2.x to 6.x read (spec/connector-api.md 5.2).
import type { FileView, LocalAttribute, RelationshipView, TemplateView, TokenView } from "rapport";
import type { JsonObject } from "rapport/core";
import { extended } from "./extended.ts";
import { olderAttribute } from "./older-attributes.ts";
import { changesOf, templateGone } from "./older-relationships.ts";
import type { Profile, ProfileSettings, SharedCopy } from "./profile.ts";
import { secretKeyIn } from "./secret-key.ts";

/** The default profile. */
export function unionProfile({ legacyRealm }: ProfileSettings): Profile {
  return {
    name: "union",
    rules: {
      untypedContent: "wrapped",
      loadsByKey: true,
      emptyFiles: "allowed",
      metadataNotFound: "error.runtime.recordNotFound",
      sync: "either",
      healthAlways200: false,
      pictures: "link",
    },
    verbatim: { request: true, message: true },
    template: keyed,
    token: keyed,
    file,
    relationship: (view, template) => relationship(view, template, legacyRealm),
    message: (view) => extended(view, {}),
    messageWithAttachments: (view, attachments) => extended(view, { attachments: attachments.map(file) }),
    request: (view) => extended(view, {}),
    attribute,
  };
}

function keyed(view: TemplateView | TokenView | FileView): JsonObject {
  return extended(view, { secretKey: secretKeyIn(view.truncatedReference) });
}

function file(view: FileView): JsonObject {
  return extended({ createdByDevice: "", title: "" }, keyed(view));
}

function relationship(view: RelationshipView, known: TemplateView | undefined, realm: string): JsonObject {
  return extended(view, {
    template: keyed(known ?? templateGone(view)),
    peerIdentity: { ...view.peerIdentity, realm },
    changes: changesOf(view),
  });
}

// What the third generation knows besides goes with it, in the words of the second where both have the same member.
function attribute(view: LocalAttribute, copy?: SharedCopy): JsonObject {
  return copy === undefined ? extended(view, olderAttribute(view, copy)) : olderAttribute(view, copy);
}
