// What an operator can set, and what holds when nothing is set.
import { quotaMetrics, quotaPeriods } from "rapport/relay";
import { z } from "zod";

const portDefault = 4300;
const portMax = 65_535;
const adminKeyCharsMin = 20;
const daysMax = 366;
const recipientsMax = 100;
const rateMax = 1_000_000;
const keepAliveSecondsMax = 3_600;
const hostNameCharsMin = 3;
const hostNameCharsMax = 45;
const storeDefault = "sqlite:rapport-relay.db";

const text = z.string({ error: "must be a text" }).min(1, { error: "must not be empty" });
const texts = z.array(text, { error: "must be a list of texts" }).min(1, { error: "must not be empty" });
const flag = z.union([z.boolean(), z.stringbool()], { error: "must be true or false" });

/** Every setting by the name that it has in a file. */
export const settingsShape = z.strictObject({
  port: whole(0, portMax).default(portDefault),
  host: texts.optional(),
  hostName: text.superRefine(judgeHostName).default("localhost"),
  baseUrl: text
    .refine(isBaseUrl, { error: "must be like https://relay.example.org, without a slash at its end" })
    .optional(),
  store: text.refine(isStore, { error: "must be memory, sqlite:FILE or postgres://..." }).default(storeDefault),
  keyFile: text.optional(),
  blobs: text.optional(),
  nats: text.optional(),
  client: z.array(text.transform(clientOf), { error: "must be a list of ID:SECRET" }).default([]),
  adminKey: text.min(adminKeyCharsMin, { error: `must have at least ${adminKeyCharsMin} characters` }).optional(),
  metricsPort: whole(0, portMax).optional(),
  metricsHost: text.default("127.0.0.1"),
  rateLimit: whole(0, rateMax).optional(),
  rateLimitAddress: whole(0, rateMax).optional(),
  trustProxy: flag.default(false),
  log: z
    .enum(["debug", "info", "warn", "error", "silent"], { error: "must be debug, info, warn, error or silent" })
    .default("warn"),
  keepAlive: whole(1, keepAliveSecondsMax).optional(),
  gracePeriodDays: z.coerce.number({ error: "must be a number" }).min(0).max(daysMax).optional(),
  recipients: whole(1, recipientsMax).optional(),
  quotas: z
    .array(z.strictObject({ metric: z.enum(quotaMetrics), max: z.number().int().min(0), period: z.enum(quotaPeriods) }))
    .optional(),
});

/** The settings of one process. */
export type Settings = z.infer<typeof settingsShape>;

/** A whole number, also when it comes as a text. */
function whole(min: number, max: number) {
  return z.unknown().transform((value, context) => {
    const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
    if (typeof number === "number" && Number.isSafeInteger(number) && number >= min && number <= max) return number;
    context.addIssue({ code: "custom", message: `must be a whole number from ${min} to ${max}` });
    return z.NEVER;
  });
}

/** The name is part of every address and can never be changed (spec/backbone-protocol.md 3). */
function judgeHostName(name: string, context: z.core.$RefinementCtx<string>): void {
  const fail = (message: string) => context.addIssue({ code: "custom", message });
  if (/^[\d.]+$/.test(name) || name.includes(":")) {
    fail("must be a name: addresses of identities cannot carry an IP address; use localhost or a DNS name");
    return;
  }
  const fits = name.length >= hostNameCharsMin && name.length <= hostNameCharsMax;
  if (fits && /^([a-z0-9-]+\.)*[a-z]{2,}$/.test(name)) return;
  const chars = `${hostNameCharsMin} to ${hostNameCharsMax} characters`;
  fail(`must have ${chars}: lower-case letters, digits and hyphens between dots, and letters alone after the last dot`);
}

function isBaseUrl(url: string): boolean {
  return URL.canParse(url) && /^https?:\/\/[^|]+[^/|]$/.test(url);
}

function isStore(store: string): boolean {
  return store === "memory" || /^sqlite:.+/.test(store) || /^postgres(ql)?:\/\/.+/.test(store);
}

/** An id with a secret. The secret may have colons. */
function clientOf(given: string, context: z.core.$RefinementCtx<string>) {
  const at = given.indexOf(":");
  const [id, secret] = [given.slice(0, at), given.slice(at + 1)];
  if (at > 0 && secret !== "") return { id, secret };
  context.addIssue({ code: "custom", message: "must be ID:SECRET" });
  return z.NEVER;
}
