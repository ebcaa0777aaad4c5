// How people get to know each other: templates, references, decisions, and the answer of who made the template.
import type { Account } from "rapport";
import type { JsonObject } from "rapport/core";
import { decisionBy } from "../answers.ts";
import { requestBy } from "../contents.ts";
import { isFinal, type Turn } from "../turn.ts";
import { type Asked, type Bond, bondsOf, waitingFor } from "../views.ts";
import type { Action } from "./action.ts";

/** Everything about getting to know each other. */
export const meetingActions: readonly Action[] = [
  { name: "offer", weight: 5, run: offer },
  { name: "load", weight: 9, run: load },
  { name: "decide", weight: 14, run: decide },
  { name: "greet", weight: 3, run: greet },
  { name: "answer", weight: 9, run: answer },
  { name: "revoke", weight: 1, run: revoke },
  { name: "withdraw", weight: 1, run: withdraw },
];

async function offer({ town, draws, me, act, speaker, others }: Turn): Promise<boolean> {
  const said = speaker();
  const onNewRelationship = requestBy(said);
  const more = draws.once(2) ? { onExistingRelationship: requestBy(said) } : {};
  const content: JsonObject = draws.once(4)
    ? { "@type": "ArbitraryRelationshipTemplateContent", value: { text: said.say() } }
    : { "@type": "RelationshipTemplateContent", title: said.say(), onNewRelationship, ...more };
  const limit = draws.once(3) ? { maxNumberOfAllocations: draws.between(1, 2) } : {};
  const [target] = others();
  const personal = draws.once(6) && target !== undefined ? { forIdentity: target.address } : {};
  const expiresAt = said.inDays(draws.between(1, 30));
  const template = await act((account, options) =>
    account.templates.create({ content, expiresAt, ...limit, ...personal }, options),
  );
  if (template === undefined) return true;
  town.offers.push({ kind: "template", by: me.name, reference: template.reference.truncated });
  if (!draws.once(3)) return true;
  const token = await act((account, options) => account.tokens.createForTemplate({ templateId: template.id }, options));
  if (token !== undefined) town.offers.push({ kind: "token", by: me.name, reference: token.reference.url });
  return true;
}

async function load({ town, draws, me, act }: Turn): Promise<boolean> {
  const fresh = town.offers.slice(-offersSeen).filter(({ by, kind }) => by !== me.name && kind !== "file");
  const one = draws.pick(fresh);
  if (one === undefined) return false;
  const loadIt = (account: Account, options: { commandId: string }) => {
    const { reference } = one;
    return one.kind === "template" ? account.templates.load({ reference }, options) : account.tokens.load({ reference }, options);
  };
  await act<unknown>(loadIt);
  return true;
}

const offersSeen = 12;

async function decide({ draws, me, act, speaker }: Turn): Promise<boolean> {
  const request = draws.pick(waitingFor(me));
  if (request === undefined) return false;
  const isAccepting = !draws.once(6);
  const decision = decisionBy(speaker(request.peer), request.content, isAccepting);
  await act(({ requests: { incoming } }, options) =>
    isAccepting ? incoming.accept(request.id, decision, options) : incoming.reject(request.id, decision, options),
  );
  return true;
}

type Template = { readonly id: string; readonly isOwn: boolean; readonly content: JsonObject };

async function greet({ draws, me, act, speaker }: Turn): Promise<boolean> {
  const free = me.holdings
    .all<Template>("templates")
    .filter(({ isOwn, content }) => !isOwn && content["@type"] === "ArbitraryRelationshipTemplateContent");
  const template = draws.pick(free);
  if (template === undefined) return false;
  const creationContent = { "@type": "ArbitraryRelationshipCreationContent", value: { text: speaker().say() } };
  await act(({ relationships }, options) =>
    relationships.create({ templateId: template.id, creationContent }, options),
  );
  return true;
}

const isMine = ({ role }: Bond) => role === "templator";

async function answer({ draws, me, act }: Turn): Promise<boolean> {
  const bond = draws.pick(bondsOf(me, "Pending").filter(isMine));
  if (bond === undefined) return false;
  const step = draws.once(7) ? "reject" : "accept";
  await act(({ relationships }, options) => relationships[step](bond.id, options));
  return true;
}

async function revoke({ draws, me, act }: Turn): Promise<boolean> {
  const bond = draws.pick(bondsOf(me, "Pending").filter((one) => !isMine(one)));
  if (bond === undefined) return false;
  await act(({ relationships }, options) => relationships.revoke(bond.id, options));
  return true;
}

// Takes something back that is not needed any more.
async function withdraw({ draws, me, act, outcomes }: Turn): Promise<boolean> {
  const template = draws.pick(me.holdings.all<Template>("templates"));
  const request = draws.pick(me.holdings.all<Asked>("requests"));
  if (draws.once(2) && template !== undefined) {
    await act((account, options) => account.templates.delete(template.id, options));
    return true;
  }
  if (request === undefined) return false;
  await act(({ requests }, options) =>
    request.isOwn ? requests.outgoing.discard(request.id, options) : requests.incoming.delete(request.id, options),
  );
  return isFinal(outcomes.at(-1) ?? "") || true;
}
