// Who may read, delete and pass on a File (spec/backbone-protocol.md 5.4).
import { minute } from "../../relay/parties.ts";
import { fileOf, type HttpParty } from "./http-parties.ts";
import { type Case, forbidden, no, notFound, stateTable, yes } from "./state-cases.ts";
import type { StateWorld } from "./state-stores.ts";

const wrong = "x".repeat(20);
const own = no("file.cannotClaimOwnershipOfOwnFile");

/** A File of one person, and another person. */
async function stand(world: StateWorld) {
  const [owner, other] = [await world.party(), await world.party()];
  const { id, ownershipToken } = await owner.ok("createFile", fileOf(world.in(minute)));
  return { owner, other, id: id as string, token: ownershipToken as string };
}

const claim = (who: HttpParty, id: string, ownershipToken: string) =>
  who.call("claimFileOwnership", { id, body: { ownershipToken } });
const validate = (who: HttpParty, id: string, ownershipToken: string) =>
  who.call("validateFileOwnershipToken", { id, body: { ownershipToken } });
const news = (who: HttpParty) => who.call("startSyncRun", { body: { type: "ExternalEventSync" } });

const reads = ["getFile", "getFileContent"] as const;

stateTable("Files", [
  ...reads.flatMap((operation): readonly Case[] => [
    [
      `${operation} by who knows the id`,
      yes(),
      async (world) => {
        const { other, id } = await stand(world);
        return other.call(operation, { id });
      },
    ],
    [
      `${operation} after it has expired`,
      notFound,
      async (world) => {
        const { owner, id } = await stand(world);
        world.clock.advance(minute);
        return owner.call(operation, { id });
      },
    ],
    [
      `${operation} after it was deleted`,
      notFound,
      async (world) => {
        const { owner, id } = await stand(world);
        await owner.ok("deleteFile", { id });
        return owner.call(operation, { id });
      },
    ],
  ]),
  [
    "deleting somebody else's",
    forbidden,
    async (world) => {
      const { other, id } = await stand(world);
      return other.call("deleteFile", { id });
    },
  ],
  [
    "deleting one that was claimed, as its creator",
    yes(),
    async (world) => {
      const { owner, other, id, token } = await stand(world);
      await claim(other, id, token);
      return owner.call("deleteFile", { id });
    },
  ],
  [
    "listing somebody else's",
    yes([]),
    async (world) => {
      const { other, id } = await stand(world);
      return other.call("listFiles", { query: { ids: id } });
    },
  ],
  [
    "claiming with the right token",
    yes({ newOwnershipToken: {} }),
    async (world) => {
      const { other, id, token } = await stand(world);
      return claim(other, id, token);
    },
  ],
  [
    "claiming one's own",
    own,
    async (world) => {
      const { owner, id, token } = await stand(world);
      return claim(owner, id, token);
    },
  ],
  [
    "claiming with a wrong token",
    forbidden,
    async (world) => {
      const { other, id } = await stand(world);
      return claim(other, id, wrong);
    },
  ],
  [
    "claiming with the right token once it is locked",
    forbidden,
    async (world) => {
      const { other, id, token } = await stand(world);
      await claim(other, id, wrong);
      return claim(other, id, token);
    },
  ],
  [
    "a wrong claim locks and tells the owner",
    yes({ syncRun: { eventCount: 1 } }),
    async (world) => {
      const { owner, other, id } = await stand(world);
      await claim(other, id, wrong);
      return news(owner);
    },
  ],
  [
    "a right claim tells the old owner",
    yes({ syncRun: { eventCount: 1 } }),
    async (world) => {
      const { owner, other, id, token } = await stand(world);
      await claim(other, id, token);
      return news(owner);
    },
  ],
  [
    "claiming with a token that was used before",
    forbidden,
    async (world) => {
      const { other, id, token } = await stand(world);
      await claim(other, id, token);
      return claim(await world.party(), id, token);
    },
  ],
  [
    "validating the right token",
    yes({ isValid: true }),
    async (world) => {
      const { other, id, token } = await stand(world);
      return validate(other, id, token);
    },
  ],
  [
    "validating a wrong token",
    yes({ isValid: false }),
    async (world) => {
      const { other, id } = await stand(world);
      return validate(other, id, wrong);
    },
  ],
  [
    "a wrong validation locks",
    yes({ ownershipIsLocked: true }),
    async (world) => {
      const { other, id } = await stand(world);
      await validate(other, id, wrong);
      return other.call("getFile", { id });
    },
  ],
  [
    "the owner's wrong validation does not lock",
    yes({ ownershipIsLocked: false }),
    async (world) => {
      const { owner, id } = await stand(world);
      await validate(owner, id, wrong);
      return owner.call("getFile", { id });
    },
  ],
  [
    "a new token by somebody else",
    forbidden,
    async (world) => {
      const { other, id } = await stand(world);
      return other.call("regenerateFileOwnershipToken", { id });
    },
  ],
  [
    "a new token by the owner unlocks",
    yes({ ownershipIsLocked: false }),
    async (world) => {
      const { owner, other, id } = await stand(world);
      await claim(other, id, wrong);
      await owner.ok("regenerateFileOwnershipToken", { id });
      return owner.call("getFile", { id });
    },
  ],
]);
