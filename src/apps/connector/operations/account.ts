// The account itself (spec/connector-api.md 1.3).
import { z } from "zod";
import { table } from "../operation.ts";
import { anyObject, instant } from "../shapes/values.ts";

const group = { tag: "Account", scopes: ["core:account"], mounts: ["v2", "core"] } as const;

/** Routes of the account. */
export const accountOperations = table({
  getIdentityInfo: {
    ...group,
    method: "GET",
    path: "/Account/IdentityInfo",
    summary: "Address and public key of the identity.",
    success: 200,
    result: z.strictObject({ address: z.string(), publicKey: z.string() }),
  },
  getSyncInfo: {
    ...group,
    method: "GET",
    path: "/Account/SyncInfo",
    summary: "When the last sync ended.",
    success: 200,
    result: z.strictObject({ lastSyncRun: z.strictObject({ completedAt: instant }).optional() }),
  },
  sync: {
    ...group,
    method: "POST",
    path: "/Account/Sync",
    summary: "Fetches what peers did. 200 with what came, or 204: see the profiles.",
    success: 200,
    result: z.looseObject({ messages: z.array(anyObject), relationships: z.array(anyObject) }),
  },
});
