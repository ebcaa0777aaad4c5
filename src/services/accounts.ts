import type { Engine } from "../engine/context.ts";
import { createIdentity, finishIdentity, type NameRecord, type RelayClient, readIdentity } from "../engine/identity.ts";
import { fault } from "../errors/rapport-error.ts";
import { accountNameKey, accountsPath } from "../model/keys.ts";
import type { AccountRecord } from "../model/records.ts";
import { createLanes } from "../turn/lanes.ts";
import { type Account, type OpenedAccount, openAccount, recover } from "./account.ts";
import { isText } from "./door.ts";

/** The identities that one engine hosts. */
export interface Accounts {
  /** Makes an identity at the relay and a device for it. Throws `account.nameTaken`. */
  create(input: { readonly name: string }): Promise<Account>;
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

/** The accounts of an engine; each is opened once. */
export function createAccounts(engine: Engine, client: RelayClient): HostedAccounts {
  const opened = new Map<string, OpenedAccount>();
  const lanes = createLanes();

  const open = async (name: string): Promise<Account> => {
    const known = opened.get(name);
    if (known !== undefined) return known.account;
    const named = (await engine.store.get<NameRecord>(accountNameKey(name)))?.document;
    if (named === undefined)
      throw fault("account.notFound", `There is no account "${name}". Create it, or list the accounts.`);
    const isMade = named.creating === undefined;
    const identity = isMade ? await readIdentity(engine, named.account) : await finishIdentity(engine, name, client);
    const one = openAccount(engine, identity);
    // One that could not recover is not open: who asks again has it recover again.
    await recover(one.context);
    opened.set(name, one);
    return one.account;
  };

  const accounts: Accounts = Object.freeze({
    create: async (input: { readonly name: string }) => {
      const name = nameOf(input);
      return lanes.run(name, async () => {
        await createIdentity(engine, name, client);
        return open(name);
      });
    },
    get: async (given: string) => {
      const name = nameOf({ name: given });
      return lanes.run(name, () => open(name));
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
