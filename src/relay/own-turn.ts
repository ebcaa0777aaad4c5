/** Turns that nobody called for: what the relay does by itself when something ended or is due. */
import { type Reads, takeTurn } from "../turn/turn.ts";
import type { NewsDesk } from "./desk.ts";
import { createDraft, type Draft } from "./draft.ts";
import { eraseBlob } from "./file-bytes.ts";
import type { Reply } from "./reply.ts";

/** Writes one commit and says yes or no; what yes means is up to who asked. */
export type OwnStep = (draft: Draft) => boolean;

/**
 * Takes one turn and gives what its step said. No step means that there is nothing to do, which is a no. Bytes of Files that
 * it ends go after the commit; if they do not, their marks stay and the sweeper finds them.
 */
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
      return { ok: true, value: { ...plan, value: { said, ...followUpOf(plan.value) } } };
    },
  });
  if (!taken.ok) return false;
  desk.news.tell(taken.value.news);
  if (desk.blobs !== undefined) for (const name of taken.value.doomedBlobs) await eraseBlob(desk, desk.blobs, name);
  return taken.value.said;
}

function followUpOf(reply: Reply) {
  return { news: reply.news, doomedBlobs: "result" in reply ? (reply.doomedBlobs ?? []) : [] };
}
