// A store that was written by an engine, opened to be looked at: the files for reading only, and of any store only the reading half.
import { statSync } from "node:fs";
import { openPast, type Past, type PastAccount, RapportError } from "rapport";
import { createLowdbStore } from "rapport/plugins/storage-lowdb";
import { createPostgresStore } from "rapport/plugins/storage-postgres";
import { createSqliteStore } from "rapport/plugins/storage-sqlite";

/** Which store, and which of its accounts; without a name the only one. */
export interface PastChoice {
  readonly store: string | undefined;
  readonly account: string | undefined;
}

/** An account's past. */
export interface OpenedPast extends AsyncDisposable {
  readonly past: Past;
  readonly account: PastAccount;
}

/** Opens the store and finds the account. Throws `input.invalid`, `account.notFound` and faults of the store. */
export async function openPastOf({ store, account }: PastChoice): Promise<OpenedPast> {
  const past = await openPast(parseStore(store));
  try {
    const found = accountIn(await past.accounts(), account);
    return { past, account: found, [Symbol.asyncDispose]: async () => past[Symbol.asyncDispose]() };
  } catch (problem) {
    await past[Symbol.asyncDispose]();
    throw problem;
  }
}

function parseStore(text: string | undefined): Parameters<typeof openPast>[0] {
  const [, kind, place = ""] = /^(lowdb|sqlite|postgres):(.+)$/s.exec(text ?? "") ?? [];
  if (kind === undefined) {
    const given = text === undefined ? "--store is missing" : `--store is "${text}"`;
    throw new RapportError("input.invalid", `${given}. Use sqlite:FILE, lowdb:FILE or postgres:URL.`);
  }
  // The scheme of a connection string is "postgres", too.
  if (kind === "postgres") return createPostgresStore({ connectionString: place.startsWith("//") ? `${text}` : place });
  if (statSync(place, { throwIfNoEntry: false })?.isFile() !== true)
    throw new RapportError("input.invalid", `--store: there is no file ${place}.`);
  const options = { file: place, readOnly: true };
  return kind === "lowdb" ? createLowdbStore(options) : createSqliteStore(options);
}

function accountIn(accounts: readonly PastAccount[], name: string | undefined): PastAccount {
  const found = name === undefined ? accounts : accounts.filter((one) => one.name === name);
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  const names = accounts.map((one) => one.name).join(", ");
  if (name !== undefined) {
    throw new RapportError(
      "account.notFound",
      `There is no account "${name}" in the store. It has: ${names || "none"}.`,
    );
  }
  const what = accounts.length === 0 ? "The store has no account." : `The store has several accounts: ${names}.`;
  throw new RapportError("input.invalid", `${what} Choose one with --account NAME.`);
}
