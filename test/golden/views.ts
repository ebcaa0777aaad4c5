// Everything that the doors show of an account, as JSON.
import type { Account, Rapport } from "rapport";
import type { Json } from "rapport/core";
import type { Houses } from "./houses.ts";
import { plain } from "./wire-journal.ts";

/** Every public list of one account, and what belongs to single entries. Nothing here needs the relay. */
export async function viewsOf(engine: Rapport, person: string): Promise<Json> {
  const account = await engine.accounts.get(person);
  const incoming = [
    ...(await account.requests.incoming.find()),
    ...(await account.requests.incoming.find({ ignored: true })),
  ];
  const relationships = await account.relationships.find();
  return plain({
    person,
    address: account.address,
    identity: await account.identityInfo(),
    syncInfo: await account.syncInfo(),
    templates: await account.templates.find(),
    tokens: await account.tokens.find(),
    files: await account.files.find(),
    relationships,
    relationshipDecisions: await Promise.all(relationships.map(({ id }) => account.relationships.decision(id))),
    incoming,
    decisions: await Promise.all(incoming.map(({ id }) => account.requests.incoming.decision(id))),
    explained: await Promise.all(incoming.map(({ id }) => account.requests.incoming.explain(id))),
    outgoing: await account.requests.outgoing.find(),
    messages: await account.messages.find(),
    notifications: await account.notifications.find(),
    attributes: await account.attributes.find(),
    forwardings: await forwardingsOf(account),
    metadata: await metadataOf(account),
    deletions: await account.deletion.list(),
    intents: await account.intents.list(),
    deadLetters: await account.deadLetters.list(),
  });
}

/** The views of everybody. */
export async function allViews(houses: Houses): Promise<Json[]> {
  const views: Json[] = [];
  for (const { people } of houses.plans) {
    for (const person of people) views.push(await viewsOf(houses.engineOf(person), person));
  }
  return views;
}

async function forwardingsOf(account: Account): Promise<unknown[]> {
  const own = await account.attributes.own();
  return Promise.all(own.map(({ id }) => account.attributes.forwardingDetails(id)));
}

async function metadataOf(account: Account): Promise<unknown> {
  return account.identityMetadata.get({ reference: account.address }).catch(() => null);
}
