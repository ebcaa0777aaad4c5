// What is not finished and what could not be: calls to the relay and deliveries (Rapport's own).
import { z } from "zod";
import { table } from "../operation.ts";
import { anyObject } from "../shapes/values.ts";

const letters = { tag: "DeadLetters", scopes: ["rapport:deadLetters"], mounts: ["own"] } as const;
const intents = { tag: "Intents", scopes: ["rapport:intents"], mounts: ["own"] } as const;

/** Routes of dead letters and intents. */
export const openWorkOperations = table({
  getDeadLetters: {
    ...letters,
    method: "GET",
    path: "/DeadLetters",
    summary: "What could not be delivered or processed, and why.",
    success: 200,
    result: z.array(anyObject),
  },
  getDeadLetter: {
    ...letters,
    method: "GET",
    path: "/DeadLetters/:id",
    summary: "One of them.",
    success: 200,
    result: anyObject,
  },
  replayDeadLetter: {
    ...letters,
    method: "POST",
    path: "/DeadLetters/:id/Replay",
    summary: "Delivers or processes it once more.",
    success: 204,
  },
  discardDeadLetter: {
    ...letters,
    method: "DELETE",
    path: "/DeadLetters/:id",
    summary: "Throws it away.",
    success: 204,
  },
  getIntents: {
    ...intents,
    method: "GET",
    path: "/Intents",
    summary: "Calls to the relay that are not finished.",
    success: 200,
    result: z.array(anyObject),
  },
  cancelIntent: {
    ...intents,
    method: "DELETE",
    path: "/Intents/:id",
    summary: "Takes back a call of which no byte ever left.",
    success: 204,
  },
  resumeIntents: {
    ...intents,
    method: "POST",
    path: "/Intents/Resume",
    summary: "Tries the open calls again now.",
    success: 204,
  },
});
