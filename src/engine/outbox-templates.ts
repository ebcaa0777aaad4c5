// Templates and Files in events for publishers (C1, design.md 6): their reference holds a key, so the outbox and the dead
// letters keep them without it, and it is written anew when the event leaves. Who erased them meanwhile tells no key any more.
import { extended } from "../model/extended.ts";
import type { FileRecord } from "../model/file-record.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { TemplateRecord } from "../model/records.ts";
import { isObject } from "../sealed/shape.ts";
import type { Account } from "./context.ts";
import { presentFile } from "./file-view.ts";
import { presentTemplate } from "./templates-view.ts";

/** Where events carry a template as embedders see it: the whole payload, or one of its members; or a File, which is all. */
const places: { readonly [event: string]: "whole" | "template" | "file" } = {
  "transport.peerRelationshipTemplateLoaded": "whole",
  "transport.relationshipTemplateAllocationsExhausted": "whole",
  "consumption.relationshipTemplateProcessed": "template",
  "transport.fileOwnershipLocked": "file",
  "transport.fileOwnershipClaimed": "file",
};

/** The payload as it is stored. */
export function withoutTemplateKeys(name: string, data: JsonObject): JsonObject {
  const without = (view: JsonObject): JsonObject => {
    const { reference, truncatedReference, secretKey, passwordProtection, ownershipToken, ...rest } = view;
    return rest;
  };
  return placed(name, data, without) ?? data;
}

/** The payload as it leaves. */
export async function withTemplateKeys(account: Account, name: string, data: JsonObject): Promise<JsonObject> {
  const kept = places[name] === "template" ? data["template"] : data;
  const id = places[name] !== undefined && isObject(kept) ? kept["id"] : undefined;
  if (typeof id !== "string") return data;
  if (places[name] === "file") return withFileKeys(account, data, id);
  const record = (await account.store.get<TemplateRecord>(keyOf(account.id, "templates", id)))?.document;
  if (record === undefined) return data;
  const { reference, truncatedReference, secretKey, passwordProtection } = await presentTemplate(
    account,
    record,
    account.store.get,
  );
  if (secretKey === "") return data;
  const keys = {
    ...(passwordProtection === undefined ? {} : { passwordProtection }),
    reference,
    truncatedReference,
    secretKey,
  };
  return placed(name, data, (template) => extended(template, keys)) ?? data;
}

async function withFileKeys(account: Account, data: JsonObject, id: string): Promise<JsonObject> {
  const record = (await account.store.get<FileRecord>(keyOf(account.id, "files", id)))?.document;
  if (record === undefined) return data;
  const { reference, truncatedReference, ownershipToken } = await presentFile(account, record, account.store.get);
  const token = ownershipToken === undefined ? {} : { ownershipToken };
  return extended(data, { reference, truncatedReference, ...token });
}

function placed(name: string, data: JsonObject, change: (template: JsonObject) => JsonObject): JsonObject | undefined {
  const place = places[name];
  if (place === "whole" || place === "file") return change(data);
  const template = data["template"];
  return place === "template" && isObject(template) ? extended(data, { template: change(template) }) : undefined;
}
