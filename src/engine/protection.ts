// Passwords of templates and tokens on their way to the relay, which only sees their hash (spec/domain.md 2.3).

import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import type { PasswordProtection } from "../model/records.ts";
import { hashPassword, newSalt } from "../sealed/password.ts";
import type { Reference } from "../sealed/reference.ts";
import type { Account } from "./context.ts";
import { passwordLocations } from "./templates-view.ts";

/** What a protection adds to the secret, and the hash that the relay gets. */
export interface Protected {
  readonly hash: string;
  readonly secret: PasswordProtection & { readonly salt: string };
}

/** Hashes the password for the relay; takes over 100 ms. */
export async function protect(account: Account, protection: PasswordProtection): Promise<Protected> {
  const salt = newSalt(account.entropy);
  return { hash: await hashPassword(account.crypto, protection.password, salt), secret: { ...protection, salt } };
}

/** The hash that the relay wants for loading what the reference points at, and what is kept of it. */
export async function unlock(
  account: Account,
  shared: Reference["passwordProtection"],
  password: string | undefined,
): Promise<Outcome<Protected | undefined>> {
  if (shared === undefined) return allow(undefined);
  if (password === undefined) {
    return refuse("error.transport.noPasswordProvided", "It is password protected. Give its password.");
  }
  const { salt, passwordType, passwordLocationIndicator: number } = shared;
  const place = number === undefined ? undefined : (passwordLocations[number] ?? number);
  const secret = {
    password,
    salt,
    ...(passwordType.startsWith("pin") ? { passwordIsPin: true as const } : {}),
    ...(place === undefined ? {} : { passwordLocationIndicator: place }),
  };
  return allow({ hash: await hashPassword(account.crypto, password, salt), secret });
}
