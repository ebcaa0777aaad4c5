/**
 * Tokens (spec/backbone-protocol.md 12.3).
 *
 * K1. Wrong passwords are counted by a counter that never passes `tokenPasswordFailuresMax`; exactly the commit that
 *     reaches it tells the creator.
 */
import { type Outcome, refuse } from "../errors/refusal.ts";
import {
  anonymousTokenLifeMs,
  expiredTokenKeepMs,
  pageSizeMax,
  passwordBytesMax,
  tokenPasswordFailuresMax,
} from "../limits.ts";
import type { Reads } from "../turn/turn.ts";
import type { WireToken } from "../wire/shapes.ts";
import {
  type Asked,
  cut,
  type Handler,
  idOf,
  idsOf,
  notFound,
  type OpenHandler,
  pageOf,
  queryText,
  work,
} from "./asked.ts";
import type { Caller } from "./caller.ts";
import type { Desk } from "./desk.ts";
import {
  type AllocationDocument,
  allocationKey,
  type TokenDocument,
  tokenFailureCounter,
  tokenKey,
} from "./documents.ts";
import { answerOnly, createDraft, type Planned, takeAgain } from "./draft.ts";
import { gatherDoomed, nothingDoomed } from "./erasing.ts";
import { eventOf } from "./events.ts";
import { fieldsOf, invalid, normalBase64 } from "./fields.ts";
import { loadAll } from "./loading.ts";
import { audienceIn, publish } from "./publishing.ts";
import { isSecret } from "./secrets.ts";

export const createToken: OpenHandler = (asked, desk, caller) => {
  const fields = fieldsOf(asked.body);
  const content = fields.base64OrNull("content");
  const expiresAt = fields.future("expiresAt", asked.nowMs);
  const audience = audienceIn(fields, desk);
  if (caller === undefined && content !== null) fields.fail("content", "absent without a login");
  if (caller === undefined && Date.parse(expiresAt) >= asked.nowMs + anonymousTokenLifeMs) {
    fields.fail("expiresAt", "less than 5 minutes from now without a login");
  }
  if (fields.problem !== undefined) return { ok: false, refusal: fields.problem };
  const { address: createdBy = null, deviceId: createdByDevice = null } = caller ?? {};
  const rest = { createdBy, createdByDevice, expiresAt, content, forgetAtMs: forgetAtMs({ expiresAt, content }) };
  return publish(asked, desk, { prefix: "TOK", rest, audience });
};

/** The first successful read by an identity allocates the token to it, so that it can read it again for ever. */
export const getToken: OpenHandler = (asked, desk, caller) => {
  const id = idOf(asked, "TOK");
  if (!id.ok) return id;
  const password = normalBase64(queryText(asked, "password"));
  return work({
    gather: (reads) => gatherToken(reads, id.value, caller),
    plan: (facts) => {
      const { token, isAllocated } = facts;
      if (token === undefined) return notFound("Token");
      const isCreator = caller !== undefined && token.createdBy === caller.address;
      if (isCreator || isAllocated) return answerOnly(wireToken(token));
      const admitted = admitToToken(asked, desk, { facts, token, caller, password, lockGoesFirst: true });
      if (!admitted.ok) return admitted.answer;
      if (caller === undefined) return answerOnly(wireToken(token));
      const draft = createDraft();
      const document: AllocationDocument = { of: token.id, address: caller.address, allocatedAt: asked.now };
      draft.put(allocationKey(token.id, caller.address), document);
      return draft.answer(wireToken(token));
    },
  });
};

/** Fills an empty token, once; whoever fills it becomes its creator. */
export const updateTokenContent: Handler = (asked, desk, caller) => {
  const id = idOf(asked, "TOK");
  if (!id.ok) return id;
  const fields = fieldsOf(asked.body);
  const content = fields.base64("newContent");
  const password = fields.base64OrNull("password", { max: passwordBytesMax }) ?? undefined;
  if (fields.problem !== undefined) return { ok: false, refusal: fields.problem };
  return work({
    gather: (reads) => gatherToken(reads, id.value, caller),
    plan: (facts) => {
      const { token } = facts;
      if (token === undefined) return notFound("Token");
      const admitted = admitToToken(asked, desk, { facts, token, caller, password, lockGoesFirst: false });
      if (!admitted.ok) return admitted.answer;
      if (token.content !== null) {
        return refuse(
          "error.platform.token.contentUpdateNotPossibleBecauseContentAlreadyExists",
          "The token was filled before.",
        );
      }
      const { address: createdBy, deviceId: createdByDevice } = caller;
      const filled = {
        ...token,
        content,
        createdBy,
        createdByDevice,
        forgetAtMs: forgetAtMs({ ...token, content }),
      };
      const draft = createDraft();
      draft.put(tokenKey(token.id), filled);
      const { content: _, ...shown } = wireToken(filled);
      return draft.answer(shown);
    },
  });
};

export const listTokens: Handler = (asked, _desk, caller) => {
  const ids = idsOf(asked, "TOK");
  if (!ids.ok) return ids;
  const page = pageOf(asked);
  if (!page.ok) return page;
  if (ids.value.length > pageSizeMax) return invalid(`Ask for at most ${pageSizeMax} tokens at once.`);
  return work({
    gather: (reads) => {
      const load = async (id: string) => {
        const { token, isAllocated } = await gatherToken(reads, id, caller);
        return isAllocated || token?.createdBy === caller.address ? token : undefined;
      };
      return loadAll(ids.value, load, ({ content }) => [content]);
    },
    plan: (found) => {
      if (!found.ok) return found;
      const { items, pagination } = cut(found.value, page.value);
      return answerOnly(items.map(wireToken), pagination === undefined ? {} : { pagination });
    },
  });
};

export const deleteToken: Handler = (asked, _desk, caller) => {
  const id = idOf(asked, "TOK");
  if (!id.ok) return id;
  return work({
    gather: async (reads) => {
      const token = await reads.get<TokenDocument>(tokenKey(id.value));
      const isCreator = token?.document.createdBy === caller.address;
      return { token, isCreator, doomed: isCreator ? await gatherDoomed(reads, { id: id.value }) : nothingDoomed };
    },
    plan: ({ token, isCreator, doomed }) => {
      if (token === undefined) return notFound("Token");
      if (!isCreator) return refuse("error.platform.forbidden", "Only the creator may delete the token.");
      const draft = createDraft();
      draft.delete(token.key);
      draft.delete(tokenFailureCounter(id.value));
      draft.erase(id.value, doomed);
      return draft.answer({});
    },
  });
};

interface TokenFacts {
  readonly token: TokenDocument | undefined;
  readonly isAllocated: boolean;
  readonly failures: number;
}

async function gatherToken(reads: Reads, id: string, caller: Caller | undefined): Promise<TokenFacts> {
  const token = (await reads.get<TokenDocument>(tokenKey(id)))?.document;
  if (token === undefined) return { token, isAllocated: false, failures: 0 };
  const slot =
    caller === undefined ? undefined : await reads.get<AllocationDocument>(allocationKey(id, caller.address));
  const failures = token.password === null ? undefined : await reads.peek<{ n: number }>(tokenFailureCounter(id));
  return { token, isAllocated: slot !== undefined, failures: failures?.document.n ?? 0 };
}

interface TokenReader {
  readonly facts: TokenFacts;
  readonly token: TokenDocument;
  readonly caller: Caller | undefined;
  readonly password: string | undefined;
  /** Reading looks at the lock before the personalisation, filling the other way round. */
  readonly lockGoesFirst: boolean;
}

function admitToToken(
  asked: Asked,
  desk: Desk,
  { facts, token, caller, password, lockGoesFirst }: TokenReader,
): { ok: true } | { ok: false; answer: Planned | Extract<Outcome<never>, { ok: false }> } {
  const { forIdentity, createdBy } = token;
  const isForOther = forIdentity !== null && forIdentity !== caller?.address && createdBy !== (caller?.address ?? "");
  if (Date.parse(token.expiresAt) <= asked.nowMs) return { ok: false, answer: notFound("Token") };
  if (isForOther && !lockGoesFirst) return { ok: false, answer: notFound("Token") };
  if (facts.failures >= tokenPasswordFailuresMax) {
    const message = "The token is locked after too many wrong passwords.";
    return { ok: false, answer: refuse("error.platform.token.tooManyFailedPasswordAttempts", message) };
  }
  if (isForOther) return { ok: false, answer: notFound("Token") };
  if (token.password === null || isSecret(desk, token.password, password ?? "")) return { ok: true };
  return { ok: false, answer: countFailure(asked, desk, { token, failures: facts.failures }) };
}

function countFailure(asked: Asked, desk: Desk, at: { token: TokenDocument; failures: number }): Planned {
  const { token, failures } = at;
  const isLast = failures === tokenPasswordFailuresMax - 1;
  const draft = createDraft();
  draft.add(tokenFailureCounter(token.id), 1, isLast ? tokenPasswordFailuresMax : tokenPasswordFailuresMax - 1);
  if (isLast && token.createdBy !== null) {
    draft.tell(eventOf(asked, desk, { to: token.createdBy, type: "TokenLocked", payload: { tokenId: token.id } }));
  }
  return draft.refuse(notFound("Token").refusal, { exhausted: takeAgain });
}

/** Who has read a token may read it again after its expiry; nobody misses one that was never filled. */
function forgetAtMs({ expiresAt, content }: { readonly expiresAt: string; readonly content: string | null }): number {
  return Date.parse(expiresAt) + (content === null ? 0 : expiredTokenKeepMs);
}

function wireToken({ password, forgetAtMs: _, ...shown }: TokenDocument): WireToken {
  return { ...shown, isPasswordProtected: password !== null };
}
