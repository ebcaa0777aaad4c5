// The versions of the relay's collections. Each module that owns a collection has its upgrades; here they are listed.
import type { SchemaPlace } from "../turn/schema.ts";

/** Where the relay's collections are; none of them has had an earlier version. */
export const relaySchemas: SchemaPlace = Object.freeze({
  key: "relay/schema/versions",
  schemas: Object.freeze({}),
  paths: async (kind: string) => [`relay/${kind}`],
});
