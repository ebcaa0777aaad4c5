// `rapport connector identity status` and `identityDeletion init|cancel`: for a Connector that is not running, or on postgres.
import { type Account, createRapport, RapportError } from "rapport";
import { systemClock } from "rapport/plugins/platform-node";
import type { ConnectorTerminal } from "./command.ts";
import { readConfiguration } from "./config/reading.ts";
import { pluginsFor } from "./opening.ts";
import { pinoLog } from "./pino-log.ts";

/** Prints the address of each identity, and how far its deletion is. */
export async function showStatus(words: readonly string[], { write }: ConnectorTerminal): Promise<void> {
  await withAccounts(words, async ({ accounts, json }) => {
    const all = await Promise.all(accounts.map(statusOf));
    if (json) return write(JSON.stringify({ identities: all }));
    if (all.length === 0) return write('There is no identity yet; "rapport connector start" makes one.');
    for (const { name, address, deletion } of all) {
      write(`Identity ${name}: ${address}`);
      if (deletion !== undefined) write(`  deletion ${deletion.status}${endOf(deletion)}`);
    }
  });
}

/** Begins the deletion of an identity; prints one line. */
export async function initDeletion(words: readonly string[], { write }: ConnectorTerminal): Promise<void> {
  await withAccounts(words, async ({ accounts, json }) => {
    const { account, address } = theOne(accounts);
    const deletion = await account.deletion.start();
    if (json) return write(JSON.stringify({ address, deletion }));
    write(
      `The deletion of ${address} has begun${endOf(deletion)}. "identityDeletion cancel" takes it back until then.`,
    );
  });
}

/** Takes the deletion of an identity back; prints one line. */
export async function cancelDeletion(words: readonly string[], { write }: ConnectorTerminal): Promise<void> {
  await withAccounts(words, async ({ accounts, json }) => {
    const { account, address } = theOne(accounts);
    const deletion = await account.deletion.cancel();
    if (json) return write(JSON.stringify({ address, deletion }));
    write(`The deletion of ${address} is cancelled: the identity stays.`);
  });
}

interface Named {
  readonly name: string;
  readonly address: string;
  readonly account: Account;
}

interface Opened {
  readonly accounts: readonly Named[];
  readonly json: boolean;
}

async function withAccounts(given: readonly string[], work: (opened: Opened) => Promise<void>): Promise<void> {
  const { name: wanted, words } = accountIn(given);
  const { env: environment } = process;
  const nowMs = systemClock().now();
  const { config, json } = readConfiguration({ words, environment, folder: process.cwd(), nowMs });
  const log = pinoLog(config.logging);
  const { platformClientId: id, platformClientSecret: secret } = config.transportLibrary;
  const plugins = await pluginsFor(config, { log, environment });
  await using rapport = await createRapport({ plugins, client: { id, secret }, background: false });
  const names = wanted === undefined ? Object.keys(config.accounts ?? { [config.database.dbName]: {} }) : [wanted];
  const known = (await rapport.accounts.list()).filter(({ name }) => names.includes(name));
  if (wanted !== undefined && known.length === 0) {
    throw new RapportError("account.notFound", `There is no identity "${wanted}" in this store.`);
  }
  const accounts = await Promise.all(
    known.map(async ({ name, address }) => ({ name, address, account: await rapport.accounts.get(name) })),
  );
  await work({ accounts, json });
}

function accountIn(words: readonly string[]): { readonly name?: string; readonly words: readonly string[] } {
  const at = words.findIndex((word) => /^--account(=|$)/.test(word));
  const word = words[at];
  if (word === undefined) return { words };
  const isInWord = word.includes("=");
  const name = isInWord ? word.slice(word.indexOf("=") + 1) : words[at + 1];
  if (name === undefined || name === "") throw new RapportError("input.invalid", "--account needs a name.");
  return { name, words: words.toSpliced(at, isInWord ? 1 : 2) };
}

function theOne(accounts: readonly Named[]): Named {
  const [first, ...others] = accounts;
  if (first === undefined)
    throw new RapportError("account.notFound", "There is no identity yet that could be deleted.");
  if (others.length === 0) return first;
  const names = accounts.map(({ name }) => name).join(", ");
  throw new RapportError("input.invalid", `There are several identities: say --account with one of ${names}.`);
}

async function statusOf({ name, address, account }: Named) {
  const [last] = (await account.deletion.list()).slice(-1);
  const isOver = last === undefined || last.status === "Cancelled";
  return { name, address, ...(isOver ? {} : { deletion: last }) };
}

function endOf({ gracePeriodEndsAt }: { readonly gracePeriodEndsAt?: string | undefined }): string {
  return gracePeriodEndsAt === undefined ? "" : `, its period of grace ends at ${gracePeriodEndsAt}`;
}
