// The superset: everything that clients 2.x to 6.x read (spec/connector-api.md 5.2).
import { extended } from "./extended.ts";
import type { Profile, ProfileSettings } from "./profile.ts";

/** The default profile. */
export function unionProfile(_settings: ProfileSettings): Profile {
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
    template: (view) => extended(view, {}),
    token: (view) => extended(view, {}),
    file: (view) => extended(view, {}),
    relationship: (view, template) => extended(view, { template }),
    message: (view) => extended(view, {}),
    messageWithAttachments: (view, attachments) => extended(view, { attachments }),
    request: (view) => extended(view, {}),
    attribute: (view) => extended(view, {}),
  };
}
