// The third generation, /api/core/v1 (spec/connector-api.md 1.14): objects much as the engine has them.

import { extended, without } from "./extended.ts";
import type { Profile } from "./profile.ts";

/** Members of a LocalRequest that no generation has: what the engine notes for itself and for /api/rapport/v1. */
export const notedOfRequests = ["statusLog", "ignored", "origin", "deliveryError"] as const;

/** The profile of clients 7.x. */
export const gen3Profile: Profile = Object.freeze({
  name: "gen3",
  rules: Object.freeze({
    untypedContent: "refused",
    loadsByKey: false,
    emptyFiles: "allowed",
    metadataNotFound: "error.runtime.identityMetadata.notFound",
    sync: "none",
    healthAlways200: false,
    pictures: "url",
  }),
  template: (view) => without(view, "truncatedReference", "secretKey"),
  token: (view) => without(view, "truncatedReference"),
  file: (view) => without(view, "truncatedReference"),
  relationship: (view) => without(view, "responseContent"),
  message: (view) => without(view),
  messageWithAttachments: (view, attachments) => extended(view, { attachments: attachments.map(gen3Profile.file) }),
  request: (view) => without(view, ...notedOfRequests),
  attribute: (view) => without(view),
} satisfies Profile);
