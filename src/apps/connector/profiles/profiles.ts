// The profiles by name.
import type { Profile, ProfileName, ProfileSettings } from "./profile.ts";
import { unionProfile } from "./union.ts";

/** The profile of a name, with the settings of this Connector. */
export function profileOf(name: ProfileName, settings: ProfileSettings): Profile {
  return { ...unionProfile(settings), name };
}
