// The story, command by command: what is prepared, who commands, and how a user repeats it after something went wrong.
import type { Account, Rapport } from "rapport";
import { hasCode } from "rapport/core";
import type { Stage } from "./crash-stage.ts";

/** One command of one person. Repeating it, with the same `commandId` where it takes one, must never do it twice. */
export interface Step {
  readonly name: string;
  readonly who: string;
  /** What the user knows before: ids and references. It is found while nothing goes wrong. */
  readonly find?: (stage: Stage) => Promise<string>;
  readonly run: (engine: Rapport, found: string, commandId: string) => Promise<unknown>;
}

export const library = "library";
export const reader = "reader";
const expiresAt = "2031-01-01T00:00:00.000Z";

const consent = (text: string) => ({
  "@type": "Request",
  items: [{ "@type": "ConsentRequestItem", consent: text, mustBeAccepted: true }],
});
const card = {
  "@type": "RelationshipTemplateContent",
  title: "Library card",
  onNewRelationship: consent("We may remind you of due dates."),
  onExistingRelationship: consent("We may write to you."),
};

/** The account of a person. */
export async function accountOf(stage: Stage, name: string): Promise<Account> {
  return (await stage.engine(name)).accounts.get(name);
}

/** A person comes to the relay for the first time; who repeats it finds the name taken when it had worked. */
export const join = (who: string): Step => ({
  name: "accounts.create",
  who,
  run: async (engine) => {
    try {
      return await engine.accounts.create({ name: who });
    } catch (problem) {
      if (!hasCode(problem, "account.nameTaken")) throw problem;
      return engine.accounts.get(who);
    }
  },
});

type Command = (account: Account, found: string, options: { readonly commandId: string }) => Promise<unknown>;

const step = (name: string, who: string, command: Command, find?: Step["find"]): Step => ({
  name,
  who,
  run: async (engine, found, commandId) => command(await engine.accounts.get(who), found, { commandId }),
  ...(find === undefined ? {} : { find }),
});

const last = <T>(list: readonly T[]): T => {
  const found = list.at(-1);
  if (found === undefined) throw new Error("The story lost its thread: there is nothing to go on with.");
  return found;
};
const templateOfLibrary = async (stage: Stage) => last(await (await accountOf(stage, library)).templates.find());
const addressOf = async (stage: Stage, who: string) => (await accountOf(stage, who)).address;
const relationshipOf = (who: string) => async (stage: Stage) =>
  last(await (await accountOf(stage, who)).relationships.find()).id;
const incomingOf = (who: string) => async (stage: Stage) =>
  last(await (await accountOf(stage, who)).requests.incoming.find()).id;
const url = async (stage: Stage) => (await templateOfLibrary(stage)).reference.url;

const sync = (who: string) => step("sync", who, (account) => account.sync());
const status = (
  name: Exclude<
    keyof Account["relationships"],
    "get" | "find" | "each" | "can" | "canCreate" | "create" | "changes" | "decision" | "accept" | "reject"
  >,
  who: string,
) =>
  step(
    `relationships.${name}`,
    who,
    (account, id, options) => account.relationships[name](id, options),
    relationshipOf(who),
  );
const decide = (name: "accept" | "reject", who: string) =>
  step(
    `relationships.${name}`,
    who,
    (account, id, options) => account.relationships[name](id, { ...options, content: { said: `We ${name} it.` } }),
    relationshipOf(who),
  );
const answer = (result: "accept" | "reject", who: string) =>
  step(
    `requests.incoming.${result}`,
    who,
    (account, id, options) =>
      account.requests.incoming[result](id, { items: [{ accept: result === "accept" }] }, options),
    incomingOf(who),
  );

const offer = step("templates.create", library, (account, _found, options) =>
  account.templates.create({ content: card, expiresAt }, options),
);
const offerOnce = step("templates.create for one", library, (account, _found, options) =>
  account.templates.create({ content: card, expiresAt, maxNumberOfAllocations: 1 }, options),
);
const offerFreely = step("templates.create without a Request", library, (account, _found, options) =>
  account.templates.create(
    { content: { "@type": "ArbitraryRelationshipTemplateContent", value: { hello: 1 } }, expiresAt },
    options,
  ),
);
const load = step(
  "templates.load",
  reader,
  (account, reference, options) => account.templates.load({ reference }, options),
  url,
);
const createFreely = step(
  "relationships.create",
  reader,
  (account, templateId, options) => {
    const creationContent = { "@type": "ArbitraryRelationshipCreationContent", value: { hello: 2 } };
    return account.relationships.create({ templateId, creationContent }, options);
  },
  async (stage) => (await templateOfLibrary(stage)).id,
);
const withdraw = (who: string) =>
  step(
    "templates.delete",
    who,
    (account, templateId, options) => account.templates.delete(templateId, options),
    async (stage) => (await templateOfLibrary(stage)).id,
  );
const token = step(
  "tokens.createForTemplate",
  library,
  (account, templateId, options) => account.tokens.createForTemplate({ templateId, ephemeral: false }, options),
  async (stage) => (await templateOfLibrary(stage)).id,
);
const ephemeralToken = step(
  "tokens.createForTemplate",
  library,
  (account, templateId, options) => account.tokens.createForTemplate({ templateId }, options),
  async (stage) => (await templateOfLibrary(stage)).id,
);
const ask = step(
  "requests.outgoing.create",
  library,
  (account, peer, options) => account.requests.outgoing.create({ content: consent("May we call you?"), peer }, options),
  (stage) => addressOf(stage, reader),
);
const discard = step(
  "requests.outgoing.discard",
  library,
  (account, id, options) => account.requests.outgoing.discard(id, options),
  async (stage) => last(await (await accountOf(stage, library)).requests.outgoing.find()).id,
);
const sendRequest = step(
  "messages.send",
  library,
  async (account, id, options) => {
    const { content, peer } = await account.requests.outgoing.get(id);
    return account.messages.send({ recipients: [peer], content }, options);
  },
  async (stage) => last(await (await accountOf(stage, library)).requests.outgoing.find()).id,
);
const write = (who: string, to: string) =>
  step(
    "messages.send",
    who,
    (account, peer, options) =>
      account.messages.send(
        { recipients: [peer], content: { "@type": "ArbitraryMessageContent", value: { hi: who } } },
        options,
      ),
    (stage) => addressOf(stage, to),
  );

const cardNumber = (owner: string) => ({
  "@type": "CreateAttributeRequestItem",
  mustBeAccepted: true,
  attribute: {
    "@type": "RelationshipAttribute",
    owner,
    key: "card",
    confidentiality: "private",
    value: { "@type": "ProprietaryString", title: "Card", value: "1" },
  },
});
const give = step(
  "requests.outgoing.create of an attribute",
  library,
  (account, peer, options) => {
    const content = { "@type": "Request", items: [cardNumber(account.address)] };
    return account.requests.outgoing.create({ content, peer }, options);
  },
  (stage) => addressOf(stage, reader),
);
const attributeOf = (who: string) => async (stage: Stage) =>
  last(await (await accountOf(stage, who)).attributes.find()).id;
const renew = step(
  "attributes.succeed",
  library,
  (account, predecessorId, options) => {
    const value = { "@type": "ProprietaryString", title: "Card", value: "2" };
    return account.attributes.succeed({ predecessorId, successorContent: { value } }, options);
  },
  attributeOf(library),
);
const describe = step("attributes.create", reader, (account, _found, options) =>
  account.attributes.create({ content: { value: { "@type": "GivenName", value: "Mara" } } }, options),
);
const drop = step(
  "attributes.delete",
  library,
  (account, id, options) => account.attributes.delete(id, options),
  attributeOf(library),
);
const asked = [join(library), join(reader), offerOnce, load];
const pending = [...asked, answer("accept", reader), sync(library)];
const active = [...pending, decide("accept", library), sync(reader)];
const ended = [...active, status("terminate", reader), sync(library)];
const reviving = [...ended, status("requestReactivation", library), sync(reader)];

/** Every path of the story; what paths have in common is told once. */
export const paths: { readonly [title: string]: readonly Step[] } = {
  "a template, its tokens, and no": [
    join(library),
    offer,
    token,
    ephemeralToken,
    join(reader),
    load,
    answer("reject", reader),
    withdraw(reader),
    withdraw(library),
  ],
  "the creation is revoked": [...asked, answer("accept", reader), status("revoke", reader), sync(library)],
  "the creation is rejected": [...pending, decide("reject", library), sync(reader)],
  "a creation without a Request": [
    join(library),
    join(reader),
    offerFreely,
    load,
    createFreely,
    sync(library),
    decide("accept", library),
    sync(reader),
  ],
  "a Request by Message is accepted": [
    ...active,
    ask,
    sendRequest,
    sync(reader),
    answer("accept", reader),
    sync(library),
    write(library, reader),
    write(reader, library),
    sync(reader),
    sync(library),
  ],
  "a Request by Message is rejected": [
    ...active,
    ask,
    sendRequest,
    sync(reader),
    answer("reject", reader),
    sync(library),
  ],
  "attributes, renewed and deleted": [
    ...active,
    give,
    sendRequest,
    sync(reader),
    answer("accept", reader),
    sync(library),
    renew,
    sync(reader),
    drop,
    sync(reader),
    describe,
  ],
  "a Request is not sent after all": [...active, ask, discard],
  "a template for those who know each other": [...active, offer, load, answer("accept", reader), sync(library)],
  "ended, revived, and ended for good": [
    ...reviving,
    status("acceptReactivation", reader),
    sync(library),
    status("terminate", library),
    sync(reader),
    status("decompose", reader),
    sync(library),
    status("decompose", library),
  ],
  "the revival is rejected": [...reviving, status("rejectReactivation", reader), sync(library)],
  "the revival is revoked": [...reviving, status("revokeReactivation", library), sync(reader)],
};
