// What is not finished and what could not be (Rapport's own).
import { type HandlersOf, nothing, result } from "../handler.ts";
import type { openWorkOperations } from "../operations/open-work.ts";
import { extended } from "../profiles/extended.ts";

/** Carries out the routes of dead letters and intents. */
export const openWorkHandlers: HandlersOf<typeof openWorkOperations> = {
  getDeadLetters: async ({ account }) =>
    result((await account.deadLetters.list()).map((letter) => extended(letter, {}))),
  getDeadLetter: async ({ account, params: { id = "" } }) => result(extended(await account.deadLetters.get(id), {})),
  replayDeadLetter: async ({ account, params: { id = "" } }) => {
    await account.deadLetters.replay(id);
    return nothing;
  },
  discardDeadLetter: async ({ account, params: { id = "" } }) => {
    await account.deadLetters.discard(id);
    return nothing;
  },
  getIntents: async ({ account }) => result((await account.intents.list()).map((intent) => extended(intent, {}))),
  cancelIntent: async ({ account, params: { id = "" }, command }) => {
    await account.intents.cancel(id, command);
    return nothing;
  },
  resumeIntents: async ({ account }) => {
    await account.intents.resume();
    return nothing;
  },
};
