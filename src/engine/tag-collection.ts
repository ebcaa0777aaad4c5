// The tags that the relay knows (spec/backbone-protocol.md 5.5), which some tags can only be judged with.
import { fault } from "../errors/rapport-error.ts";
import { tagsFreshMs } from "../limits.ts";
import { needsTagCollection } from "../model/attribute-tags.ts";
import type { JsonObject } from "../model/json.ts";
import type { Account } from "./context.ts";

/** The relay's collection if one of the tags needs it. Throws `relay.unreachable`: without it nothing is judged. */
export async function lookAtTags(
  account: Account,
  tags: readonly string[] | undefined,
): Promise<JsonObject | undefined> {
  if (!needsTagCollection(tags)) return undefined;
  return tagCollection(account);
}

/** The relay's collection of tags (spec/backbone-protocol.md 5.5), asked for again only when the known one is old. */
export async function tagCollection(account: Account): Promise<JsonObject> {
  const { memory, clock } = account;
  const known = memory.tags;
  if (known !== undefined && clock.now() < known.freshUntilMs) return known.collection;
  const version = known?.etag === undefined ? {} : { etag: known.etag };
  const answer = await account.transport.call({ operation: "getTags", ...version }, account.session);
  if (!answer.ok) throw fault("relay.unreachable", `The relay gave no tags: ${answer.error.message}`);
  const isCurrent = known !== undefined && answer.status === 304;
  const collection = isCurrent ? known.collection : (answer.result as JsonObject);
  memory.tags = { collection, etag: answer.etag ?? known?.etag, freshUntilMs: clock.now() + tagsFreshMs };
  return collection;
}
