// The profiles by name.
import { gen1Profile } from "./gen1.ts";
import { gen2Profile } from "./gen2.ts";
import { gen3Profile } from "./gen3.ts";
import type { Profile, ProfileName, ProfileSettings } from "./profile.ts";
import { unionProfile } from "./union.ts";

const makers: { readonly [Name in ProfileName]: (settings: ProfileSettings) => Profile } = {
  union: unionProfile,
  gen1: gen1Profile,
  gen2: () => gen2Profile,
  gen3: () => gen3Profile,
};

/** The profile of a name, with the settings of this Connector. */
export function profileOf(name: ProfileName, settings: ProfileSettings): Profile {
  return makers[name](settings);
}
