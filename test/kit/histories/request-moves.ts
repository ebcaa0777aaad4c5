// The moves of a history on Requests and Messages, and those of a person alone: sync, restart, read.
import type { Account } from "rapport";
import { type Decision, RapportError } from "rapport/core";
import { type Ask, type Model, perform, resume, sideOf } from "./model.ts";
import { labelled, type Mover, requestItems } from "./moves.ts";
import { type Move, syncAgain } from "./play.ts";
import type { Real } from "./real.ts";
import { decide, deliver, draft, synchronise, type Verdict, whyNot, write } from "./request-model.ts";
import { restart, settle } from "./side-model.ts";

const yes = { accept: true } as const;
const no = { accept: false } as const;
const inherited = "error.consumption.requests.validation.inheritedFromItem";
const wrongCount = "error.consumption.requests.decide.validation.invalidNumberOfItems";

/** Decisions on the two items of every Request here, and what is wrong with them. */
export const verdicts: readonly (Verdict & { readonly items: Decision["items"] })[] = [
  { result: "Accepted", items: [yes, yes], misfit: undefined },
  { result: "Accepted", items: [yes, no], misfit: undefined },
  { result: "Rejected", items: [no, no], misfit: undefined },
  { result: "Accepted", items: [no, yes], misfit: inherited },
  { result: "Accepted", items: [yes], misfit: wrongCount },
  { result: "Rejected", items: [no, yes], misfit: inherited },
  { result: "Accepted", items: [yes, { items: [yes] }], misfit: inherited },
];

/** Decides an incoming Request, after asking whether it can be decided so. */
export function decideRequest(
  model: Model,
  { who, outage, ask, verdict }: Mover & { readonly ask: Ask; readonly verdict: (typeof verdicts)[number] },
): Move {
  const side = sideOf(model, who);
  const [can, act] =
    verdict.result === "Accepted" ? (["canAccept", "accept"] as const) : (["canReject", "reject"] as const);
  const { items } = verdict;
  const id = ask.id ?? "";
  let forecast: { readonly code: string | undefined } | undefined;
  return {
    ...labelled(`${who} answers ${ask.peer}'s Request with ${JSON.stringify(items)}, ${act}`, { who, outage }),
    alike: (value) => (typeof value === "object" && value !== null && "id" in value ? value.id : value),
    async run(account, options) {
      const said = forecast && (await codeOf(account.requests.incoming[can](id, { items })));
      if (said !== forecast?.code)
        throw new Error(`${can} said ${said ?? "yes"}, expected ${forecast?.code ?? "yes"}.`);
      // Repeating the command finds it decided already.
      forecast = undefined;
      return account.requests.incoming[act](id, { items }, options);
    },
    expect(at) {
      settle(side, at.now);
      forecast = { code: whyNot(side, { ask, verdict, ...at }) };
      return decide(model, side, { ask, verdict, ...at });
    },
    again(now) {
      const wish = [...side.wishes.values()].find(({ answers }) => answers === ask);
      if (wish !== undefined) perform(model, side, { wish, now });
      return undefined;
    },
  };
}

async function codeOf(
  validation: ReturnType<Account["requests"]["incoming"]["canAccept"]>,
): Promise<string | undefined> {
  try {
    const verdict = await validation;
    return verdict.isSuccess ? undefined : verdict.code;
  } catch (problem) {
    if (problem instanceof RapportError) return problem.code;
    throw problem;
  }
}

/** Tries again to deliver a Response. */
export function deliverResponse(model: Model, { who, outage, ask }: Mover & { readonly ask: Ask }): Move {
  return {
    ...labelled(`${who} delivers the Response to ${ask.peer} again`, { who, outage }),
    run: (account) => account.requests.incoming.deliver(ask.id ?? ""),
    expect: (at) => deliver(model, sideOf(model, who), { ask, ...at }),
  };
}

/** Drafts a Request that expires after some milliseconds, if at all. */
export function draftRequest(
  model: Model,
  { who, to, lifeMs, real }: Mover & { readonly to: string; readonly lifeMs: number | undefined; readonly real: Real },
): Move {
  const expiresAt = lifeMs === undefined ? undefined : Math.ceil(real.world.clock.now() / 1000) * 1000 + 500 + lifeMs;
  const life = expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt).toISOString() };
  const content = { "@type": "Request", items: requestItems, ...life };
  const peer = real.citizen(to).person.account.address;
  return {
    ...labelled(`${who} drafts a Request for ${to}`, { who }),
    alike: (value) => value,
    run: (account, options) => account.requests.outgoing.create({ content, peer }, options),
    expect: (at) => draft(sideOf(model, who), { peer: to, expiresAt, ...at }),
  };
}

/** Sends a drafted Request. */
export function sendRequest(
  model: Model,
  { who, outage, ask, real }: Mover & { readonly ask: Ask; readonly real: Real },
): Move {
  const recipients = [real.citizen(ask.peer).person.account.address];
  return {
    ...labelled(`${who} sends the Request to ${ask.peer}`, { who, outage }),
    alike: (value) => value,
    async run(account, options) {
      const [stored] = (await real.citizen(who).documents<{ id: string; content: Content }>("requests")).filter(
        ({ id }) => id === ask.id,
      );
      const content = stored?.content ?? { "@type": "Request", id: ask.id ?? "", items: requestItems };
      return account.messages.send({ recipients, content }, options);
    },
    expect: (at) => write(model, sideOf(model, who), { to: ask.peer, carries: ask, ...at }),
  };
}

type Content = { readonly [member: string]: string };

/** Sends a few words. */
export function sendWords(
  model: Model,
  { who, outage, to, real }: Mover & { readonly to: string; readonly real: Real },
): Move {
  const recipients = [real.citizen(to).person.account.address];
  const content = { "@type": "ArbitraryMessageContent", value: { says: "hello" } };
  return {
    ...labelled(`${who} writes to ${to}`, { who, outage }),
    alike: (value) => value,
    run: (account, options) => account.messages.send({ recipients, content }, options),
    expect: (at) => write(model, sideOf(model, who), { to, ...at }),
  };
}

/** Synchronises; with `lostAt` that call gets lost and the person synchronises again. */
export function sync(
  model: Model,
  { who, real, cut }: Mover & { readonly real: Real; readonly cut?: Real["cut"] },
): Move {
  const how = cut === undefined ? "" : `, call ${cut.left} lost ${cut.when} the relay heard it`;
  return {
    ...labelled(`${who} synchronises${how}`, { who }),
    async run(account) {
      real.cut = cut === undefined ? undefined : { ...cut };
      await syncAgain(account);
      real.cut = undefined;
    },
    expect: ({ now }) => {
      synchronise(model, sideOf(model, who), now);
      return undefined;
    },
  };
}

/** Kills the engine and starts it again on the same disk. */
export function startAgain(model: Model, { who, real }: Mover & { readonly real: Real }): Move {
  return {
    ...labelled(`${who}'s engine is killed and starts again`, { who }),
    run: () => real.citizen(who).person.restart(),
    expect: ({ now }) => {
      restart(model, sideOf(model, who), now);
      return undefined;
    },
  };
}

/** Looks at everything through the door, which runs the deadlines that have passed. */
export function look(model: Model, { who }: Mover): Move {
  return {
    ...labelled(`${who} looks at the Requests`, { who }),
    async run(account) {
      await account.requests.incoming.find();
      await account.requests.outgoing.find();
    },
    expect: ({ now }) => {
      settle(sideOf(model, who), now);
      return undefined;
    },
  };
}

/** Finishes open calls. */
export function finish(model: Model, { who }: Mover): Move {
  return {
    ...labelled(`${who} finishes what is open`, { who }),
    run: (account) => account.intents.resume(),
    expect: ({ now }) => {
      resume(model, sideOf(model, who), now);
      return undefined;
    },
  };
}
