// The log of the program: one JSON object for each line, on standard error, with the id of the call it belongs to.
import { pino } from "pino";
import type { LogPort } from "rapport/core";
import type { ConnectorConfig } from "./config/shape.ts";

/** A log of these settings. `write` receives whole lines; it is standard error unless told otherwise. */
export function pinoLog({ level }: ConnectorConfig["logging"], write?: (line: string) => void): LogPort {
  const options = {
    level,
    base: null,
    messageKey: "message",
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const logger = pino(options, write === undefined ? pino.destination({ dest: 2, sync: true }) : { write });
  return {
    write: (at, message, facts = {}) => logger[at](facts, message),
  };
}
