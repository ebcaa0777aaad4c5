// The versions of an account's collections. Each module that owns a collection has its upgrades; here they are listed.
import { accountNamesPath, type Kind, pathOf, schemaKey } from "../model/keys.ts";
import type { Store } from "../ports/store.ts";
import type { Schema, SchemaPlace } from "../turn/schema.ts";
import type { NameRecord } from "./identity.ts";

/** Collections that have had an earlier version. States inside of documents have versions of their own (machines/). */
const schemas: { readonly [kind in Kind]?: Schema } = Object.freeze({});

/** Where the engine's collections are in a store. */
export function engineSchemas(store: Pick<Store, "find">): SchemaPlace {
  return {
    key: schemaKey,
    schemas,
    paths: async (kind) => {
      const paths: string[] = [];
      for await (const { document } of store.find<NameRecord>({ under: accountNamesPath })) {
        paths.push(pathOf(document.account, kind as Kind));
      }
      return paths;
    },
  };
}
