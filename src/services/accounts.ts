import { deletedAtOf, deletedAtRelay } from "../engine/account-end.ts";
import { eraseAccount } from "../engine/account-erasure.ts";
import type { CommandOptions } from "../engine/commands.ts";
import type { Engine } from "../engine/context.ts";
import {
  createIdentity,
  finishIdentity,
  type Identity,
  type NameRecord,
  type RelayClient,
  readIdentity,
} from "../engine/identity.ts";
import { fault } from "../errors/rapport-error.ts";
import { unwrap } from "../errors/refusal.ts";
import { accountNameKey, accountsPath } from "../model/keys.ts";
import type { AccountRecord } from "../model/records.ts";
import { createLanes } from "../turn/lanes.ts";
import { type Account, type OpenedAccount, openAccount, recover, retire } from "./account.ts";
import { isText, options } from "./door.ts";
import type { Listener } from "./listening.ts";

/** The identities that one engine hosts. */
export interface Accounts {
  /** Makes an identity at the relay and a device for it. Throws `account.nameTaken`. */
  create(input: { readonly name: string }, options?: CommandOptions): Promise<Account>;
  /** Throws `account.notFound`. */
  get(name: string): Promise<Account>;
  /** `deletedAt` is there once it is known that the identity was deleted at its relay. */
  list(): Promise<AccountSummary[]>;
  /**
   * Takes everything of an account out of the store: documents, keys, its name. Its identity must have been deleted at the
   * relay, else `account.notDeleted`; with `force` the identity lives on there, and nobody can ever use it again. Other
   * processes that have the account open notice it at their next command. Repeating it says `account.notFound`.
   */
  erase(name: string, options?: EraseOptions): Promise<void>;
}

/** One account in the list of all. */
export interface AccountSummary {
  readonly name: string;
  readonly address: string;
  readonly createdAt: string;
  readonly deletedAt?: string;
}

/** Options of `accounts.erase`. */
export interface EraseOptions {
  readonly force?: boolean;
}

/** The service, and the accounts that are open. */
export interface HostedAccounts {
  readonly accounts: Accounts;
  /** Those that are open; ones that another process has erased are let go of first. */
  opened(): HostedAccount[];
}

/** An open account, and its ear for news while it works in the background. */
export interface HostedAccount extends OpenedAccount {
  readonly listener: Listener | undefined;
}

const nameLengthMax = 100;

/** The accounts of an engine; each is opened once, and `opening` hears of it. */
export function createAccounts(
  engine: Engine,
  client: RelayClient,
  opening: (one: OpenedAccount) => Listener | undefined,
): HostedAccounts {
  const opened = new Map<string, HostedAccount>();
  const lanes = createLanes();

  const identityOf = async (name: string): Promise<Identity> => {
    const named = (await engine.store.get<NameRecord>(accountNameKey(name)))?.document;
    if (named === undefined || named.erasing === true) throw unknown(name);
    const isMade = named.creating === undefined;
    return isMade ? readIdentity(engine, named.account) : finishIdentity(engine, name, client);
  };

  // What another process erased is not open any more; somebody else may have its name by now.
  const openedAs = (name: string): HostedAccount | undefined => {
    const one = opened.get(name);
    if (one?.context.memory.isErased !== true) return one;
    opened.delete(name);
    one.listener?.stop();
    return undefined;
  };

  const open = async (name: string, identity: Identity): Promise<Account> => {
    const one = openAccount(engine, identity);
    // One that could not recover is not open: who asks again has it recover again.
    await recover(one.context);
    opened.set(name, { ...one, listener: opening(one) });
    return one.account;
  };

  const accounts: Accounts = Object.freeze({
    create: async (input: { readonly name: string }, given?: CommandOptions) => {
      const name = nameOf(input);
      const { commandId } = (unwrap(options(given)) ?? {}) as CommandOptions;
      return lanes.run(name, async () => {
        const identity = await createIdentity(engine, { name, commandId }, client);
        return openedAs(name)?.account ?? open(name, identity);
      });
    },
    get: async (given: string) => {
      const name = nameOf({ name: given });
      return lanes.run(name, async () => openedAs(name)?.account ?? open(name, await identityOf(name)));
    },
    list: async () => {
      const all = [];
      for await (const { document } of engine.store.find<AccountRecord>({ under: accountsPath })) {
        const { id, name, address, createdAt } = document;
        const deletedAt = await deletedAtOf(engine, id);
        all.push({ name, address, createdAt, ...(deletedAt === undefined ? {} : { deletedAt }) });
      }
      return all;
    },
    erase: async (given: string, how?: EraseOptions) => {
      const name = nameOf({ name: given });
      return lanes.run(name, async () => {
        const named = (await engine.store.get<NameRecord>(accountNameKey(name)))?.document;
        if (named === undefined) throw unknown(name);
        if (how?.force !== true && named.erasing === undefined) await assertDeleted(engine, name, named);
        const one = opened.get(name);
        opened.delete(name);
        one?.listener?.stop();
        if (one !== undefined) await retire(one.context);
        await one?.listener?.done();
        await eraseAccount(engine, name);
      });
    },
  });
  return { accounts, opened: () => [...opened.keys()].flatMap((name) => openedAs(name) ?? []) };
}

// What is known here is believed; otherwise the relay is asked.
async function assertDeleted(engine: Engine, name: string, { account: id, creating }: NameRecord): Promise<void> {
  if ((await deletedAtOf(engine, id)) !== undefined) return;
  const isDeleted =
    creating === undefined &&
    (await deletedAtRelay(engine.transport, (await readIdentity(engine, id)).secret)) !== undefined;
  if (isDeleted) return;
  const message = `The identity of "${name}" lives at its relay. Delete it first, or erase the account with force.`;
  throw fault("account.notDeleted", message);
}

function unknown(name: string) {
  return fault("account.notFound", `There is no account "${name}". Create it, or list the accounts.`);
}

function nameOf(input: { readonly name: string } | null | undefined): string {
  const name: unknown = input?.name;
  if (isText(name) && name.length >= 1 && name.length <= nameLengthMax) return name;
  throw fault("input.invalid", `name must be a text of 1 to ${nameLengthMax} characters.`);
}
