// Two Connectors, of which one has modules.
import type { ConnectorConfigInput } from "rapport/connector";
import type { JsonObject, LogPort } from "rapport/core";
import { expect } from "vitest";
import type { Actor, ActorOptions, Stage } from "./stage.ts";

const expiresAt = "2040-01-01T00:00:00.000Z";
const greeting = { "@type": "ArbitraryRelationshipCreationContent", value: { hello: "there" } };

/** Settings of modules by name. */
export type ModuleSettings = { readonly [name: string]: object };

/** An actor with these modules. */
export const withModules = (modules: ModuleSettings, more: ActorOptions = {}): ActorOptions => ({
  ...more,
  config: { modules } as Partial<ConnectorConfigInput>,
});

/** Bob loads a template of Alice's and asks for a Relationship. */
export async function knock(alice: Actor, bob: Actor): Promise<string> {
  const content = { "@type": "ArbitraryRelationshipTemplateContent", value: {} };
  const made = await alice.call("POST", "/api/v2/RelationshipTemplates/Own", { content, expiresAt });
  const reference = made.body.result.truncatedReference ?? made.body.result.reference.truncated;
  const loaded = await bob.call("POST", "/api/v2/RelationshipTemplates/Peer", { reference });
  const templateId = loaded.body.result.id;
  const asked = await bob.call("POST", "/api/v2/Relationships", { templateId, creationContent: greeting });
  expect(asked.status).toBe(201);
  return asked.body.result.id;
}

/** The status of a Relationship at one of them, if it is there. */
export async function statusAt(actor: Actor, id: string): Promise<string | undefined> {
  const { status, body } = await actor.call("GET", `/api/v2/Relationships/${id}`);
  return status === 200 ? body.result.status : undefined;
}

/** Two with an active Relationship; Alice accepts everybody. */
export async function befriended(stage: Stage, modules: ModuleSettings = {}) {
  const alice = await stage.actor(
    "alice",
    withModules({ autoAcceptPendingRelationships: { enabled: true }, ...modules }),
  );
  const bob = await stage.actor("bob");
  const id = await knock(alice, bob);
  await alice.call("POST", "/api/v2/Account/Sync");
  await bob.call("POST", "/api/v2/Account/Sync");
  return { alice, bob, id };
}

/** A log that can be looked at. */
export function recordingLog() {
  const entries: { readonly level: string; readonly message: string; readonly facts?: JsonObject | undefined }[] = [];
  const log: LogPort = { write: (level, message, facts) => entries.push({ level, message, facts }) };
  return {
    log,
    entries,
    warnings: () => entries.filter(({ level }) => level === "warn").map(({ message }) => message),
  };
}

/** What an actor knows of Relationships. */
export async function relationshipsOf(actor: Actor) {
  return (await actor.connector.identities[0]?.account.relationships.find()) ?? [];
}
