// The tags that the relay knows (spec/backbone-protocol.md 5.5), which some tags can only be judged with.
import { fault } from "../errors/rapport-error.ts";
import { needsTagCollection } from "../model/attribute-tags.ts";
import type { JsonObject } from "../model/json.ts";
import type { Account } from "./context.ts";

/** The relay's collection if one of the tags needs it. Throws `relay.unreachable`: without it nothing is judged. */
export async function lookAtTags(
  account: Account,
  tags: readonly string[] | undefined,
): Promise<JsonObject | undefined> {
  if (!needsTagCollection(tags)) return undefined;
  const answer = await account.transport.call({ operation: "getTags" }, account.session);
  if (answer.ok) return answer.result as JsonObject;
  throw fault("relay.unreachable", `The relay could not give its tags: ${answer.error.message}`);
}
