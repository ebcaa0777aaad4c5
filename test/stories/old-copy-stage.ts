// A library and a reader who know each other, and what may happen to the library's disk between two messages.

import { RapportError } from "rapport/core";
import type { MemoryDisk } from "rapport/plugins/storage-memory";
import { createStage, emptySnapshot, relayName, type Snapshot, type Stage } from "./crash-stage.ts";
import { accountOf, library, reader } from "./crash-story.ts";

/** The moment after the two got to know each other. */
export async function acquainted(): Promise<Snapshot> {
  await using stage = await createStage(await emptySnapshot(), 1);
  for (const name of [library, reader]) await (await stage.engine(name)).accounts.create({ name });
  await acquaint(stage);
  return stage.snapshot();
}

/** A handshake without a Request. */
export async function acquaint(stage: Stage): Promise<void> {
  const [owner, guest] = [await accountOf(stage, library), await accountOf(stage, reader)];
  const content = { "@type": "ArbitraryRelationshipTemplateContent", value: {} };
  const template = await owner.templates.create({ content, expiresAt: "2031-01-01T00:00:00.000Z" });
  const { id: templateId } = await guest.templates.load({ reference: template.reference.url });
  const creationContent = { "@type": "ArbitraryRelationshipCreationContent", value: {} };
  await guest.relationships.create({ templateId, creationContent });
  await owner.sync();
  const [pending] = await owner.relationships.find();
  await owner.relationships.accept(pending?.id ?? "");
  await guest.sync();
}

/** The library writes to the reader; the code of the refusal, or undefined when it went through. */
export async function write(stage: Stage, value: string): Promise<string | undefined> {
  const account = await accountOf(stage, library);
  const { address } = await accountOf(stage, reader);
  const content = { "@type": "ArbitraryMessageContent", value };
  try {
    await account.messages.send({ recipients: [address], content });
    return undefined;
  } catch (problem) {
    if (problem instanceof RapportError) return problem.code;
    throw problem;
  }
}

/** The library writes while the relay cannot be heard; the bytes may have left, and nobody knows. */
export async function writeIntoSilence(stage: Stage, value: string, when: "before" | "after"): Promise<void> {
  await accountOf(stage, library);
  const points = stage.points(library);
  points.watch({ at: 1, when, how: "silence", operation: "createMessage" });
  await write(stage, value);
  points.heal();
}

/** What the reader received, oldest first. */
export async function received(stage: Stage): Promise<unknown[]> {
  const account = await accountOf(stage, reader);
  await account.sync();
  const messages = await account.messages.find();
  return messages.filter(({ isOwn }) => !isOwn).map(({ content }) => content["value"]);
}

/** How many Messages the relay took. */
export function takenByRelay(stage: Stage): number {
  return [...stage.disk(relayName).documents().keys()].filter((key) => key.startsWith("relay/message/")).length;
}

/** The library starts again with a copy of its disk from before. */
export async function restore(stage: Stage, copy: MemoryDisk): Promise<void> {
  await stage.restart(library, copy.copy());
}
