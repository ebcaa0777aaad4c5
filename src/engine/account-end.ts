/**
 * The end of an account. An identity that was deleted at its relay is known as such from the first call that the relay
 * refuses; from then on commands are refused here, while what is stored can still be read.
 */
import { fault, hasCode, type RapportError } from "../errors/rapport-error.ts";
import { allow } from "../errors/refusal.ts";
import { instantOf } from "../model/instant.ts";
import { keyOf } from "../model/keys.ts";
import type { Session, Transport } from "../ports/transport.ts";
import type { WireDeletion } from "../wire/shapes.ts";
import { accountTurn } from "./change.ts";
import type { Account, Engine } from "./context.ts";

/** The event that tells of the deletion. The protocol has none, since there is nobody left whom it could tell. */
export const identityDeleted = "transport.identityDeleted";

type Mark = { readonly deletedAt: string };

const markKey = (accountId: string) => keyOf(accountId, "sync", "deleted");

/** Throws `account.deleted` or, when nothing is stored of it any more, `account.notFound`. */
export function assertLiving({ memory, record }: Account): void {
  if (memory.isErased) throw erased(record.name);
  if (memory.deletedAt !== undefined) throw deleted(record.name, memory.deletedAt);
}

/** Reads, at the start, whether the identity is known to be deleted. */
export async function recallDeletion(account: Account): Promise<void> {
  account.memory.deletedAt ??= await deletedAtOf(account, account.id);
}

/** When the identity of an account was deleted, as far as it is known here. */
export async function deletedAtOf({ store }: Engine, accountId: string): Promise<string | undefined> {
  return (await store.get<Mark>(markKey(accountId)))?.document.deletedAt;
}

/** When the identity was deleted, as the relay says; undefined while it lives. Throws `relay.unreachable`. */
export async function deletedAtRelay(transport: Transport, { username }: Session): Promise<string | undefined> {
  const answer = await transport.call({ operation: "isIdentityDeleted", query: { username } });
  if (!answer.ok) throw fault("relay.unreachable", `The relay could not answer: ${answer.error.message}`);
  const { isDeleted, deletionDate } = answer.result as WireDeletion;
  return isDeleted ? (deletionDate ?? "") : undefined;
}

/** A transport for the calls of one account, which learns from the answers what the relay is, and whether the identity lives. */
export function attentive(transport: Transport, accountOf: () => Account): Transport {
  const { baseUrl, hostName } = transport;
  return {
    baseUrl,
    hostName,
    ...(transport.onNews === undefined ? {} : { onNews: transport.onNews.bind(transport) }),
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
    call: async (call, session) => {
      const account = accountOf();
      if (session !== undefined) assertLiving(account);
      const answer = await transport.call(call, session);
      // What came from somewhere before the relay, such as an error of a proxy, says nothing about it.
      if (answer.ok || answer.status < 500) account.memory.keepsKeys = answer.rapport;
      if (!answer.ok && answer.status === 401 && session !== undefined) await unlessDeleted(account, transport);
      return answer;
    },
  };
}

// Why a device is not let in the relay tells to anybody who knows its username.
async function unlessDeleted(account: Account, transport: Transport): Promise<void> {
  const deletedAt = await deletedAtRelay(transport, account.session).catch((problem: unknown) => {
    if (!hasCode(problem, "relay.unreachable")) throw problem;
  });
  if (deletedAt === undefined) return;
  await noteDeletion(account, deletedAt === "" ? instantOf(account.clock.now()) : deletedAt);
  assertLiving(account);
}

async function noteDeletion(account: Account, deletedAt: string): Promise<void> {
  await accountTurn(account, {
    gather: (reads) => reads.get<Mark>(markKey(account.id)),
    plan(known, change) {
      account.memory.deletedAt = known?.document.deletedAt ?? deletedAt;
      if (known !== undefined) return allow(undefined);
      change.put("sync", "deleted", { deletedAt });
      change.event(identityDeleted, () => ({ address: account.self, deletionDate: deletedAt }));
      return allow(undefined);
    },
  });
}

function deleted(name: string, deletedAt: string): RapportError {
  const message = `The identity of "${name}" was deleted at its relay. What is stored can be read, until the account is erased.`;
  return fault("account.deleted", message, { details: { deletionDate: deletedAt } });
}

function erased(name: string): RapportError {
  return fault("account.notFound", `The account "${name}" was erased.`);
}
