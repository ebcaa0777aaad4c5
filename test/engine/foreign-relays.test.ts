// Relays that keep no idempotency keys: the engine looks before it sends again (docs/decisions/0006-relays-of-others.md).
import { type Account, createRapport } from "rapport";
import { type Plugin, Transport } from "rapport/core";
import { memoryStorage } from "rapport/plugins/storage-memory";
import { createLoopbackTransport } from "rapport/plugins/transport-loopback";
import { createWorld } from "rapport/testkit";
import { describe, expect, test } from "vitest";
import {
  active,
  arbitrary,
  both,
  type CoupleOptions,
  onDay,
  only,
  pending,
  type Related,
  reasons,
  terminated,
} from "../services/scenes.ts";

import { finish, losses, shaky } from "./lost-calls.ts";

const scenes = { pending, active, terminated, reviving };

/** The templator asked to revive what the initiator ended; both know. */
async function reviving(options: CoupleOptions): Promise<Related> {
  const two = await terminated(options);
  await two.templator.account.relationships.requestReactivation(two.id);
  await two.initiator.account.sync();
  return two;
}

type Method = Exclude<
  keyof Account["relationships"],
  "get" | "find" | "each" | "can" | "canCreate" | "create" | "changes" | "decision"
>;
interface Step {
  readonly method: Method;
  readonly operation: string;
  readonly from: keyof typeof scenes;
  readonly who: "templator" | "initiator";
  readonly reason: string;
}
const steps: readonly Step[] = [
  row("accept", "acceptRelationship", "pending", "templator", "AcceptanceOfCreation"),
  row("reject", "rejectRelationship", "pending", "templator", "RejectionOfCreation"),
  row("revoke", "revokeRelationship", "pending", "initiator", "RevocationOfCreation"),
  row("terminate", "terminateRelationship", "active", "templator", "Termination"),
  row("requestReactivation", "requestReactivation", "terminated", "templator", "ReactivationRequested"),
  row("acceptReactivation", "acceptReactivation", "reviving", "initiator", "AcceptanceOfReactivation"),
  row("rejectReactivation", "rejectReactivation", "reviving", "initiator", "RejectionOfReactivation"),
  row("revokeReactivation", "revokeReactivation", "reviving", "templator", "RevocationOfReactivation"),
];

function row(...[method, operation, from, who, reason]: [Method, string, Step["from"], Step["who"], string]): Step {
  return { method, operation, from, who, reason };
}

describe.for(steps)("$method at a relay of others", ({ method, operation, from, who, reason }) => {
  test.for(losses)(
    "happens once when $howMany calls get lost $when they are heard, and $by finishes it",
    async (loss) => {
      const { options, lose, heal } = shaky();
      const two = await scenes[from]({ templator: options, initiator: options });
      const other = who === "templator" ? two.initiator : two.templator;
      lose(operation, loss.when, loss.howMany);

      await two[who].account.relationships[method](two.id).catch(() => undefined);
      heal();
      await finish(two[who], loss.by);
      await other.account.sync();

      const said = reasons(await both(two));
      expect(said.filter((one) => one === reason)).toEqual([reason]);
      expect(said.at(-1)).toBe(reason);
      expect(two.world.warnings).toEqual([]);
    },
  );
});

test("an acceptance that was found done at a relay of others has the keys that were sent", async () => {
  const { options, lose, heal } = shaky();
  const two = await pending({ templator: options, initiator: options });
  lose("acceptRelationship", "after", "all");
  await expect(two.templator.account.relationships.accept(two.id)).rejects.toMatchObject({ code: "relay.unreachable" });
  heal();
  await finish(two.templator, "restart");
  await two.initiator.account.sync();

  const content = { "@type": "ArbitraryMessageContent", value: { hello: 1 } };
  await two.templator.account.messages.send({ recipients: [two.initiator.account.address], content });
  await two.initiator.account.messages.send({ recipients: [two.templator.account.address], content });

  expect((await two.initiator.account.sync()).messages).toMatchObject([{ content }]);
  expect((await two.templator.account.sync()).messages).toMatchObject([{ content }]);
});

test.for(losses)(
  "leaving happens once when $howMany calls get lost $when they are heard, and $by finishes it",
  async (loss) => {
    const { options, lose, heal } = shaky();
    const two = await terminated({ templator: options, initiator: options });
    lose("decomposeRelationship", loss.when, loss.howMany);

    await two.templator.account.relationships.decompose(two.id).catch(() => undefined);
    heal();
    await finish(two.templator, loss.by);
    await two.initiator.account.sync();

    expect(await two.templator.account.relationships.find()).toEqual([]);
    expect(JSON.stringify([...two.templator.disk.documents()])).not.toContain(two.id);
    expect(await two.initiator.account.relationships.get(two.id)).toMatchObject({ status: "DeletionProposed" });
  },
);

test.for(losses)(
  "a Message arrives once when $howMany calls get lost $when they are heard, and $by finishes it",
  async (loss) => {
    const { options, lose, heal } = shaky();
    const two = await active({ templator: options, initiator: options });
    const { account } = two.templator;
    const letter = (value: number) => ({
      recipients: [two.initiator.account.address],
      content: { "@type": "ArbitraryMessageContent", value },
    });
    await account.messages.send(letter(1));
    lose("createMessage", loss.when, loss.howMany);

    await account.messages.send(letter(2)).catch(() => undefined);
    heal();
    await finish(two.templator, loss.by);

    const { messages } = await two.initiator.account.sync();
    expect(messages.map(({ content }) => content["value"])).toEqual([1, 2]);
    expect((await two.templator.account.messages.find()).map(({ content }) => content["value"])).toEqual([1, 2]);
  },
);

test.for(losses)(
  "a template and a token come to be here once when $howMany calls get lost $when they are heard, and $by finishes them",
  async (loss) => {
    const { options, lose, heal } = shaky();
    await using world = await createWorld();
    const person = await world.person("somebody", options);
    lose("createTemplate", loss.when, loss.howMany);
    await person.account.templates.create({ content: arbitrary, expiresAt: onDay(9) }).catch(() => undefined);
    heal();
    await finish(person, loss.by);
    const template = only(await person.account.templates.find());
    lose("createToken", loss.when, loss.howMany);

    await person.account.tokens.createForTemplate({ templateId: template.id, ephemeral: false }).catch(() => undefined);
    heal();
    await finish(person, loss.by);

    expect([...person.disk.documents()].filter(([key]) => key.includes("/tokens/"))).toHaveLength(1);
  },
);

test("an identity whose making nobody heard of is made with new keys, under the same name", async () => {
  await using world = await createWorld();
  const { options, lose, heal } = shaky();
  const transport = options.transport?.(createLoopbackTransport(world.relay)) ?? createLoopbackTransport(world.relay);
  const way: Plugin = { name: "way", register: ({ provide }) => provide(Transport, () => transport) };
  await using rapport = await createRapport({ plugins: [way, memoryStorage()], background: false });
  lose("createIdentity", "after", "all");
  await expect(rapport.accounts.create({ name: "acme" })).rejects.toMatchObject({ code: "relay.unreachable" });
  heal();

  const account = await rapport.accounts
    .create({ name: "acme" }, { commandId: "first" })
    .catch(() => rapport.accounts.get("acme"));

  await account.templates.create({ content: arbitrary, expiresAt: onDay(9) });
  expect(await rapport.accounts.list()).toMatchObject([{ name: "acme", address: account.address }]);
});

describe("a File at a relay of others", () => {
  const letter = { content: new Uint8Array([1, 2, 3]), filename: "letter.txt", mimetype: "text/plain" };

  test.for(losses)(
    "is uploaded once when $howMany calls get lost $when they are heard, and $by finishes it",
    async (loss) => {
      const { options, lose, heal } = shaky();
      await using world = await createWorld();
      const person = await world.person("person", options);
      lose("createFile", loss.when, loss.howMany);

      await person.account.files.upload(letter).catch(() => undefined);
      heal();
      await finish(person, loss.by);

      const file = only(await person.account.files.find());
      expect(file.ownershipToken).toMatch(/^\w{20}$/);
      expect((await person.account.files.download(file.id)).content).toEqual(letter.content);
      expect([...world.relayDisk.documents()].filter(([key]) => key.startsWith("relay/file/"))).toHaveLength(1);
      expect([...person.disk.documents()].filter(([key]) => key.includes("/uploads/"))).toEqual([]);
      expect(world.warnings).toEqual([]);
    },
  );
});
