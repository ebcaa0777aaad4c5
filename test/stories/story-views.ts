// What a story comes to, as everybody's doors show it.
import type { Stage } from "./crash-stage.ts";
import { accountOf } from "./crash-story.ts";

/** Everything that a person's door shows. */
export async function viewsOf(stage: Stage, name: string): Promise<unknown> {
  const account = await accountOf(stage, name);
  return {
    name,
    address: account.address,
    templates: await account.templates.find(),
    relationships: await account.relationships.find(),
    incoming: await account.requests.incoming.find(),
    outgoing: await account.requests.outgoing.find(),
    messages: await account.messages.find(),
    intents: await account.intents.list(),
    deadLetters: await account.deadLetters.list(),
  };
}

/** The views without ids and keys: where entropy is drawn in another order, these differ and nothing else does. */
export function unkeyed(views: readonly unknown[]): string {
  return JSON.stringify(views, undefined, 1)
    .replaceAll(/did:e:\w+:dids:[0-9a-f]{22}/g, "<address>")
    .replaceAll(/[\w-]{40,}/g, "<bytes>")
    .replaceAll(/\b([A-Z]{3,6})[A-Za-z0-9]{17}\b/g, "$1");
}
