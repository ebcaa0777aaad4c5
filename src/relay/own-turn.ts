/** Turns that nobody called for: what the relay does by itself when something ended or is due. */
import { type Reads, takeTurn } from "../turn/turn.ts";
import type { NewsDesk } from "./desk.ts";
import { createDraft, type Draft } from "./draft.ts";

/** Writes one commit and says yes or no; what yes means is up to who asked. */
export type OwnStep = (draft: Draft) => boolean;

/** Takes one turn and gives what its step said. No step means that there is nothing to do, which is a no. */
export async function takeOwnTurn(
  desk: NewsDesk,
  gather: (reads: Reads) => Promise<OwnStep | undefined>,
): Promise<boolean> {
  const taken = await takeTurn(desk, {
    gather,
    plan: (step) => {
      const draft = createDraft();
      const said = step?.(draft) ?? false;
      const { value: plan } = draft.answer({});
      return { ok: true, value: { ...plan, value: { said, news: plan.value.news } } };
    },
  });
  if (!taken.ok) return false;
  desk.news.tell(taken.value.news);
  return taken.value.said;
}
