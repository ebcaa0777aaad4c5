// The commands that scenes choose from: what a party may do of its own accord, and to what.
import type { JsonObject } from "rapport/core";
import { mayStep } from "../../../src/engine/relationship-state.ts";
import type { RelationshipRecord, RequestRecord } from "../../../src/model/records.ts";
import { type Step, stepFacts } from "../../../src/services/relationships.ts";
import type { Party } from "./party.ts";
import type { Command } from "./scene.ts";
import { documentsIn, type Snapshot } from "./snapshot.ts";

/** Often enough for what a scene wants to see. */
export interface Often {
  readonly most?: number;
}

/** Takes a step of any Relationship whose state allows it. */
export function stepping(step: Step, { most = 1 }: Often = {}): Command {
  return {
    name: step,
    most,
    targets: (stored, party) =>
      documentsIn<RelationshipRecord>(stored, pathOf(party, "relationships"))
        .filter((record) => mayStep(record, stepFacts[step]).ok)
        .map(({ id }) => id),
    run: (account, id) => account.relationships[step](id),
  };
}

/** Loads a template of the other party. */
export function loading(reference: string, { most = 1 }: Often = {}): Command {
  const name = `load ${reference.slice(0, 4)}`;
  return once({ name, most }, (account) => account.templates.load({ reference }));
}

/** Decides a Request that waits for a person, or for rules that have not looked yet. */
export function deciding(result: "accept" | "reject", { most = 1 }: Often = {}): Command {
  return {
    name: `${result} the Request`,
    most,
    targets: (stored, party) =>
      requestsOf(stored, party, (one) => !one.isOwn && /^(Manual)?DecisionRequired$/.test(one.status)),
    async run(account, id) {
      const { content } = await account.requests.incoming.get(id);
      const items = (content["items"] as readonly JsonObject[]).map(() => ({ accept: result === "accept" }));
      return account.requests.incoming[result](id, { items });
    },
  };
}

/** Deletes Requests of the other party that have expired. */
export const deletingExpired: Command = {
  name: "delete the expired Request",
  most: 1,
  targets: (stored, party) => requestsOf(stored, party, ({ isOwn, status }) => !isOwn && status === "Expired"),
  run: (account, id) => account.requests.incoming.delete(id),
};

/** Tries again to deliver a Response that the relay did not take. */
export const deliveringAgain: Command = {
  name: "deliver the Response again",
  most: 1,
  targets: (stored, party) =>
    requestsOf(stored, party, ({ isOwn, deliveryError }) => !isOwn && deliveryError !== undefined),
  run: (account, id) => account.requests.incoming.deliver(id),
};

/** Drafts a Request for the other party. */
export function drafting(peer: string, content: JsonObject, { most = 1 }: Often = {}): Command {
  return once({ name: "draft a Request", most }, (account) => account.requests.outgoing.create({ content, peer }));
}

/** Sends a drafted Request by Message. */
export const sendingDraft: Command = {
  name: "send the Request",
  most: 1,
  targets: drafts,
  async run(account, id) {
    const { content, peer } = await account.requests.outgoing.get(id);
    return account.messages.send({ recipients: [peer], content });
  },
};

/** Throws a drafted Request away. */
export const discardingDraft: Command = {
  name: "discard the draft",
  most: 1,
  targets: drafts,
  run: (account, id) => account.requests.outgoing.discard(id),
};

/** Creates a Relationship by hand, from a template that asks nothing. */
export function greeting(templateId: string, { most = 1 }: Often = {}): Command {
  const creationContent = { "@type": "ArbitraryRelationshipCreationContent", value: "hello" };
  return once({ name: "create", most }, (account) => account.relationships.create({ templateId, creationContent }));
}

/** Begins the deletion of the own identity. */
export function leaving(graceMs: number): Command {
  const lengthOfGracePeriodInDays = graceMs / (24 * 60 * 60 * 1000);
  return once({ name: "delete the identity", most: 1 }, (account) =>
    account.deletion.start({ lengthOfGracePeriodInDays }),
  );
}

/** Takes the deletion back. */
export const staying: Command = once({ name: "keep the identity", most: 1 }, (account) => account.deletion.cancel());

function once(
  named: Pick<Command, "name" | "most">,
  run: (account: Parameters<Command["run"]>[0]) => Promise<unknown>,
): Command {
  return { ...named, targets: () => [""], run };
}

function drafts(stored: Snapshot, party: Party): readonly string[] {
  return requestsOf(stored, party, ({ isOwn, status }) => isOwn && status === "Draft");
}

function requestsOf(stored: Snapshot, party: Party, isMeant: (one: RequestRecord) => boolean): readonly string[] {
  return documentsIn<RequestRecord>(stored, pathOf(party, "requests"))
    .filter(isMeant)
    .map(({ id }) => id);
}

const pathOf = ({ identity }: Party, kind: string) => `${identity.record.id}/${kind}`;
