// Every command, ready to be given: what the laws of commands.test.ts are tried on.
import type { Account } from "rapport";
import type { PersonOptions } from "rapport/testkit";
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

const dayMs = 24 * 60 * 60 * 1000;

/** The name under which every one of them is given. */
export const id = { commandId: "the same one" };

/** One command, prepared so far that the initiator can give it. */
export interface Case {
  /** What it asks of the relay, if anything. */
  readonly operation: string | undefined;
  /** Without an intent: asking the relay once more does no harm. */
  readonly isRepeatable?: true;
  /** Prepares, and gives the command of the initiator. */
  arrange(options: PersonOptions): Promise<{
    two: Pick<Related, "world" | "templator" | "initiator">;
    run: (account: Account) => Promise<unknown>;
  }>;
}

const asInitiator = (options: PersonOptions) => ({ initiator: options });

const letter = { content: new Uint8Array([1, 2, 3]), filename: "letter.txt", mimetype: "text/plain" };

/** The commands by name. */
export const cases: { readonly [name: string]: Case } = {
  "templates.create": {
    operation: "createTemplate",
    arrange: async (options) => ({
      two: await couple(asInitiator(options)),
      run: ({ templates }) => templates.create({ content: structured(), expiresAt: onDay(9) }, id),
    }),
  },
  "templates.load": {
    operation: "getTemplate",
    isRepeatable: true,
    arrange: async (options) => {
      const two = await couple(asInitiator(options));
      const { truncated: reference } = two.template.reference;
      return { two, run: ({ templates }) => templates.load({ reference }, id) };
    },
  },
  "templates.delete": {
    operation: "deleteTemplate",
    isRepeatable: true,
    arrange: async (options) => {
      const two = await couple(asInitiator(options));
      const own = await two.initiator.account.templates.create({ content: structured(), expiresAt: onDay(9) });
      return { two, run: ({ templates }) => templates.delete(own.id, id) };
    },
  },
  "templates.delete of a peer's": {
    operation: undefined,
    arrange: async (options) => {
      const two = await couple(asInitiator(options));
      const { id: loaded } = await two.initiator.account.templates.load({ reference: two.template.reference.url });
      return { two, run: ({ templates }) => templates.delete(loaded, id) };
    },
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
  "requests.incoming.deliver as a Relationship": {
    operation: "createRelationship",
    arrange: async (options) => {
      const { request, ...two } = await overtaken(options, "reject");
      return { two, run: ({ requests }) => requests.incoming.deliver(request.id, id) };
    },
  },
  "requests.incoming.deliver as a Message": {
    operation: "createMessage",
    arrange: async (options) => {
      const { request, ...two } = await overtaken(options, "accept");
      return { two, run: ({ requests }) => requests.incoming.deliver(request.id, id) };
    },
  },
  "requests.incoming.deliver to nobody": {
    operation: undefined,
    arrange: async (options) => {
      const { request, ...two } = await left(options);
      return { two, run: ({ requests }) => requests.incoming.deliver(request.id, id) };
    },
  },
  "requests.incoming.delete": {
    operation: undefined,
    arrange: async (options) => {
      const expiring = structured({ onNewRelationship: ask({ expiresAt: onDay(1) }) });
      const two = await couple({ content: expiring, ...asInitiator(options) });
      const request = await loadRequest(two.initiator.account, two.template);
      two.world.clock.advance(dayMs + 1);
      return { two, run: ({ requests }) => requests.incoming.delete(request.id, id) };
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
  "requests.outgoing.discard": {
    operation: undefined,
    arrange: async (options) => {
      const two = await active(asInitiator(options));
      const { outgoing } = two.initiator.account.requests;
      const draft = await outgoing.create({ content: ask(), peer: two.templator.account.address });
      return { two, run: ({ requests }) => requests.outgoing.discard(draft.id, id) };
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
  "files.upload": {
    operation: "createFile",
    arrange: async (options) => {
      const two = await couple(asInitiator(options));
      // So that it knows whose relay it is, and does not look for the File instead of repeating the call.
      await two.initiator.account.sync();
      return { two, run: ({ files }) => files.upload(letter, id) };
    },
  },
  "files.load": {
    operation: "getFile",
    isRepeatable: true,
    arrange: async (options) => {
      const two = await couple(asInitiator(options));
      const { reference } = await two.templator.account.files.upload(letter);
      return { two, run: ({ files }) => files.load({ reference: reference.url }, id) };
    },
  },
  "files.delete": {
    operation: "deleteFile",
    isRepeatable: true,
    arrange: async (options) => {
      const two = await couple(asInitiator(options));
      const file = await two.initiator.account.files.upload(letter);
      return { two, run: ({ files }) => files.delete(file.id, id) };
    },
  },
  "files.regenerateOwnershipToken": {
    operation: "regenerateFileOwnershipToken",
    arrange: async (options) => {
      const two = await couple(asInitiator(options));
      const file = await two.initiator.account.files.upload(letter);
      return { two, run: ({ files }) => files.regenerateOwnershipToken(file.id, id) };
    },
  },
  "messages.markAsRead": {
    operation: undefined,
    arrange: async (options) => {
      const two = await active(asInitiator(options));
      const content = { "@type": "ArbitraryMessageContent", value: 1 };
      const recipients = [two.initiator.account.address];
      const sent = await two.templator.account.messages.send({ recipients, content });
      await two.initiator.account.sync();
      return { two, run: ({ messages }) => messages.markAsRead(sent.id, id) };
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

/**
 * The initiator accepted, but the relay refused: unknown to it, the templator had started a Relationship from its side.
 * The initiator answers that one, and its own acceptance waits to be delivered.
 */
export async function overtaken(options: PersonOptions, answer: "accept" | "reject") {
  const two = await couple(asInitiator(options));
  const { account } = two.initiator;
  const request = await loadRequest(account, two.template);
  const other = await account.templates.create({ content: structured(), expiresAt: onDay(9) });
  const theirs = await loadRequest(two.templator.account, other);
  await two.templator.account.requests.incoming.accept(theirs.id, yes);
  await account.requests.incoming.accept(request.id, yes);
  await account.sync();
  await account.relationships[answer](only(await account.relationships.find()).id);
  await two.templator.account.sync();
  return { ...two, request };
}

// The initiator rejected a Request of somebody who, unknown to it, had erased the Relationship: nobody is left to tell.
async function left(options: PersonOptions) {
  const two = await active(asInitiator(options));
  const { templator, initiator } = two;
  const content = structured({ onExistingRelationship: ask() });
  const another = await templator.account.templates.create({ content, expiresAt: onDay(9) });
  const request = await loadRequest(initiator.account, another);
  await templator.account.relationships.terminate(two.id);
  await templator.account.relationships.decompose(two.id);
  await initiator.account.requests.incoming.reject(request.id, no);
  await initiator.account.sync();
  return { ...two, request };
}
