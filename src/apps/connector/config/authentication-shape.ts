// Who may call (spec/connector-api.md 3).
import { z } from "zod";
import { profileNames } from "../profiles/profile.ts";
import { flag, text, texts, whole } from "./values.ts";

const clockToleranceSecondsMax = 300;
const clockToleranceSecondsDefault = 5;

const apiKeyEntry = z.strictObject({
  key: text.describe(
    "The key itself: at least 30 characters, of them 2 digits, 2 capital letters, 2 small letters and 1 special character.",
  ),
  enabled: flag.prefault(true).describe("Whether the key opens anything."),
  description: z.string().optional().describe("What the key is for."),
  expiresAt: z.iso
    .datetime({ offset: true, error: "must be an instant in ISO 8601, such as 2030-01-31T12:00:00Z" })
    .optional()
    .describe("From when on the key opens nothing. A key that has expired keeps the Connector from starting."),
  scopes: texts
    .optional()
    .describe(
      "What the key opens; `*` stands for one segment, `**` for one or more. Absent: everything. An empty list: nothing.",
    ),
  profile: z
    .enum(profileNames)
    .optional()
    .describe("Rapport's own: the profile of whoever uses this key; stronger than `modules.coreHttpApi.profile`."),
  account: text.optional().describe("Rapport's own: the one identity that the key opens."),
});

const apiKeyShape = z.strictObject({
  enabled: flag.prefault(true).describe("Whether API keys are looked at."),
  headerName: z
    .string({ error: "must be a text" })
    .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, { error: "must be the name of an HTTP header" })
    .default("X-API-KEY")
    .describe("The header that carries the key."),
  keys: z.record(z.string(), apiKeyEntry).default({}).describe("The keys by a name of your own, which logs show."),
});

const jwtBearerShape = z.strictObject({
  enabled: flag.prefault(true).describe("Whether bearer tokens are looked at."),
  issuerBaseURL: text.describe("Whose tokens are believed; its metadata names the issuer and the keys."),
  audience: z
    .union([text, texts], { error: "must be a text or a list of texts" })
    .describe("Whom tokens must be made for: this Connector's name at the issuer, or several names."),
  jwksUri: text.optional().describe("Where the keys are, when the issuer has no metadata."),
  tokenSigningAlg: z
    .union([text, texts], { error: "must be a text or a list of texts" })
    .optional()
    .describe(
      "Algorithms that tokens may be signed with. Default: those with key pairs. `none` and `HS…` are refused.",
    ),
  clockTolerance: whole(0, clockToleranceSecondsMax)
    .prefault(clockToleranceSecondsDefault)
    .describe("Seconds that the issuer's clock may differ from ours."),
});

const oidcShape = z.strictObject({
  enabled: flag.prefault(true).describe("Whether browsers may log in."),
  issuerBaseURL: text.describe("Where people log in; its metadata names everything else."),
  baseURL: text.describe("This Connector as browsers see it; the issuer must allow `<baseURL>/callback`."),
  clientID: text.describe("What this Connector is called at the issuer."),
  secret: text.describe("Signs cookies; any long random text, the same in all processes."),
  clientSecret: text.optional().describe("This Connector's secret at the issuer. Absent: a public client with PKCE."),
  scope: text.default("openid profile").describe("What is asked of the issuer; it must have `openid` in it."),
  rolesPath: text
    .optional()
    .describe(
      "Where the list of roles is in the user info, with dots. Absent: whoever logs in has no role and may do nothing.",
    ),
});

/** Ways to prove who calls; all of them may be there. */
export const authenticationShape = z.strictObject({
  apiKey: apiKeyShape.optional().describe("API keys. A call that has the header is judged by it alone."),
  jwtBearer: jwtBearerShape.optional().describe("Bearer tokens of an issuer; their `scope` names what they open."),
  oidc: oidcShape.optional().describe("Login of people with a browser."),
});

/** One checked API key. */
export type ApiKeyConfig = z.output<typeof apiKeyEntry>;

/** The checked settings of bearer tokens. */
export type JwtBearerConfig = z.output<typeof jwtBearerShape>;

/** The checked settings of the login. */
export type OidcConfig = z.output<typeof oidcShape>;
