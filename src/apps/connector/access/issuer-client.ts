// The Connector as a client of an OpenID provider: authorization code with PKCE, state and nonce.
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  fetchUserInfo,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from "openid-client";
import { RapportError } from "rapport/core";
import type { OidcConfig } from "../config/authentication-shape.ts";
import { valueAt } from "../config/trees.ts";
import type { AccessGround } from "./access.ts";
import { unreachable } from "./bearer.ts";
import { callerNameOf } from "./caller-name.ts";
import { issuerCacheMs, issuerMs, rolesMax } from "./limits.ts";
import type { BegunLogin } from "./login-cookie.ts";

/** Somebody whom the issuer knows. */
export interface KnownPerson {
  readonly name: string;
  readonly scopes: readonly string[];
}

/** What is asked of an issuer. All throw `access.issuerUnreachable`. */
export interface IssuerClient {
  /** Where to send the browser, and what it has to bring back. */
  begin(): Promise<Omit<BegunLogin, "returnTo" | "endsAtMs"> & { readonly url: string }>;
  /** Who it is, by the query that the browser brought back. Throws `access.loginFailed`. */
  end(query: string, begun: BegunLogin): Promise<KnownPerson>;
  /** Where the browser logs out. */
  leave(): Promise<string>;
}

/** Asks for the issuer's metadata at most once in a while; a failure is not remembered. */
export function createIssuerClient(config: OidcConfig, ground: AccessGround): IssuerClient {
  const base = config.baseURL.replace(/\/+$/, "");
  const redirectUri = `${base}/callback`;
  const metadata = createMetadata(config, ground);
  return {
    begin: async () => {
      const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
      const url = buildAuthorizationUrl(await metadata(), {
        redirect_uri: redirectUri,
        scope: config.scope,
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
      });
      return { url: url.href, state, nonce, verifier };
    },
    end: async (query, { state, nonce, verifier }) => {
      const issuer = await metadata();
      try {
        const tokens = await authorizationCodeGrant(issuer, new URL(`${redirectUri}?${query}`), {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        });
        const { sub = "" } = tokens.claims() ?? {};
        return {
          name: callerNameOf("login", sub),
          scopes: await rolesOf(issuer, tokens.access_token, sub),
        };
      } catch (cause) {
        const message = "The issuer did not confirm this login. Begin again at /login.";
        throw new RapportError("access.loginFailed", message, { cause });
      }
    },
    leave: async () => {
      const issuer = await metadata();
      if (issuer.serverMetadata().end_session_endpoint === undefined) return config.baseURL;
      return buildEndSessionUrl(issuer, { post_logout_redirect_uri: config.baseURL }).href;
    },
  };

  async function rolesOf(issuer: Configuration, token: string, sub: string): Promise<readonly string[]> {
    if (config.rolesPath === undefined) return [];
    const info = await fetchUserInfo(issuer, token, sub);
    const roles = valueAt(info, config.rolesPath.split("."));
    if (!Array.isArray(roles)) return [];
    return roles.filter((role) => typeof role === "string").slice(0, rolesMax);
  }
}

function createMetadata(config: OidcConfig, { clock }: AccessGround): () => Promise<Configuration> {
  let known: { readonly metadata: Promise<Configuration>; readonly sinceMs: number } | undefined;
  const { issuerBaseURL, clientID, clientSecret } = config;
  const isPlain = issuerBaseURL.startsWith("http:");
  const discovered = () =>
    discovery(new URL(issuerBaseURL), clientID, undefined, authenticationBy(clientSecret), {
      timeout: issuerMs / 1000,
      // Only for this machine and in debug mode: the configuration was refused otherwise.
      execute: isPlain ? [allowInsecureRequests] : [],
    }).catch((cause: unknown): never => {
      throw unreachable(cause);
    });
  return () => {
    if (known !== undefined && clock.now() - known.sinceMs < issuerCacheMs) return known.metadata;
    const asked = { metadata: discovered(), sinceMs: clock.now() };
    known = asked;
    asked.metadata.catch(() => {
      if (known === asked) known = undefined;
    });
    return asked.metadata;
  };
}

// Which of the two ways to show its secret is the issuer's choice; the standard's own is Basic.
function authenticationBy(secret: string | undefined): ClientAuth {
  if (secret === undefined) return None();
  const [basic, post] = [ClientSecretBasic(secret), ClientSecretPost(secret)];
  return (...asked) => {
    const [server] = asked;
    const methods = server.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
    const way = methods.includes("client_secret_basic") ? basic : post;
    way(...asked);
  };
}
