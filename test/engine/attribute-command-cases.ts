// Commands about attributes and Notifications, as in command-cases.ts.
import type { PersonOptions } from "rapport/testkit";
import { exchanged, nameOf } from "../services/exchanging.ts";
import { couple } from "../services/scenes.ts";
import { type Case, id } from "./command-cases.ts";

const between = (options: PersonOptions) => exchanged("Active", { initiator: options });

/** The commands by name. */
export const attributeCases: { readonly [name: string]: Case } = {
  "attributes.create": {
    operation: undefined,
    arrange: async (options) => ({
      two: await couple({ initiator: options }),
      run: ({ attributes }) => attributes.create({ content: nameOf("Ida") }, id),
    }),
  },
  "attributes.succeed": {
    operation: undefined,
    arrange: async (options) => {
      const two = await between(options);
      const input = { predecessorId: two.nameId, successorContent: nameOf("Ida") };
      return { two, run: ({ attributes }) => attributes.succeed(input, id) };
    },
  },
  "attributes.notifyPeer": {
    operation: "createMessage",
    arrange: async (options) => {
      const two = await between(options);
      const { successor } = await two.initiator.account.attributes.succeed({
        predecessorId: two.nameId,
        successorContent: nameOf("Ida"),
      });
      const input = { attributeId: successor.id, peer: two.templator.account.address };
      return { two, run: ({ attributes }) => attributes.notifyPeer(input, id) };
    },
  },
  "attributes.delete": {
    operation: "createMessage",
    arrange: async (options) => {
      const two = await between(options);
      return { two, run: ({ attributes }) => attributes.delete(two.nameId, id) };
    },
  },
  "attributes.markAsViewed": {
    operation: undefined,
    arrange: async (options) => {
      const two = await between(options);
      return { two, run: ({ attributes }) => attributes.markAsViewed(two.numberId, id) };
    },
  },
  "notifications.process": {
    operation: undefined,
    arrange: async (options) => {
      const two = await between(options);
      const item = { "@type": "OwnAttributeDeletedByOwnerNotificationItem", attributeId: two.nameId };
      const content = { "@type": "Notification", id: "NOTaaaaaaaaaaaaaaaaa", items: [item] };
      const recipients = [two.initiator.account.address];
      await two.templator.account.messages.send({ recipients, content });
      await two.initiator.account.sync();
      return { two, run: ({ notifications }) => notifications.process(content.id, id) };
    },
  },
};
