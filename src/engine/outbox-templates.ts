// Templates in events for publishers (C1, design.md 6): their reference holds a key, so the outbox and the dead letters keep
// them without it, and it is written anew when the event leaves. Who erased the template meanwhile tells no key any more.
import { extended } from "../model/extended.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { TemplateRecord } from "../model/records.ts";
import { isObject } from "../sealed/shape.ts";
import type { Account } from "./context.ts";
import { presentTemplate } from "./templates-view.ts";

/** Where events carry a template as embedders see it: the whole payload, or one of its members. */
const places: { readonly [event: string]: "whole" | "template" } = {
  "transport.peerRelationshipTemplateLoaded": "whole",
  "transport.relationshipTemplateAllocationsExhausted": "whole",
  "consumption.relationshipTemplateProcessed": "template",
};

/** The payload as it is stored. */
export function withoutTemplateKeys(name: string, data: JsonObject): JsonObject {
  return (
    placed(name, data, ({ reference, truncatedReference, secretKey, passwordProtection, ...rest }) => rest) ?? data
  );
}

/** The payload as it leaves. */
export async function withTemplateKeys(account: Account, name: string, data: JsonObject): Promise<JsonObject> {
  const kept = places[name] === "template" ? data["template"] : data;
  const id = places[name] !== undefined && isObject(kept) ? kept["id"] : undefined;
  if (typeof id !== "string") return data;
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

function placed(name: string, data: JsonObject, change: (template: JsonObject) => JsonObject): JsonObject | undefined {
  const place = places[name];
  if (place === "whole") return change(data);
  const template = data["template"];
  return place === "template" && isObject(template) ? extended(data, { template: change(template) }) : undefined;
}
