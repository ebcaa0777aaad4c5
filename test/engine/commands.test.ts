// Commands that are repeated under one commandId (design.md 7).
import type { Account } from "rapport";
import type { Call } from "rapport/core";
import { type PersonOptions, unreliable } from "rapport/testkit";
import { describe, expect, test } from "vitest";
import {
  active,
  arbitrary,
  ask,
  couple,
  greeting,
  loadRequest,
  no,
  onDay,
  only,
  pending,
  type Related,
  structured,
  terminated,
  yes,
} from "../services/scenes.ts";

const commandId = "the same one";
const dayMs = 24 * 60 * 60 * 1000;

/** A way to the relay that is closed while `down.for` names the operation. */
function breakable() {
  const down: { for?: string; when: "before" | "after" | "unsent" } = { when: "after" };
  const options: PersonOptions = {
    transport: (transport) =>
      unreliable(transport, (call: Call) => (call.operation === down.for ? down.when : undefined)),
  };
  return { down, options };
}

interface Case {
  readonly operation: string | undefined;
  /** Prepares, and gives the command of the initiator. */
  arrange(options: PersonOptions): Promise<{
    two: Pick<Related, "world" | "templator" | "initiator">;
    run: (account: Account) => Promise<unknown>;
  }>;
}

const id = { commandId };
const asInitiator = (options: PersonOptions) => ({ initiator: options });

const cases: { readonly [name: string]: Case } = {
  "templates.create": {
    operation: "createTemplate",
    arrange: async (options) => ({
      two: await couple(asInitiator(options)),
      run: ({ templates }) => templates.create({ content: structured(), expiresAt: onDay(9) }, id),
    }),
  },
  "tokens.createForTemplate": {
    operation: "createToken",
    arrange: async (options) => {
      const two = await couple(asInitiator(options));
      const { id: templateId } = await two.initiator.account.templates.create({
        content: arbitrary,
        expiresAt: onDay(9),
      });
      return { two, run: ({ tokens }) => tokens.createForTemplate({ templateId, ephemeral: false }, id) };
    },
  },
  "requests.incoming.accept": {
    operation: "createRelationship",
    arrange: async (options) => {
      const two = await couple(asInitiator(options));
      const request = await loadRequest(two.initiator.account, two.template);
      return { two, run: ({ requests }) => requests.incoming.accept(request.id, yes, id) };
    },
  },
  "requests.incoming.reject": {
    operation: "createMessage",
    arrange: async (options) => {
      const two = await active(asInitiator(options));
      const peer = two.initiator.account.address;
      const draft = await two.templator.account.requests.outgoing.create({ content: ask(), peer });
      await two.templator.account.messages.send({ recipients: [peer], content: draft.content });
      await two.initiator.account.sync();
      return { two, run: ({ requests }) => requests.incoming.reject(draft.id, no, id) };
    },
  },
  "requests.outgoing.create": {
    operation: undefined,
    arrange: async (options) => {
      const two = await active(asInitiator(options));
      const peer = two.templator.account.address;
      return { two, run: ({ requests }) => requests.outgoing.create({ content: ask(), peer }, id) };
    },
  },
  "messages.send": {
    operation: "createMessage",
    arrange: async (options) => {
      const two = await active(asInitiator(options));
      const content = { "@type": "ArbitraryMessageContent", value: 1 };
      return {
        two,
        run: ({ messages }) => messages.send({ recipients: [two.templator.account.address], content }, id),
      };
    },
  },
  "relationships.create": {
    operation: "createRelationship",
    arrange: async (options) => {
      const two = await couple({ content: arbitrary, ...asInitiator(options) });
      const { id: templateId } = await two.initiator.account.templates.load({
        reference: two.template.reference.truncated,
      });
      const input = { templateId, creationContent: greeting };
      return { two, run: ({ relationships }) => relationships.create(input, id) };
    },
  },
  "relationships.revoke": {
    operation: "revokeRelationship",
    arrange: async (options) => {
      const two = await pending(asInitiator(options));
      return { two, run: ({ relationships }) => relationships.revoke(two.id, id) };
    },
  },
  "relationships.terminate": {
    operation: "terminateRelationship",
    arrange: async (options) => {
      const two = await active(asInitiator(options));
      return { two, run: ({ relationships }) => relationships.terminate(two.id, id) };
    },
  },
  "relationships.requestReactivation": {
    operation: "requestReactivation",
    arrange: async (options) => {
      const two = await terminated(asInitiator(options));
      return { two, run: ({ relationships }) => relationships.requestReactivation(two.id, id) };
    },
  },
  "relationships.decompose": {
    operation: "decomposeRelationship",
    arrange: async (options) => {
      const two = await terminated(asInitiator(options));
      return { two, run: ({ relationships }) => relationships.decompose(two.id, id) };
    },
  },
};

describe.for(Object.entries(cases))("%s", ([, { operation, arrange }]) => {
  test("repeated, also after a restart, it gives the same and does nothing twice", async () => {
    const { two, run } = await arrange({});
    const first = await run(two.initiator.account);
    const calls = two.world.calls.length;

    const second = await run(two.initiator.account);
    const third = await run(await two.initiator.restart());

    expect([second, third]).toEqual([first, first]);
    expect(two.world.calls.slice(calls)).toEqual([]);
  });

  test("at the same time with itself it happens once", async () => {
    const { two, run } = await arrange({});
    const calls = two.world.calls.length;

    const [first, second] = await Promise.all([run(two.initiator.account), run(two.initiator.account)]);

    expect(second).toEqual(first);
    const names = two.world.calls.slice(calls).map((call) => call.operation);
    expect(names.filter((name) => name === operation)).toHaveLength(operation === undefined ? 0 : 1);
  });

  if (operation === undefined) return;

  test.for(["before", "after"] as const)(
    "after no answer came (%s the relay heard it) it is finished",
    async (when) => {
      const { down, options } = breakable();
      const { two, run } = await arrange(options);
      Object.assign(down, { for: operation, when });
      await expect(run(two.initiator.account)).rejects.toMatchObject({
        code: "relay.unreachable",
        details: { intent: expect.stringMatching(/^INT/) },
      });
      Object.assign(down, { for: undefined });

      const repeated = await run(two.initiator.account);
      const again = await run(two.initiator.account);
      await two.templator.account.sync();

      expect(again).toEqual(repeated);
      expect(await two.initiator.account.intents.list()).toEqual([]);
    },
  );
});

test("the same id for something else is refused", async () => {
  const two = await couple();
  const { templates } = two.initiator.account;
  await templates.create({ content: arbitrary, expiresAt: onDay(9) }, id);

  await expect(templates.create({ content: arbitrary, expiresAt: onDay(8) }, id)).rejects.toMatchObject({
    code: "command.idReused",
  });
  expect(await templates.find()).toHaveLength(1);
});

test("results are kept for seven days, and then forgotten", async () => {
  const two = await couple();
  const { templates } = two.initiator.account;
  const create = () => templates.create({ content: arbitrary, expiresAt: onDay(20) }, id);
  const first = await create();

  two.world.clock.advance(7 * dayMs - 1000);
  expect((await create()).id).toBe(first.id);
  two.world.clock.advance(1001);
  const second = await create();

  expect(second.id).not.toBe(first.id);
  expect((await create()).id).toBe(second.id);
  await two.initiator.account.tick();
  expect((await create()).id).toBe(second.id);
});

test("a decision under an id of more than seven days ago waits for nobody", async () => {
  const two = await couple({ expiresAt: onDay(20) });
  const { templates, requests } = two.initiator.account;
  await templates.create({ content: arbitrary, expiresAt: onDay(20) }, id);
  const request = await loadRequest(two.initiator.account, two.template);
  two.world.clock.advance(7 * dayMs + 1);

  expect(await requests.incoming.accept(request.id, yes, id)).toMatchObject({ status: "Completed" });
});

test("a refused command is not remembered: its id can be tried again", async () => {
  const two = await pending();
  const { relationships } = two.initiator.account;
  await expect(relationships.terminate(two.id, id)).rejects.toMatchObject({ name: "RapportError" });
  await two.templator.account.relationships.accept(two.id);
  await two.initiator.account.sync();

  expect(await relationships.terminate(two.id, id)).toMatchObject({ status: "Terminated" });
});

test("what is stored holds no key and no password", async () => {
  const two = await couple();
  const { templates, tokens } = two.initiator.account;
  const passwordProtection = { password: "correct horse" };
  const template = await templates.create({ content: arbitrary, expiresAt: onDay(9), passwordProtection }, id);
  const token = await tokens.createForTemplate(
    { templateId: template.id, ephemeral: false, passwordProtection },
    { commandId: "another" },
  );

  const stored = [...two.initiator.disk.documents()].filter(([key]) => key.includes("/commands/"));

  expect(stored).toHaveLength(2);
  const text = JSON.stringify(stored);
  for (const secret of [template.secretKey, template.reference.truncated, token.reference.truncated, "correct horse"]) {
    expect(text).not.toContain(secret);
  }
});

test("a command for one's only Relationship is repeated by its own name", async () => {
  const two = await active();
  const { relationships } = two.initiator.account;
  await relationships.terminate(two.id, id);

  await expect(relationships.requestReactivation(two.id, id)).rejects.toMatchObject({ code: "command.idReused" });
  expect(only(await relationships.find()).auditLog).toHaveLength(3);
});
