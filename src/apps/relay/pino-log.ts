import { pino } from "pino";
import type { LogPort } from "rapport/core";
import type { Settings } from "./settings.ts";

/** The log of the program: one JSON object for each line, on standard error. */
export function pinoLog(level: Settings["log"]): LogPort {
  const options = {
    level,
    base: null,
    messageKey: "message",
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const logger = pino(options, pino.destination({ dest: 2, sync: true }));
  return { write: (at, message, facts = {}) => logger[at](facts, message) };
}
