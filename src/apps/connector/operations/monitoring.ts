// What operators look at (spec/connector-api.md 1.2). No envelopes.
import { z } from "zod";
import { table } from "../operation.ts";
import { instant } from "../shapes/values.ts";

const group = { tag: "Monitoring", mounts: ["bare"], method: "GET", success: 200, isPlain: true } as const;

const version = z.strictObject({
  version: z.string(),
  build: z.string(),
  date: z.string(),
  commit: z.string(),
  runtimeVersion: z.string(),
  modules: z.record(z.string(), z.looseObject({ version: z.string() })).optional(),
});

/** Routes of monitoring. */
export const monitoringOperations = table({
  getVersion: {
    ...group,
    path: "/Monitoring/Version",
    scopes: ["monitoring:version"],
    summary: "Which program this is.",
    result: version,
  },
  getRequestCounts: {
    ...group,
    path: "/Monitoring/Requests",
    scopes: ["monitoring:requests"],
    summary: "How many calls were answered since the start, and how.",
    result: z.strictObject({
      since: instant,
      requestCount: z.number(),
      requestCountByStatus: z.record(z.string(), z.number()),
    }),
  },
  getSupport: {
    ...group,
    path: "/Monitoring/Support",
    scopes: ["monitoring:support"],
    summary: "What somebody who is to help needs to know; no secrets.",
    result: z.strictObject({
      version,
      health: z.looseObject({ isHealthy: z.boolean() }),
      configuration: z.unknown(),
      identityInfo: z.looseObject({}),
    }),
  },
});
