// Who may read a token (spec/backbone-protocol.md 12.3).
import { base64, minute } from "../../relay/parties.ts";
import { no, notFound, stateTable, yes } from "./state-cases.ts";
import type { StateWorld } from "./state-stores.ts";
import { content, guessesMax, issue, lock, password, read } from "./state-tokens.ts";

const locked = no("token.tooManyFailedPasswordAttempts");

const two = async (world: StateWorld) => [await world.party(), await world.party()] as const;
const three = async (world: StateWorld) => [await world.party(), await world.party(), await world.party()] as const;

stateTable("reading a token", [
  [
    "without a login",
    yes({ content, isPasswordProtected: false }),
    async (world) => read(world.anonymous, await issue(world, await world.party())),
  ],
  [
    "with a login",
    yes({ content }),
    async (world) => {
      const [creator, reader] = await two(world);
      return read(reader, await issue(world, creator));
    },
  ],
  [
    "expired",
    notFound,
    async (world) => {
      const [creator, reader] = await two(world);
      const id = await issue(world, creator);
      world.clock.advance(minute);
      return read(reader, id);
    },
  ],
  [
    "expired, without a login, after an earlier read without one",
    notFound,
    async (world) => {
      const id = await issue(world, await world.party());
      await read(world.anonymous, id);
      world.clock.advance(minute);
      return read(world.anonymous, id);
    },
  ],
  [
    "expired, by its creator",
    yes({ content }),
    async (world) => {
      const creator = await world.party();
      const id = await issue(world, creator);
      world.clock.advance(minute);
      return read(creator, id);
    },
  ],
  [
    "expired, by who read it before",
    yes({ content }),
    async (world) => {
      const [creator, reader] = await two(world);
      const id = await issue(world, creator);
      await read(reader, id);
      world.clock.advance(minute);
      return read(reader, id);
    },
  ],
  [
    "expired and locked, as if it were only expired",
    notFound,
    async (world) => {
      const [creator, reader] = await two(world);
      const id = await lock(reader, await issue(world, creator, { password }));
      world.clock.advance(minute);
      return read(reader, id);
    },
  ],
  [
    "locked, with the password",
    locked,
    async (world) => {
      const [creator, reader] = await two(world);
      return read(reader, await lock(world.anonymous, await issue(world, creator, { password })), password);
    },
  ],
  [
    "locked and for somebody else, as if it were only locked",
    locked,
    async (world) => {
      const [creator, named, other] = await three(world);
      return read(other, await lock(named, await issue(world, creator, { password, forIdentity: named.address })));
    },
  ],
  [
    "locked, by its creator",
    yes({ content }),
    async (world) => {
      const creator = await world.party();
      return read(creator, await lock(world.anonymous, await issue(world, creator, { password })));
    },
  ],
  [
    "locked, by who read it before",
    yes({ content }),
    async (world) => {
      const [creator, reader] = await two(world);
      const id = await issue(world, creator, { password });
      await read(reader, id, password);
      return read(reader, await lock(world.anonymous, id));
    },
  ],
  [
    "for somebody else",
    notFound,
    async (world) => {
      const [creator, named, other] = await three(world);
      return read(other, await issue(world, creator, { forIdentity: named.address }));
    },
  ],
  [
    "for somebody, without a login",
    notFound,
    async (world) => {
      const [creator, named] = await two(world);
      return read(world.anonymous, await issue(world, creator, { forIdentity: named.address }));
    },
  ],
  [
    "for oneself",
    yes({ content }),
    async (world) => {
      const [creator, named] = await two(world);
      return read(named, await issue(world, creator, { forIdentity: named.address }));
    },
  ],
  [
    "without its password",
    notFound,
    async (world) => {
      const [creator, reader] = await two(world);
      return read(reader, await issue(world, creator, { password }));
    },
  ],
  [
    "with a wrong password",
    notFound,
    async (world) => {
      const [creator, reader] = await two(world);
      return read(reader, await issue(world, creator, { password }), base64("wrong"));
    },
  ],
  [
    "with its password",
    yes({ content, isPasswordProtected: true }),
    async (world) => {
      const [creator, reader] = await two(world);
      return read(reader, await issue(world, creator, { password }), password);
    },
  ],
  [
    "one wrong password before the lock",
    yes({ content }),
    async (world) => {
      const [creator, reader] = await two(world);
      const id = await issue(world, creator, { password });
      const guess = () => world.anonymous.no("getToken", { id, query: { password: base64("wrong") } });
      await Promise.all(Array.from({ length: guessesMax - 1 }, guess));
      return read(reader, id, password);
    },
  ],
  ["of nobody", notFound, async (world) => read(world.anonymous, `TOK${"x".repeat(17)}`)],
]);
