// Modules and their settings (spec/connector-api.md 4.3, 4.4).
import { z } from "zod";
import { profileNames } from "../profiles/profile.ts";
import { brokerShape, webhookTargetShape } from "./outlets-shape.ts";
import { flag, text, texts, whole } from "./values.ts";

const common = {
  displayName: z.string().optional().describe("What it is called in logs."),
  location: z.string().optional().describe("Kept for older configurations: a module that Rapport has is not loaded."),
  requiredInfrastructure: z.array(z.string()).optional().describe("Kept for older configurations; it has no effect."),
};
const intervalSecondsMax = 86_400;
const intervalSecondsDefault = 60;

function enabled(isOn: boolean) {
  return flag.prefault(isOn).describe("Whether it is on.");
}

/** A module without settings. */
function plain(isOn: boolean, does: string) {
  return z
    .strictObject({ ...common, enabled: enabled(isOn) })
    .prefault({})
    .describe(does);
}

const decider = z.strictObject({
  ...common,
  enabled: flag.prefault(true).describe("It is always on, whatever is said here."),
  automationConfig: z
    .array(z.looseObject({}), { error: "must be a list" })
    .default([])
    .describe("Entries of `requestConfig` and `responseConfig`, tried in order; docs/plugins.md has the rule table."),
  neverAutomatic: texts
    .optional()
    .describe("Rapport's own: types of items that are always left to people. Default: Consent and Authentication."),
});

const coreHttpApi = z.strictObject({
  ...common,
  enabled: enabled(true),
  docs: z
    .strictObject({
      enabled: flag.prefault(false).describe("Whether /docs is served; refused in production."),
      rapidoc: z
        .strictObject({
          persistAuth: flag.prefault(false).describe("Whether the page keeps a key that was typed into it."),
        })
        .prefault({})
        .describe("The page /docs/rapidoc."),
    })
    .prefault({})
    .describe("Pages about the API."),
  profile: z
    .enum(profileNames, { error: `must be one of ${profileNames.join(", ")}` })
    .default("union")
    .describe("Rapport's own: the profile of /api/v2."),
  syncResponse: z
    .enum(["auto", "result", "none"], { error: "must be auto, result or none" })
    .default("auto")
    .describe("Rapport's own: the answer of Sync: what came, nothing, or what the caller's client is known to want."),
  app: flag.prefault(true).describe("Rapport's own: whether /app is served."),
});

// Tries that take two months.
const attemptsMaxMax = 5_000;

const webhooks = z.strictObject({
  ...common,
  enabled: enabled(false),
  targets: z
    .record(z.string(), webhookTargetShape)
    .default({})
    .describe("Who is called, by a name that `webhooks` use."),
  webhooks: z
    .array(
      z.strictObject({
        triggers: texts.describe("Names of events; `*` stands for one part of a name, `**` for any number."),
        target: z
          .union([text, webhookTargetShape], { error: "must be the name of a target, or a target" })
          .describe("The name of a target, or a target itself."),
      }),
      { error: "must be a list" },
    )
    .default([])
    .describe("Who hears of what."),
  attemptsMax: whole(1, attemptsMaxMax)
    .optional()
    .describe("Rapport's own: tries of an event before it becomes a dead letter. Default: 220, which take a day."),
  skipTlsCheck: flag.prefault(false).describe("Whether any certificate of a target will do."),
});

const messageBrokerPublisher = z.strictObject({
  ...common,
  enabled: enabled(false),
  brokers: z.array(brokerShape, { error: "must be a list" }).default([]).describe("Where every event is published."),
});

const knownModules = z.object({
  request: plain(true, "Incoming and outgoing Requests; always on."),
  decider: decider.prefault({}).describe("Decides Requests by rules; always on, and idle without rules."),
  notification: plain(true, "Processes Notifications that came."),
  attributeListener: plain(true, "Kept for older configurations; it has no effect."),
  coreHttpApi: coreHttpApi.prefault({}).describe("The REST API."),
  sync: z
    .strictObject({
      ...common,
      enabled: enabled(false),
      interval: whole(1, intervalSecondsMax)
        .prefault(intervalSecondsDefault)
        .describe("Seconds between the end of one sync and the begin of the next."),
    })
    .prefault({})
    .describe("Synchronises at the start and then again and again."),
  sse: z
    .strictObject({
      ...common,
      enabled: enabled(false),
      baseUrlOverride: text.optional().describe("Where the relay's stream of news is, if not at its base URL."),
    })
    .prefault({})
    .describe("Synchronises as soon as the relay has news; `sync` is then switched off."),
  autoAcceptPendingRelationships: plain(false, "Accepts every Relationship that somebody begins."),
  autoAcceptRelationshipCreationChanges: z
    .strictObject({
      ...common,
      enabled: enabled(false),
      responseContent: z.looseObject({}).optional().describe("What is sent with the acceptance."),
    })
    .prefault({})
    .describe("The older name of `autoAcceptPendingRelationships`."),
  autoDecomposeDeletionProposedRelationships: plain(false, "Decomposes Relationships that the peer decomposed."),
  webhooks: webhooks.prefault({}).describe("Calls others when something happened."),
  webhooksV2: webhooks.optional().describe("The older name of `webhooks`."),
  messageBrokerPublisher: messageBrokerPublisher.prefault({}).describe("Publishes every event to message brokers."),
});

/** All modules. Unknown names are modules of the user's own, loaded from `location`. */
export const modulesShape = knownModules.catchall(
  z.looseObject({
    enabled: flag.prefault(true).describe("Whether it is on."),
    location: text.describe("The file of your module; everything else here is its own to read."),
  }),
);

/** What may be written about the modules that there are. */
export type ModulesInput = z.input<typeof knownModules>;

/** The checked settings of all modules. */
export type ModulesConfig = z.output<typeof modulesShape>;
