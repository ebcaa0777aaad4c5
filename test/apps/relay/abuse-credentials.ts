// Logins that are none: forged and used up tokens, challenges that somebody else signed, keys and versions that are misused.
import { base64, crypto, identityBody } from "../../relay/parties.ts";
import { type BadRequest, bad, invalid, judge, notFound, type Sent, sendAs, unauthorized } from "./abuse-case.ts";
import type { AbuseGround } from "./abuse-ground.ts";

const self = "/api/v2/Devices/Self";
const json = (value: object) => base64(JSON.stringify(value));
const partsOf = (token: string) => token.split(".") as [string, string, string];
const withClaims = (token: string, more: object) => {
  const [head, claims, signature] = partsOf(token);
  return [head, json({ ...JSON.parse(Buffer.from(claims, "base64url").toString()), ...more }), signature].join(".");
};
const withHead = (token: string, head: object) => [json(head), ...partsOf(token).slice(1)].join(".");
const foreign = crypto.signing.keyPair(new Uint8Array(32).fill(7));
const signedBy = (token: string) => {
  const signed = partsOf(token).slice(0, 2).join(".");
  return `${signed}.${Buffer.from(crypto.signing.sign(Buffer.from(signed), foreign.privateKey)).toString("base64url")}`;
};

const forgeries: readonly (readonly [string, (token: string, ground: AbuseGround) => string])[] = [
  ["nothing", () => ""],
  ["only the word", () => "Bearer"],
  ["another scheme", (token) => `Basic ${token}`],
  ["two tokens", (token) => `Bearer ${token} ${token}`],
  ["a token with a newline", (token) => `Bearer ${token}\t`.trimEnd().slice(0, -1)],
  ["half a token", (token) => `Bearer ${token.slice(0, token.length / 2)}`],
  ["without a signature", (token) => `Bearer ${partsOf(token).slice(0, 2).join(".")}.`],
  ["four parts", (token) => `Bearer ${token}.x`],
  [
    "alg none",
    (token) =>
      `Bearer ${partsOf(withHead(token, { alg: "none", typ: "JWT" }))
        .slice(0, 2)
        .join(".")}.`,
  ],
  ["alg none with the signature", (token) => `Bearer ${withHead(token, { alg: "none", typ: "JWT" })}`],
  ["alg HS256", (token) => `Bearer ${withHead(token, { alg: "HS256", typ: "JWT" })}`],
  ["an unknown kid", (token) => `Bearer ${withHead(token, { alg: "EdDSA", kid: "x", typ: "JWT" })}`],
  ["a kid that is a path", (token) => `Bearer ${withHead(token, { alg: "EdDSA", kid: "../../x", typ: "JWT" })}`],
  [
    "a key in the header",
    (token) => `Bearer ${withHead(token, { alg: "EdDSA", jwk: {}, jku: "http://x", typ: "JWT" })}`,
  ],
  ["another life", (token) => `Bearer ${withClaims(token, { exp: 9_999_999_999 })}`],
  ["another address", (token, { stranger }) => `Bearer ${withClaims(token, { nmshd_address: stranger.address })}`],
  ["another key's signature", (token) => `Bearer ${signedBy(token)}`],
  [
    "somebody else's signature",
    (token, { stranger }) => `Bearer ${[...partsOf(token).slice(0, 2), partsOf(stranger.token)[2]].join(".")}`,
  ],
  ["a token without end", () => `Bearer ${"A".repeat(30_000)}`],
  ["claims without end", (token) => `Bearer ${withClaims(token, { x: "y".repeat(10_000) })}`],
];

const forged: readonly BadRequest[] = forgeries.map(([how, forge]) =>
  bad(`token: ${how}`, unauthorized, (ground) => ({
    path: self,
    headers: { authorization: forge(ground.owner.token, ground) },
  })),
);

/** What makes an identity, signed with new keys, and changed before it is sent. */
async function newcomer(ground: AbuseGround, change: (body: ReturnType<typeof identityBody>) => object): Promise<Sent> {
  const challenge = await ground.anonymous.ok("createChallenge", { body: {} });
  const keys = crypto.signing.keyPair(globalThis.crypto.getRandomValues(new Uint8Array(32)));
  return identities(change(identityBody(challenge, keys)));
}

const identities = (body: object): Sent => ({
  method: "POST",
  path: "/api/v2/Identities",
  by: "nobody",
  body: JSON.stringify(body),
});

const signature = [400, "device.invalidSignature"] as const;

const challenges: readonly BadRequest[] = [
  later("challenge: used before", notFound, async (ground) => {
    const sent = await newcomer(ground, (body) => body);
    await sendAs(ground, sent);
    return sent;
  }),
  later("challenge: signed by another key", signature, (ground) =>
    newcomer(ground, (body) => ({ ...body, identityPublicKey: publicKeyOf(foreign.publicKey) })),
  ),
  later("challenge: changed after it was signed", signature, (ground) =>
    newcomer(ground, ({ signedChallenge, ...body }) => ({
      ...body,
      signedChallenge: { ...signedChallenge, challenge: `${signedChallenge.challenge} ` },
    })),
  ),
  later("challenge: of nobody", notFound, async () =>
    identities(identityBody({ id: `CHL${"x".repeat(17)}`, expiresAt: "2031-01-01T00:00:00.000Z" }, foreign)),
  ),
  later("challenge: an id of another kind", notFound, async () =>
    identities(identityBody({ id: `TOK${"x".repeat(17)}`, expiresAt: "2031-01-01T00:00:00.000Z" }, foreign)),
  ),
  later("challenge: over", [400, "device.challengeHasExpired"], async (ground) => {
    const sent = await newcomer(ground, (body) => body);
    await ground.advance(10 * 60 * 1000);
    return sent;
  }),
  later("identity: a wrong secret of the client", [400, "unauthorized"], (ground) =>
    newcomer(ground, (body) => ({ ...body, clientSecret: "wrong" })),
  ),
  later("token: over", unauthorized, async (ground) => {
    const { token } = ground.owner;
    await ground.advance(301 * 1000);
    return { path: self, headers: { authorization: `Bearer ${token}` } };
  }),
  later("login: locked after three wrong passwords", [400, "access_denied"], async (ground) => {
    const { caller, password } = await ground.party();
    const login = (given: string): Sent => ({
      method: "POST",
      path: "/connect/token",
      by: "nobody",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: `grant_type=password&client_id=test&client_secret=test&username=${caller.username}&password=${given}`,
    });
    for (let tries = 0; tries < 3; tries += 1) {
      judge(await sendAs(ground, login("wrong")), { status: 400, code: "invalid_grant" });
    }
    return login(password);
  }),
];

function later(
  name: string,
  [status, code]: readonly [number, string],
  prepare: (ground: AbuseGround) => Promise<Sent>,
): BadRequest {
  return {
    name,
    status,
    code,
    send: async (ground) => {
      const sent = await prepare(ground);
      // Time may have moved on meanwhile; a call of theirs renews their tokens.
      await ground.owner.ok("getDevice");
      await ground.stranger.ok("getDevice");
      return sendAs(ground, sent);
    },
  };
}

function publicKeyOf(key: Uint8Array): string {
  return json({ pub: Buffer.from(key).toString("base64url"), alg: 3, "@type": "CryptoSignaturePublicKey" });
}

const template = {
  method: "POST",
  path: "/api/v2/RelationshipTemplates",
  body: JSON.stringify({ content: base64("t") }),
};
const keyed = (key: string): Sent => ({ ...template, headers: { "idempotency-key": key } });

const keys: readonly BadRequest[] = [
  bad("key: without end", invalid, keyed("k".repeat(101))),
  bad("key: with nothing in it", invalid, keyed("")),
  bad("key: with a slash", invalid, keyed("../x")),
  bad("key: with a space", invalid, keyed("a b")),
  later("key: used for something else", [400, "idempotencyKeyReused"], async (ground) => {
    await sendAs(ground, keyed("used"));
    return { ...keyed("used"), body: JSON.stringify({ content: base64("other") }) };
  }),
  ...["", "0", "-1", "x", "1.5", "1e3", "99999999999", "1, 1"].map((version) =>
    bad(`datawallet version ${version}`, invalid, {
      path: "/api/v2/Datawallet",
      headers: { "x-supported-datawallet-version": version },
    }),
  ),
  bad("stream: without a login", unauthorized, { path: "/api/v1/sse", by: "nobody" }),
  bad("stream: with a forged login", unauthorized, { path: "/api/v2/sse", headers: { authorization: "Bearer a.b.c" } }),
];

/** All of them. */
export const badCredentials = [...forged, ...challenges, ...keys];
