// Three attempts that end otherwise: a no, a withdrawal, and a race that the relay decides.
import { RapportError } from "rapport";
import { refusal } from "../library-card.ts";
import type { Stage } from "../stage.ts";
import { approach, statusAt } from "./approach.ts";

/** The library refuses Jonas and says why. */
export async function refuse(stage: Stage): Promise<void> {
  const { library, jonas, tell } = stage;
  stage.narrator.act("A no");
  const { id, status } = await approach(stage, jonas);
  tell({
    who: "Jonas",
    title: "Jonas gets an offer too, and answers it",
    explains: "The same steps as Mara's: a template of his own, loaded by its reference, answered in full.",
    subject: id,
    after: status,
    relaySees: "It sees that Jonas asks the library for a Relationship.",
  });
  stage.confide(refusal);
  const rejected = await library.account.relationships.reject(id, { content: refusal });
  await jonas.account.sync();
  const { responseContent } = await jonas.account.relationships.get(id);
  tell({
    who: "City Library",
    title: "The library rejects him and says why",
    explains: "Rejected is final. Both keep it as a record; a new attempt is a new Relationship.",
    subject: id,
    before: status,
    after: rejected.status,
    shows: [["Jonas reads", JSON.stringify(responseContent ?? null)]],
    relaySees: "It sees the no, but not the reason.",
  });
}

/** Jonas tries again and changes his mind. */
export async function withdraw(stage: Stage): Promise<void> {
  const { library, jonas, tell } = stage;
  stage.narrator.act("A change of mind");
  const { id, status } = await approach(stage, jonas);
  const revoked = await jonas.account.relationships.revoke(id);
  await library.account.sync();
  tell({
    who: "Jonas",
    title: "Jonas asks again, and withdraws before the library has answered",
    explains: "As long as it is Pending, the one who asked can take it back. Revoked is final, too.",
    subject: id,
    before: status,
    after: revoked.status,
    shows: [["the library", `sees ${await statusAt(library, id)}`]],
    relaySees: "It sees that he asked and that he withdrew.",
  });
}

/** The library accepts in the very moment in which Jonas withdraws. */
export async function raceForIt(stage: Stage): Promise<void> {
  const { library, jonas, tell } = stage;
  stage.narrator.act("Both at once");
  const { id, status } = await approach(stage, jonas);
  // A breath between them: the library is usually first, and the story ends with something to keep.
  const accepting = library.account.relationships.accept(id);
  const revoking = breath().then(() => jonas.account.relationships.revoke(id));
  const [accepted, revoked] = await Promise.allSettled([accepting, revoking]);
  await Promise.all([library.account.sync(), jonas.account.sync()]);
  const [atLibrary, atJonas] = [await statusAt(library, id), await statusAt(jonas, id)];
  tell({
    who: "City Library and Jonas",
    title: "The library accepts in the moment in which Jonas withdraws",
    explains:
      "Both calls are under way together. The relay's copy decides who was first; the other one is told, and after syncing both see the same.",
    subject: id,
    before: status,
    after: atLibrary,
    shows: [
      ["accept", outcomeOf(accepted)],
      ["revoke", outcomeOf(revoked)],
      ["afterwards", `the library sees ${atLibrary}, Jonas sees ${atJonas}`],
    ],
    relaySees: "It sees both, in the order in which they came, and lets only the first one through.",
  });
}

const breath = () => new Promise<void>((resolve) => setImmediate(resolve));

function outcomeOf(result: PromiseSettledResult<unknown>): string {
  if (result.status === "fulfilled") return "went through";
  const reason: unknown = result.reason;
  if (!(reason instanceof RapportError)) throw reason;
  return `refused: ${reason.code}`;
}
