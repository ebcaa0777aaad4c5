// Password protection of templates and tokens (spec/domain.md 2.1, 2.3).

import { passwordLocations } from "../engine/templates-view.ts";
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import type { PasswordProtection } from "../model/records.ts";
import { isText } from "./door.ts";

const pinShape = /^[0-9]{4,16}$/;
const firstOwnLocation = 50;
const lastLocation = 99;

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

function isLocation(place: number | string): boolean {
  if (typeof place === "string") return passwordLocations.indexOf(place) > 0;
  return Number.isInteger(place) && place >= firstOwnLocation && place <= lastLocation;
}

function wrong(message: string): Outcome<never> {
  return refuse("error.runtime.validation.invalidPropertyValue", `passwordProtection: ${message}.`);
}
