import type { Row } from "./row.ts";

/** Codes of publishers and of their settings (spec/connector-api.md 4.4). */
export const publisherCodes = {
  "publisher.failed": {
    http: 502,
    exit: 6,
    retry: true,
    advice: "the receiver did not take the event, or cannot be reached; the engine tries again by itself",
  },
  "publisher.invalid": {
    http: 500,
    exit: 2,
    retry: false,
    advice: "the settings of the publisher cannot be used; the message names the setting and what is expected",
  },
  "error.runtime.modules.webhooks.invalidTargetReference": {
    http: 500,
    exit: 2,
    retry: false,
    advice: "a webhook names a target that does not exist; add it to the targets or correct the name",
  },
  "error.runtime.modules.webhooks.invalidUrlFormat": {
    http: 500,
    exit: 2,
    retry: false,
    advice: "the url of a webhook target is none; give one that begins with http:// or https://",
  },
  "error.runtime.modules.webhooks.invalidAuthenticationConfig": {
    http: 500,
    exit: 2,
    retry: false,
    advice: "the authentication of a webhook target is not complete; the message names what is missing",
  },
} as const satisfies Record<string, Row>;
