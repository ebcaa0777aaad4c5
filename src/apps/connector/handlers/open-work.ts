// What is not finished and what could not be (Rapport's own).
import { fault } from "rapport/core";
import { type HandlersOf, nothing, result } from "../handler.ts";
import type { openWorkOperations } from "../operations/open-work.ts";
import { extended } from "../profiles/extended.ts";

/** Carries out the routes of dead letters and intents. */
export const openWorkHandlers: HandlersOf<typeof openWorkOperations> = {
  getDeadLetters: async ({ account }) =>
    result((await account.deadLetters.list()).map((letter) => extended(letter, {}))),
  getDeadLetter: async ({ account, params: { id = "" } }) => {
    const letter = (await account.deadLetters.list()).find((one) => one.id === id);
    if (letter === undefined) throw fault("error.runtime.recordNotFound", `There is no dead letter ${id}.`);
    return result(extended(letter, {}));
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
