// Who may begin and read a Relationship (spec/backbone-protocol.md 12.1, 14).
import { expect, test } from "vitest";
import { base64, bring, minute, offer, pend, type Status } from "../../relay/parties.ts";
import type { HttpParty } from "./http-parties.ts";
import { type Case, no, notFound, stateTable, yes } from "./state-cases.ts";
import { onEveryStore, openState, type StateWorld } from "./state-stores.ts";

const body = {};
const relationship = (code: string) => no(`relationship.${code}`);
const exists = relationship("relationshipToTargetAlreadyExists");
const exhausted = no("relationshipTemplate.maxNumberOfAllocationsExhausted");
const cannot = (code: string) => yes({ canCreate: false, code: `error.platform.validation.relationship.${code}` });

const create = (from: HttpParty, relationshipTemplateId: string) =>
  from.call("createRelationship", { body: { relationshipTemplateId, creationContent: base64("creation") } });
const ask = (from: HttpParty, peer: string) => from.call("canCreateRelationship", { query: { peer } });

const two = async (world: StateWorld) => [await world.party(), await world.party()] as const;
const three = async (world: StateWorld) => [await world.party(), await world.party(), await world.party()] as const;

const blocking: readonly Status[] = ["Pending", "Active", "Terminated", "Reactivating", "DeletionProposed"];
const over = ["Rejected", "Revoked", "ReadyForDeletion"] as const;

async function bringOver(from: HttpParty, to: HttpParty, status: (typeof over)[number]): Promise<void> {
  if (status !== "ReadyForDeletion") return void (await bring(from, to, status));
  const id = await bring(from, to, "DeletionProposed");
  await to.ok("decomposeRelationship", { id, body });
}

stateTable("creating a Relationship", [
  [
    "on a template of one's own",
    relationship("cannotCreateRelationshipWithYourself"),
    async (world) => {
      const owner = await world.party();
      return create(owner, await offer(owner));
    },
  ],
  ["on a template that does not exist", notFound, async (world) => create(await world.party(), `RLT${"x".repeat(17)}`)],
  [
    "on a template that was deleted",
    notFound,
    async (world) => {
      const [from, to] = await two(world);
      const id = await offer(to);
      await to.ok("deleteTemplate", { id });
      return create(from, id);
    },
  ],
  [
    "on a template that has expired",
    notFound,
    async (world) => {
      const [from, to] = await two(world);
      const id = await offer(to, { expiresAt: world.in(minute) });
      world.clock.advance(minute);
      return create(from, id);
    },
  ],
  [
    "on a template for somebody else",
    notFound,
    async (world) => {
      const [from, to, other] = await three(world);
      return create(from, await offer(to, { forIdentity: other.address }));
    },
  ],
  [
    "on a template with a password that was never given",
    notFound,
    async (world) => {
      const [from, to] = await two(world);
      return create(from, await offer(to, { password: base64("secret") }));
    },
  ],
  [
    "on a template with a password that was given before",
    yes({ status: "Pending" }),
    async (world) => {
      const [from, to] = await two(world);
      const id = await offer(to, { password: base64("secret") });
      await from.ok("getTemplate", { id, query: { password: base64("secret") } });
      return create(from, id);
    },
  ],
  [
    "on a template whose slots are taken",
    exhausted,
    async (world) => {
      const [from, to, other] = await three(world);
      const id = await offer(to, { maxNumberOfAllocations: 1 });
      await other.ok("getTemplate", { id });
      return create(from, id);
    },
  ],
  [
    "takes the last slot itself",
    exhausted,
    async (world) => {
      const [from, to, other] = await three(world);
      const id = await offer(to, { maxNumberOfAllocations: 1 });
      await from.ok("createRelationship", { body: { relationshipTemplateId: id, creationContent: base64("c") } });
      return other.call("getTemplate", { id });
    },
  ],
  ...blocking.flatMap((status): readonly Case[] => [
    [
      `while one of the pair is ${status}`,
      exists,
      async (world) => {
        const [from, to] = await two(world);
        await bring(from, to, status);
        return create(from, await offer(to));
      },
    ],
    [
      `while one of the pair is ${status}, the other way round`,
      exists,
      async (world) => {
        const [from, to] = await two(world);
        await bring(from, to, status);
        return create(to, await offer(from));
      },
    ],
    [
      `is not allowed, says CanCreate, while one is ${status}`,
      cannot("relationshipToTargetAlreadyExists"),
      async (world) => {
        const [from, to] = await two(world);
        await bring(from, to, status);
        return ask(to, from.address);
      },
    ],
  ]),
  ...over.flatMap((status): readonly Case[] => [
    [
      `after one of the pair was ${status}`,
      yes({ status: "Pending" }),
      async (world) => {
        const [from, to] = await two(world);
        await bringOver(from, to, status);
        return create(to, await offer(from));
      },
    ],
    [
      `is allowed, says CanCreate, after one was ${status}`,
      yes({ canCreate: true, code: null }),
      async (world) => {
        const [from, to] = await two(world);
        await bringOver(from, to, status);
        return ask(from, to.address);
      },
    ],
  ]),
  [
    "is allowed, says CanCreate, to two who are new",
    yes({ canCreate: true, code: null }),
    async (world) => {
      const [from, to] = await two(world);
      return ask(from, to.address);
    },
  ],
]);

onEveryStore("CanCreate", (kind) => {
  test("says in the very words of the protocol that an identity is unknown", async () => {
    await using world = await openState(kind);
    await using elsewhere = await openState(kind);
    const [asker, peer] = [await world.party(), await elsewhere.party()];

    const answer = await ask(asker, peer.address);

    expect(answer).toMatchObject({ status: 404, error: { code: "error.platform.recordNotFound" } });
    expect(answer).toMatchObject({ error: { message: expect.stringMatching(/^Identity not found\./) } });
  });
});

const statuses = { Pending: 1, Active: 2, Rejected: 2, Revoked: 2, Terminated: 3, Reactivating: 4 } as const;

stateTable("reading a Relationship", [
  ...(Object.keys(statuses) as readonly (keyof typeof statuses)[]).flatMap((standing): readonly Case[] => {
    const status = standing === "Reactivating" ? "Terminated" : standing;
    const seen = { status, auditLog: Array.from({ length: statuses[standing] }, () => ({})) };
    const read = (side: 0 | 1) => async (world: StateWorld) => {
      const people = await two(world);
      const id = await bring(...people, standing);
      return people[side].call("getRelationship", { id });
    };
    return [
      [`${standing} by its initiator`, yes(seen), read(0)],
      [`${standing} by its templator`, yes(seen), read(1)],
      [
        `${standing} by a stranger`,
        notFound,
        async (world) => {
          const [from, to, stranger] = await three(world);
          return stranger.call("getRelationship", { id: await bring(from, to, standing) });
        },
      ],
      [
        `${standing} in a stranger's list`,
        yes([]),
        async (world) => {
          const [from, to, stranger] = await three(world);
          return stranger.call("listRelationships", { query: { ids: await bring(from, to, standing) } });
        },
      ],
    ];
  }),
  [
    "by the one who decomposed it",
    relationship("relationshipAlreadyDecomposed"),
    async (world) => {
      const [from, to] = await two(world);
      return from.call("getRelationship", { id: await bring(from, to, "DeletionProposed") });
    },
  ],
  [
    "in the list of the one who decomposed it",
    yes([]),
    async (world) => {
      const [from, to] = await two(world);
      return from.call("listRelationships", { query: { ids: await bring(from, to, "DeletionProposed") } });
    },
  ],
  [
    "by the one who has not decomposed it yet",
    yes({ status: "DeletionProposed" }),
    async (world) => {
      const [from, to] = await two(world);
      return to.call("getRelationship", { id: await bring(from, to, "DeletionProposed") });
    },
  ],
  [
    "after its template was deleted",
    yes({ relationshipTemplateId: null, status: "Pending" }),
    async (world) => {
      const [from, to] = await two(world);
      const id = await pend(from, to);
      const { relationshipTemplateId } = await from.ok("getRelationship", { id });
      await to.ok("deleteTemplate", { id: relationshipTemplateId });
      return from.call("getRelationship", { id });
    },
  ],
]);
