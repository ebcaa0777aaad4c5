// Parties that talk through the published client.
import type { ConnectorClient } from "@nmshd/connector-sdk";
import { type Called, type Check, publishedClient } from "../published-client.ts";
import type { Stage } from "../stage.ts";

/** Somebody with a client. */
export interface Party {
  readonly name: string;
  readonly client: ConnectorClient;
  readonly address: string;
  readonly url: string;
}

/** Everybody, and how to look at what comes. */
export interface Journey {
  readonly alice: Party;
  readonly bob: Party;
  readonly carol: Party;
  readonly check: Check;
}

const version = publishedClient("@nmshd/connector-sdk");

/** Every method that the client has. */
export const everyMethod = version.everyMethod;

/** Holds a body without envelope against a shipped schema. */
export const expectShape = version.expectShape;

/** Makes the parties of one profile. */
export async function journeyOn(stage: Stage, profile: "union" | "gen2", called: Called): Promise<Journey> {
  const { checkFor, clientFor } = version;
  const check = checkFor(profile === "gen2");
  const party = async (name: string): Promise<Party> => {
    const { url } = await stage.actor(name);
    const base = profile === "union" ? url : `${url}/gen/${profile}`;
    const client = clientFor(base, called);
    const { address } = (await check(client.account.getIdentityInfo() as never, "IdentityInfo")) as { address: string };
    return { name, client, address, url };
  };
  return { alice: await party("alice"), bob: await party("bob"), carol: await party("carol"), check };
}

/** A day from now. */
export const tomorrow = (): string => new Date(Date.now() + 86_400_000).toISOString();

/** Lets everybody fetch what the others did, until nothing moves any more. */
export async function settle(...parties: readonly Party[]): Promise<void> {
  for (const { client } of [...parties, ...parties]) {
    const { isSuccess, error } = await client.account.sync();
    if (!isSuccess) throw new Error(`${error.code}: ${error.message}`);
  }
}

/** An active Relationship from a template of `templator`; gives its id. */
export async function befriend({ check }: Journey, templator: Party, initiator: Party): Promise<string> {
  const relationship = await pendingBetween(check, templator, initiator);
  await settle(templator);
  await check(templator.client.relationships.acceptRelationship(relationship.id) as never, "ConnectorRelationship");
  await settle(initiator, templator);
  return relationship.id;
}

/** A pending Relationship; the initiator is the one who created it. */
export async function pendingBetween(check: Check, templator: Party, initiator: Party): Promise<{ id: string }> {
  const template = await templateFor(check, templator, initiator);
  return check(
    initiator.client.relationships.createRelationship({
      templateId: template.id,
      creationContent: { "@type": "ArbitraryRelationshipCreationContent", value: { note: "hello" } },
    }) as never,
    "ConnectorRelationship",
  );
}

/** A template of the templator with free content, loaded by the other. */
export async function templateFor(check: Check, templator: Party, initiator: Party): Promise<{ id: string }> {
  const own: { truncatedReference: string } = await check(
    templator.client.relationshipTemplates.createOwnRelationshipTemplate({
      content: { "@type": "ArbitraryRelationshipTemplateContent", value: { a: "b" } },
      expiresAt: tomorrow(),
      maxNumberOfAllocations: 3,
    }) as never,
    "ConnectorRelationshipTemplate",
  );
  return check(
    initiator.client.relationshipTemplates.loadPeerRelationshipTemplate({ reference: own.truncatedReference }) as never,
    "ConnectorRelationshipTemplate",
  );
}
