// The end of a Relationship: terminated, revived, terminated again, and erased on both sides.
import type { Player, Stage } from "../stage.ts";
import type { Sealed } from "../witness.ts";
import { statusAt } from "./approach.ts";
import { auditText } from "./ledger.ts";

/** Mara ends it, the library asks to go on, Mara agrees. */
export async function reviveAfterEnd(stage: Stage, id: string): Promise<void> {
  const { library, mara, tell } = stage;
  stage.narrator.act("An end, and a new beginning");
  const before = await statusAt(mara, id);
  const ended = await mara.account.relationships.terminate(id);
  await library.account.sync();
  tell({
    who: "Mara",
    title: "Mara moves away and ends the Relationship",
    explains: "No more messages or Requests; what was exchanged stays readable for both.",
    subject: id,
    before,
    after: ended.status,
    shows: [["the library", `sees ${await statusAt(library, id)}`]],
    relaySees: "It sees who ended it and when, and takes no further message between the two.",
  });
  const asking = await library.account.relationships.requestReactivation(id);
  await mara.account.sync();
  tell({
    who: "City Library",
    title: "The library asks to go on",
    explains: "Either side may ask; only the other side may agree. Until then it stays Terminated.",
    subject: id,
    before: ended.status,
    after: asking.status,
    relaySees: "It sees the question, and who asked.",
  });
  const revived = await mara.account.relationships.acceptReactivation(id);
  await library.account.sync();
  tell({
    who: "Mara",
    title: "Mara agrees",
    explains: "It is the same Relationship as before, with the same keys and one audit log.",
    subject: id,
    before: asking.status,
    after: revived.status,
    shows: [["the library", `sees ${await statusAt(library, id)}`]],
    relaySees: "It sees the yes.",
  });
}

/** The end for good: nothing is left on either side. */
export async function endAndErase(stage: Stage, id: string, letters: readonly Sealed[]): Promise<void> {
  const { library, mara, tell } = stage;
  stage.narrator.act("Erased");
  const ended = await library.account.relationships.terminate(id);
  await mara.account.sync();
  tell({
    who: "City Library",
    title: "A year later the library closes the account",
    explains: "Terminated again. Before it goes, this is the audit log, word for word the same on both sides:",
    subject: id,
    before: "Active",
    after: ended.status,
    shows: [["audit log", auditText(ended.auditLog, stage)]],
    relaySees: "It sees who ended it and when.",
  });
  const maraHeld = await belongings(mara, library);
  await mara.account.relationships.decompose(id);
  await library.account.sync();
  tell({
    who: "Mara",
    title: "Mara erases her side",
    explains: "Relationship, keys, template, Requests, answers and messages go in one commit. The library is told.",
    subject: id,
    before: ended.status,
    after: await statusAt(library, id),
    shows: [
      ["Mara had", maraHeld],
      ["Mara has", await belongings(mara, library)],
      ["the library", "still has its side, until it erases it as well"],
    ],
    relaySees: "It sees that Mara left.",
  });
  await libraryErases(stage, id, letters);
}

async function libraryErases(stage: Stage, id: string, letters: readonly Sealed[]): Promise<void> {
  const { library, mara, witness, tell } = stage;
  const held = await belongings(library, mara);
  const before = await statusAt(library, id);
  await library.account.relationships.decompose(id);
  tell({
    who: "City Library",
    title: "The library erases its side, and with it the Relationship is gone",
    explains:
      "Once both have left, the relay deletes every envelope and message of theirs. It keeps a line that there was a Relationship, between which addresses, from when to when.",
    subject: id,
    before,
    after: await statusAt(library, id),
    shows: [
      ["library had", held],
      ["library has", await belongings(library, mara)],
      ["at the relay", `${witness.left(letters)} of its ${letters.length} ciphertexts left`],
    ],
    relaySees: "It sees that both have left.",
  });
}

async function belongings({ account }: Player, { account: peer }: Player): Promise<string> {
  const relationships = await account.relationships.find({ peer: peer.address });
  const incoming = await account.requests.incoming.find({ peer: peer.address });
  const outgoing = await account.requests.outgoing.find({ peer: peer.address });
  const received = await account.messages.find({ createdBy: peer.address });
  const sent = await account.messages.find({ "recipients.address": peer.address });
  const templates = await account.templates.find({ createdBy: peer.address });
  const counts = [
    [relationships.length, "Relationship"],
    [incoming.length + outgoing.length, "Request"],
    [received.length + sent.length, "message"],
    [templates.length, "loaded template"],
  ] as const;
  return counts.map(([count, what]) => `${count} ${what}${count === 1 ? "" : "s"}`).join(", ");
}
