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
import { type Account, type OpenedAccount, openAccount, recover } from "./account.ts";
import { isText, options } from "./door.ts";

/** The identities that one engine hosts. */
export interface Accounts {
  /** Makes an identity at the relay and a device for it. Throws `account.nameTaken`. */
  create(input: { readonly name: string }, options?: CommandOptions): Promise<Account>;
  /** Throws `account.notFound`. */
  get(name: string): Promise<Account>;
  list(): Promise<{ readonly name: string; readonly address: string; readonly createdAt: string }[]>;
}

/** The service, and the accounts that are open. */
export interface HostedAccounts {
  readonly accounts: Accounts;
  readonly opened: ReadonlyMap<string, OpenedAccount>;
}

const nameLengthMax = 100;

/** The accounts of an engine; each is opened once, and `opening` hears of it. */
export function createAccounts(
  engine: Engine,
  client: RelayClient,
  opening: (one: OpenedAccount) => void,
): HostedAccounts {
  const opened = new Map<string, OpenedAccount>();
  const lanes = createLanes();

  const identityOf = async (name: string): Promise<Identity> => {
    const named = (await engine.store.get<NameRecord>(accountNameKey(name)))?.document;
    if (named === undefined)
      throw fault("account.notFound", `There is no account "${name}". Create it, or list the accounts.`);
    const isMade = named.creating === undefined;
    return isMade ? readIdentity(engine, named.account) : finishIdentity(engine, name, client);
  };

  const open = async (name: string, identity: Identity): Promise<Account> => {
    const one = openAccount(engine, identity);
    // One that could not recover is not open: who asks again has it recover again.
    await recover(one.context);
    opened.set(name, one);
    opening(one);
    return one.account;
  };

  const accounts: Accounts = Object.freeze({
    create: async (input: { readonly name: string }, given?: CommandOptions) => {
      const name = nameOf(input);
      const { commandId } = (unwrap(options(given)) ?? {}) as CommandOptions;
      return lanes.run(name, async () => {
        const identity = await createIdentity(engine, { name, commandId }, client);
        return opened.get(name)?.account ?? open(name, identity);
      });
    },
    get: async (given: string) => {
      const name = nameOf({ name: given });
      return lanes.run(name, async () => opened.get(name)?.account ?? open(name, await identityOf(name)));
    },
    list: async () => {
      const all = [];
      for await (const { document } of engine.store.find<AccountRecord>({ under: accountsPath })) {
        all.push({ name: document.name, address: document.address, createdAt: document.createdAt });
      }
      return all;
    },
  });
  return { accounts, opened };
}

function nameOf(input: { readonly name: string } | null | undefined): string {
  const name: unknown = input?.name;
  if (isText(name) && name.length >= 1 && name.length <= nameLengthMax) return name;
  throw fault("input.invalid", `name must be a text of 1 to ${nameLengthMax} characters.`);
}
