// Who may create, fill, delete and list tokens (spec/backbone-protocol.md 12.3).
import { base64, minute } from "../../relay/parties.ts";
import type { HttpParty } from "./http-parties.ts";
import { forbidden, invalid, no, notFound, stateTable, yes } from "./state-cases.ts";
import type { StateWorld } from "./state-stores.ts";
import { content, issue, issueEmpty, lock, password, read } from "./state-tokens.ts";

const locked = no("token.tooManyFailedPasswordAttempts");
const filled = no("token.contentUpdateNotPossibleBecauseContentAlreadyExists");
const newContent = base64("filled");

const two = async (world: StateWorld) => [await world.party(), await world.party()] as const;
const fill = (filler: HttpParty, id: string, more: object = {}) =>
  filler.call("updateTokenContent", { id, body: { id, newContent, ...more } });
const create = (more: object) => async (world: StateWorld) =>
  (await world.party()).call("createToken", { body: { content, expiresAt: world.in(minute), ...more } });
const createAnonymous = (ms: number, more: object) => async (world: StateWorld) =>
  world.anonymous.call("createToken", { body: { expiresAt: world.in(ms), ...more } });

stateTable("creating a token", [
  ["with an expiry that is now", invalid, async (world) => create({ expiresAt: world.in(0) })(world)],
  ["without an expiry", invalid, create({ expiresAt: null })],
  ["without content", yes({ id: {} }), create({ content: null })],
  ["for something that is no address", invalid, create({ forIdentity: "somebody" })],
  ["anonymously with content", invalid, createAnonymous(minute, { content })],
  ["anonymously for five minutes", invalid, createAnonymous(5 * minute, {})],
  ["anonymously for a little less", yes(), createAnonymous(5 * minute - 1, {})],
]);

stateTable("filling a token", [
  [
    "that is empty",
    yes({ isPasswordProtected: false }),
    async (world) => fill(await world.party(), await issueEmpty(world)),
  ],
  [
    "a second time",
    filled,
    async (world) => {
      const [filler, other] = await two(world);
      const id = await issueEmpty(world);
      await fill(filler, id);
      return fill(other, id);
    },
  ],
  [
    "that had content from the start",
    filled,
    async (world) => {
      const creator = await world.party();
      return fill(creator, await issue(world, creator));
    },
  ],
  [
    "makes the filler its creator",
    yes(),
    async (world) => {
      const [filler] = await two(world);
      const id = await issueEmpty(world);
      await fill(filler, id);
      return filler.call("deleteToken", { id });
    },
  ],
  [
    "shows the new content",
    yes({ content: newContent }),
    async (world) => {
      const id = await issueEmpty(world);
      await fill(await world.party(), id);
      return read(world.anonymous, id);
    },
  ],
  [
    "that has expired",
    notFound,
    async (world) => {
      const [filler, id] = [await world.party(), await issueEmpty(world)];
      world.clock.advance(minute);
      return fill(filler, id);
    },
  ],
  [
    "that is for somebody else",
    notFound,
    async (world) => {
      const [named, other] = await two(world);
      return fill(other, await issueEmpty(world, { forIdentity: named.address }));
    },
  ],
  [
    "that is for somebody else and locked, as if it were only the former",
    notFound,
    async (world) => {
      const [named, other] = await two(world);
      return fill(other, await lock(named, await issueEmpty(world, { password, forIdentity: named.address })));
    },
  ],
  [
    "that is locked",
    locked,
    async (world) =>
      fill(await world.party(), await lock(world.anonymous, await issueEmpty(world, { password })), { password }),
  ],
  ["without its password", notFound, async (world) => fill(await world.party(), await issueEmpty(world, { password }))],
  [
    "with a wrong password when it is filled, as if it were not",
    notFound,
    async (world) => {
      const [creator, other] = await two(world);
      return fill(other, await issue(world, creator, { password }), { password: base64("wrong") });
    },
  ],
  [
    "with its password",
    yes({ isPasswordProtected: true }),
    async (world) => fill(await world.party(), await issueEmpty(world, { password }), { password }),
  ],
]);

stateTable("deleting and listing tokens", [
  [
    "deleting somebody else's",
    forbidden,
    async (world) => {
      const [creator, other] = await two(world);
      return other.call("deleteToken", { id: await issue(world, creator) });
    },
  ],
  [
    "deleting one that nobody has filled",
    forbidden,
    async (world) => (await world.party()).call("deleteToken", { id: await issueEmpty(world) }),
  ],
  [
    "deleting one's own",
    yes(),
    async (world) => {
      const creator = await world.party();
      return creator.call("deleteToken", { id: await issue(world, creator) });
    },
  ],
  [
    "deleting one that is gone",
    notFound,
    async (world) => {
      const creator = await world.party();
      const id = await issue(world, creator);
      await creator.ok("deleteToken", { id });
      return creator.call("deleteToken", { id });
    },
  ],
  [
    "listing one's own",
    yes([{ content }]),
    async (world) => {
      const creator = await world.party();
      return creator.call("listTokens", { query: { ids: await issue(world, creator) } });
    },
  ],
  [
    "listing one that was read before",
    yes([{ content }]),
    async (world) => {
      const [creator, reader] = await two(world);
      const id = await issue(world, creator);
      await read(reader, id);
      return reader.call("listTokens", { query: { ids: id } });
    },
  ],
  [
    "listing one that was never read",
    yes([]),
    async (world) => {
      const [creator, reader] = await two(world);
      return reader.call("listTokens", { query: { ids: await issue(world, creator) } });
    },
  ],
  ["listing nothing", invalid, async (world) => (await world.party()).call("listTokens")],
]);
