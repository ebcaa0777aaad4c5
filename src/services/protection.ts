// Password protection of templates and tokens (spec/domain.md 2.1, 2.3).

import type { Account } from "../engine/context.ts";
import { passwordLocations } from "../engine/templates-view.ts";
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import type { PasswordProtection } from "../model/records.ts";
import { hashPassword, newSalt } from "../sealed/password.ts";
import type { Reference } from "../sealed/reference.ts";
import { isText } from "./door.ts";

const pinShape = /^[0-9]{4,16}$/;
const firstOwnLocation = 50;
const lastLocation = 99;

/** What a protection adds to the secret, and the hash that the relay gets. */
export interface Protected {
  readonly hash: string;
  readonly secret: PasswordProtection & { readonly salt: string };
}

/** A password protection of which nothing is wrong, with its own members and no others. */
export function checkProtection(protection: PasswordProtection): Outcome<PasswordProtection> {
  if (typeof protection !== "object" || protection === null) return wrong("give an object with a password");
  const { password, passwordIsPin, passwordLocationIndicator: place } = protection;
  if (!isText(password) || password.length < 1) return wrong("password must be a text of at least one character");
  if (passwordIsPin !== undefined && passwordIsPin !== true) return wrong("passwordIsPin must be true or absent");
  if (passwordIsPin === true && !pinShape.test(password))
    return wrong("password must be 4 to 16 decimal digits, because passwordIsPin is true");
  const pin = passwordIsPin === undefined ? {} : { passwordIsPin };
  if (place === undefined) return allow({ password, ...pin });
  if (isLocation(place)) return allow({ password, ...pin, passwordLocationIndicator: place });
  return wrong(
    `passwordLocationIndicator must be one of ${passwordLocations.slice(1).join(", ")}, or a number from 50 to 99`,
  );
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

function isLocation(place: number | string): boolean {
  if (typeof place === "string") return passwordLocations.indexOf(place) > 0;
  return Number.isInteger(place) && place >= firstOwnLocation && place <= lastLocation;
}

function wrong(message: string): Outcome<never> {
  return refuse("error.runtime.validation.invalidPropertyValue", `passwordProtection: ${message}.`);
}
