// Who may call (spec/connector-api.md 3).
import { z } from "zod";
import { profileNames } from "../profiles/profile.ts";
import { flag, text } from "./values.ts";

const apiKeyEntry = z.strictObject({
  key: text,
  enabled: flag.default(true),
  description: z.string().optional(),
  expiresAt: z.iso.datetime({ offset: true, error: "must be an instant in ISO 8601" }).optional(),
  scopes: z.array(text).optional().describe("None: everything. An empty list: nothing."),
  profile: z.enum(profileNames).optional().describe("Rapport's own: the profile of whoever uses this key."),
  account: text.optional().describe("Rapport's own: the one identity that it opens."),
});

const apiKeyShape = z.strictObject({
  enabled: flag.default(true),
  headerName: text.default("X-API-KEY"),
  keys: z.record(z.string(), apiKeyEntry).default({}),
});

const jwtBearerShape = z.strictObject({
  enabled: flag.default(true),
  issuerBaseURL: text.describe("Whose tokens are believed; its metadata names the keys."),
  audience: z.union([text, z.array(text)]),
  jwksUri: text.optional().describe("Where the keys are, when the issuer has no metadata."),
  tokenSigningAlg: z.array(text).optional(),
});

const oidcShape = z.strictObject({
  enabled: flag.default(true),
  issuerBaseURL: text,
  baseURL: text.describe("This Connector, as browsers see it."),
  clientID: text,
  secret: text.describe("Of the session cookie."),
  clientSecret: text.optional(),
  rolesPath: text.optional().describe("Where the roles are in the user info, with dots."),
});

/** Ways to prove who calls; all of them may be there. */
export const authenticationShape = z.strictObject({
  apiKey: apiKeyShape.optional(),
  jwtBearer: jwtBearerShape.optional(),
  oidc: oidcShape.optional(),
});

/** A checked authentication block. */
export type AuthenticationConfig = z.output<typeof authenticationShape>;
