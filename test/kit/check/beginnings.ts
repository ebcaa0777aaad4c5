// Where scenes begin: two parties at some point of a Relationship, brought there by real steps.
import type { JsonObject } from "rapport/core";
import type { Side } from "./party.ts";
import { type Stage, startMs } from "./scene.ts";

/** A minute, in ms. */
export const minuteMs = 60_000;

/** The instant so many ms after the start. */
export const at = (ms: number): string => new Date(startMs + ms).toISOString();

const templatesEnd = at(90 * 24 * 60 * minuteMs);

/** The content of a template that asks nothing. */
export const silent: JsonObject = { "@type": "ArbitraryRelationshipTemplateContent", value: "hello" };

/** Published by one side. */
export interface Published {
  readonly id: string;
  readonly reference: string;
}

/** Publishes a template. */
export async function publish(stage: Stage, side: Side, content: JsonObject): Promise<Published> {
  const made: Published[] = [];
  await stage.take(side, "publish", async (account) => {
    const { id, reference } = await account.templates.create({ content, expiresAt: templatesEnd });
    made.push({ id, reference: reference.truncated });
  });
  const [one] = made;
  if (one === undefined) throw new Error("No template was published.");
  return one;
}

/** Synchronises. */
export const sync = (stage: Stage, side: Side) => stage.take(side, "sync", (account) => account.sync());

/** B has created a Relationship, and A knows. */
export async function meet(stage: Stage): Promise<void> {
  const { id, reference } = await publish(stage, "A", silent);
  await stage.take("B", "create", async (account) => {
    await account.templates.load({ reference });
    await account.relationships.create({
      templateId: id,
      creationContent: { "@type": "ArbitraryRelationshipCreationContent", value: "hello" },
    });
  });
  await sync(stage, "A");
}

/** Takes a step of the only Relationship. */
export const step = (stage: Stage, side: Side, name: "accept" | "terminate" | "requestReactivation" | "decompose") =>
  stage.take(side, name, async (account) => {
    const [one] = await account.relationships.find();
    if (one !== undefined) await account.relationships[name](one.id);
  });

/** A has accepted it, and B knows. */
export async function befriend(stage: Stage): Promise<void> {
  await meet(stage);
  await step(stage, "A", "accept");
  await sync(stage, "B");
}

/** B has terminated it, and A knows. */
export async function part(stage: Stage): Promise<void> {
  await befriend(stage);
  await step(stage, "B", "terminate");
  await sync(stage, "A");
}
