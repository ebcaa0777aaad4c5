/**
 * Access tokens for client credentials.
 *
 * T1. A token is used until 10 s before its end.
 * T2. At most one is being fetched; whoever needs it meanwhile waits for the same.
 */
import { fault } from "rapport/core";
import type { WebhookAuthentication } from "./config.ts";
import { basicOf, type Caller } from "./exchange.ts";
import { tokenAnswerBytesMax, tokenLifeSecondsDefault, tokenRestMs } from "./limits.ts";

type OAuth2 = Extract<WebhookAuthentication, { type: "OAuth2" }>;

interface Token {
  readonly text: string;
  readonly restsAt: number;
}

/** Gives a token that is good now, and forgets one that a receiver did not want. */
export interface TokenSource {
  token(): Promise<string>;
  forget(token: string): void;
}

/** Makes a source for one target. Throws `publisher.failed` when no token is to be had. */
export function createTokenSource(given: OAuth2, parts: { caller: Caller; now: () => number }): TokenSource {
  let kept: Token | undefined;
  let fetching: Promise<Token> | undefined;
  const renewed = async () => {
    try {
      kept = await fetchToken(given, parts);
      return kept;
    } finally {
      fetching = undefined;
    }
  };
  return {
    token: async () => {
      if (kept !== undefined && parts.now() < kept.restsAt) return kept.text;
      fetching ??= renewed();
      return (await fetching).text;
    },
    forget: (token) => {
      if (kept?.text === token) kept = undefined;
    },
  };
}

async function fetchToken(given: OAuth2, { caller, now }: { caller: Caller; now: () => number }): Promise<Token> {
  const form = new URLSearchParams({ grant_type: "client_credentials" });
  if (given.scope !== undefined) form.set("scope", given.scope);
  const askedAt = now();
  const { status, text } = await caller.post({
    url: given.accessTokenUrl,
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      accept: "application/json",
      authorization: basicOf(given.clientId, given.clientSecret),
    },
    body: form.toString(),
    answerBytesMax: tokenAnswerBytesMax,
  });
  if (status < 200 || status > 299)
    throw fault("publisher.failed", `The server of access tokens answered with ${status}.`);
  return tokenIn(text, askedAt);
}

function tokenIn(text: string, askedAt: number): Token {
  const answer = parsed(text);
  const token = answer["access_token"];
  if (typeof token !== "string" || token === "")
    throw fault("publisher.failed", "The server of access tokens gave an answer without access_token.");
  const seconds = Number(answer["expires_in"] ?? tokenLifeSecondsDefault);
  const lifeMs = (Number.isFinite(seconds) ? seconds : tokenLifeSecondsDefault) * 1000;
  return { text: token, restsAt: askedAt + lifeMs - tokenRestMs };
}

function parsed(text: string): { readonly [name: string]: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
