// Who takes part, and what an earlier run left behind.
import { decliningAll } from "../answers.ts";
import { number } from "../narrator.ts";
import type { Player, Stage } from "../stage.ts";
import type { StoreChoice } from "../store-choice.ts";

/** Introduces the players; ends what is still open between them, so that the story can begin again. */
export async function meetThePlayers(stage: Stage, store: StoreChoice): Promise<void> {
  const { narrator, players, library } = stage;
  narrator.say(
    "RAPPORT STORY. A library offers a card; Mara and Jonas want one. Nobody gets any data before both sides agreed, " +
      "and the relay that carries everything between them sees ciphertext only. Engine, relay and encryption are real; " +
      "only the people are made up, and all of them live in this one process. " +
      "Below, 'status' is what changed, and 'relay' is what the one in the middle could tell from it.",
  );
  narrator.act("The players");
  const { files } = store;
  stage.tell({
    who: "everybody",
    title: library.isKnown ? "Everybody is still there" : "Three identities are made",
    explains: library.isKnown
      ? "The store has these identities from an earlier run, with their keys and their history. The story goes on with them."
      : "Each makes its own keys and gives the relay the public half. The address is derived from that key, so nobody can take over somebody else's.",
    shows: [
      ...players.map(({ name, account }) => [name, account.address] as const),
      ["kept in", files === undefined ? "memory; gone when the story ends" : `${files.engine} and ${files.relay}`],
    ],
    relaySees: library.isKnown ? "It knows them already." : "It knows three public keys now, and no names.",
  });
  const ended = players.some(({ isKnown }) => isKnown) ? await tidyUp(stage) : [];
  if (ended.length === 0) return;
  const earlier = await library.account.relationships.find();
  stage.tell({
    who: "everybody",
    title: "What an earlier run left open is ended first",
    explains:
      "Between two parties there can be one living Relationship at most. Rejected and Revoked ones stay readable for good; they do not stand in the way.",
    shows: [
      ["ended", ended.join("; ")],
      ["kept", `${number(earlier.length)} earlier Relationships in the library's history`],
    ],
    relaySees: "It knows that these Relationships are over.",
  });
}

const endings = ["revoke", "reject", "terminate", "decompose"] as const;
const roundsMax = 4;

/** Rejects what nobody answered, and ends every living Relationship; the engine says which step is possible. */
async function tidyUp({ players }: Stage): Promise<readonly string[]> {
  const ended: string[] = [];
  for (let round = 0; round < roundsMax; round += 1) {
    const before = ended.length;
    for (const player of players) ended.push(...(await endAll(player)));
    if (ended.length === before && round > 0) break;
  }
  return ended;
}

async function endAll({ name, account }: Player): Promise<readonly string[]> {
  await account.sync();
  const ended: string[] = [];
  for (const { id } of await account.relationships.find()) {
    for (const step of endings) {
      const { isSuccess } = await account.relationships.can(id, step);
      if (!isSuccess) continue;
      await account.relationships[step](id);
      ended.push(`${step} ${id} (${name})`);
      if (step === "decompose") break;
    }
  }
  for (const request of await account.requests.incoming.find({ status: "ManualDecisionRequired" })) {
    await account.requests.incoming.reject(request.id, decliningAll(request));
    ended.push(`decline ${request.id} (${name})`);
  }
  return ended;
}
