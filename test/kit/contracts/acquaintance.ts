// Two people in a world who know each other, for laws that only whole engines can prove.
import type { JsonObject, Plugin } from "rapport/core";
import { createWorld, type Person, type World } from "../world.ts";

/** Two people with an active Relationship. */
export interface Acquaintance extends AsyncDisposable {
  readonly world: World;
  readonly asker: Person;
  readonly answerer: Person;
  /** Sends a Request of these items, and gives the id that it has on both sides. */
  ask(items: readonly JsonObject[]): Promise<string>;
}

/** Makes two people with these plugins acquainted. */
export async function acquainted(
  plugins: { readonly asker?: readonly Plugin[]; readonly answerer?: readonly Plugin[] } = {},
): Promise<Acquaintance> {
  const world = await createWorld();
  const asker = await world.person("asker", { plugins: plugins.asker ?? [] });
  const answerer = await world.person("answerer", { plugins: plugins.answerer ?? [] });
  const content = { "@type": "ArbitraryRelationshipTemplateContent", value: {} };
  const template = await asker.account.templates.create({ content, expiresAt: "2031-01-01T00:00:00.000Z" });
  const { id: templateId } = await answerer.account.templates.load({ reference: template.reference.url });
  const creationContent = { "@type": "ArbitraryRelationshipCreationContent", value: {} };
  const { id } = await answerer.account.relationships.create({ templateId, creationContent });
  await asker.account.sync();
  await asker.account.relationships.accept(id);
  await answerer.account.sync();
  return {
    world,
    asker,
    answerer,
    async ask(items) {
      const peer = answerer.account.address;
      const request = await asker.account.requests.outgoing.create({ content: { "@type": "Request", items }, peer });
      await asker.account.messages.send({ recipients: [peer], content: request.content });
      await answerer.account.sync();
      return request.id;
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}
