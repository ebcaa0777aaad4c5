// What people who know each other say: messages with and without Files, Requests, and what they mark as read.
import type { JsonObject } from "rapport/core";
import { bytesBy, messageBy, ownFiles, requestBy } from "../contents.ts";
import type { Sending } from "../town.ts";
import { isFinal, type Turn } from "../turn.ts";
import { type Asked, bondsOf, type Post } from "../views.ts";
import type { Action } from "./action.ts";

/** Everything that is said. */
export const talkingActions: readonly Action[] = [
  { name: "write", weight: 10, run: write },
  { name: "ask", weight: 10, run: ask },
  { name: "read", weight: 3, run: read },
  { name: "deliver", weight: 1, run: deliver },
  { name: "upload", weight: 2, run: upload },
  { name: "fetch", weight: 2, run: fetch },
  { name: "note", weight: 1, run: note },
  { name: "challenge", weight: 1, run: challenge },
];

/** Sends what has a text of its own, and keeps what came of it. */
async function write({ town, step, draws, me, act, speaker, outcomes }: Turn): Promise<boolean> {
  const active = bondsOf(me, "Active");
  const first = draws.pick(active);
  if (first === undefined) return false;
  const second = draws.once(5) ? draws.pick(active) : undefined;
  const to = [...new Set([first, second ?? first])].map(({ peer, id }) => ({ address: peer, bond: id }));
  const recipients = to.map(({ address }) => address);
  const content = messageBy(speaker(first.peer), recipients);
  const file = draws.once(4) ? draws.pick(ownFiles(me.holdings)) : undefined;
  const attachments = file === undefined ? {} : { attachments: [file] };
  const sending: Sending = { from: me.name, to, text: textIn(content), content, step, outcome: "unknown" };
  town.sendings.push(sending);
  const sent = await act(({ messages }, options) => messages.send({ recipients, content, ...attachments }, options));
  if (sent !== undefined) sending.outcome = "sent";
  else if (isFinal(outcomes.at(-1) ?? "")) sending.outcome = "refused";
  return true;
}

const textIn = (content: JsonObject): string => /Xq9\w+-\d+-\d+-\d+/.exec(JSON.stringify(content))?.[0] ?? "";

type File = { readonly id: string; readonly isOwn: boolean };

async function ask({ draws, me, act, speaker }: Turn): Promise<boolean> {
  const bond = draws.pick(bondsOf(me, "Active"));
  if (bond === undefined) return false;
  const file = draws.once(6) ? draws.pick(me.holdings.all<File>("files").filter(({ isOwn }) => isOwn)) : undefined;
  const view = file === undefined ? undefined : await act(({ files }) => files.get(file.id));
  const handover =
    view?.ownershipToken === undefined ? undefined : { reference: view.reference.truncated, token: view.ownershipToken };
  const content = requestBy(speaker(bond.peer), handover);
  const request = await act(({ requests }, options) => requests.outgoing.create({ content, peer: bond.peer }, options));
  if (request === undefined) return true;
  await act(({ messages }, options) => messages.send({ recipients: [bond.peer], content: request.content }, options));
  return true;
}

async function read({ draws, me, act }: Turn): Promise<boolean> {
  const post = draws.pick(me.holdings.all<Post>("messages").filter(({ isOwn }) => !isOwn));
  if (post === undefined) return false;
  const [file] = post.attachments;
  await act<unknown>(({ messages }, options) => {
    if (file !== undefined && draws.once(2)) return messages.downloadAttachment(post.id, file);
    return draws.once(3) ? messages.markAsUnread(post.id, options) : messages.markAsRead(post.id, options);
  });
  return true;
}

async function deliver({ draws, me, act }: Turn): Promise<boolean> {
  const decided = me.holdings.all<Asked>("requests").filter(({ isOwn, status }) => !isOwn && status === "Decided");
  const request = draws.pick(decided);
  if (request === undefined) return false;
  await act(({ requests }, options) => requests.incoming.deliver(request.id, options));
  return true;
}

async function upload({ town, draws, me, act, speaker }: Turn): Promise<boolean> {
  const said = speaker();
  const content = bytesBy(said);
  const input = { content, filename: `${said.say()}.txt`, mimetype: "text/plain", title: said.say() };
  const expiry = draws.once(3) ? { expiresAt: said.inDays(draws.between(2, 20)) } : {};
  const file = await act(({ files }, options) => files.upload({ ...input, ...expiry }, options));
  if (file === undefined) return true;
  town.offers.push({ kind: "file", by: me.name, reference: file.reference.truncated });
  return true;
}

async function fetch({ town, draws, me, act }: Turn): Promise<boolean> {
  const own = draws.pick(me.holdings.all<File>("files"));
  const offered = draws.pick(town.offers.filter(({ kind, by }) => kind === "file" && by !== me.name));
  if (own !== undefined && draws.once(2)) {
    await act<unknown>(({ files }, options) => {
      if (draws.once(3)) return files.delete(own.id, options);
      return own.isOwn && draws.once(3) ? files.regenerateOwnershipToken(own.id, options) : files.download(own.id);
    });
    return true;
  }
  if (offered === undefined) return false;
  await act(({ files }, options) => files.load({ reference: offered.reference }, options));
  return true;
}

async function note({ draws, me, act, speaker }: Turn): Promise<boolean> {
  const bond = draws.pick(bondsOf(me));
  if (bond === undefined) return false;
  const place = { reference: bond.peer, key: `note-${draws.below(2)}` };
  await act<unknown>(({ identityMetadata }, options) =>
    draws.once(4)
      ? identityMetadata.delete(place, options)
      : identityMetadata.upsert({ ...place, value: speaker().say() }, options),
  );
  return true;
}

async function challenge({ draws, me, act, actAs, others }: Turn): Promise<boolean> {
  const bond = draws.pick(bondsOf(me, "Active"));
  const peer = others().find(({ address }) => address === bond?.peer);
  if (bond === undefined || peer === undefined) return false;
  const made = await act(({ challenges }, options) =>
    challenges.create({ challengeType: "Relationship", relationship: bond.id }, options),
  );
  if (made === undefined) return true;
  const { challengeString, signature } = made;
  await actAs(peer, ({ challenges }) => challenges.validate({ challengeString, signature }));
  return true;
}
