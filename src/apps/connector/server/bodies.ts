// Bodies: JSON within its limits; a missing or empty one is `{}`.
import type { FastifyInstance } from "fastify";
import { RapportError } from "rapport/core";
import { bodyBytesMax, bodyDepthMax } from "../limits.ts";
import { pairsOf } from "./query.ts";

/** Reads JSON, and the pairs of a simple form, which clients also send as the type of an empty body. */
export function readBodies(app: FastifyInstance): void {
  // Refuses names that would reach a prototype when an object is copied.
  const parseSafely = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    /^application\/(?:[\w.-]+\+)?json(?:;|$)/i,
    { parseAs: "string", bodyLimit: bodyBytesMax },
    (request, body, done) => {
      const text = String(body);
      if (text.trim() === "") return done(null, undefined);
      if (isTooDeep(text)) return done(tooDeep());
      return parseSafely(request, text, (error, value) => done(error === null ? null : invalidJson(), value));
    },
  );
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string", bodyLimit: bodyBytesMax },
    (_request, body, done) => {
      try {
        done(null, body === "" ? undefined : valuesOf(String(body)));
      } catch (error) {
        done(error as Error);
      }
    },
  );
  app.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: bodyBytesMax }, (_request, body, done) =>
    body.length === 0 ? done(null, undefined) : done(otherKind()),
  );
}

/** Counts brackets outside of texts, before anything is built. */
function isTooDeep(text: string): boolean {
  if (text.length <= bodyDepthMax) return false;
  let depth = 0;
  let isText = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charCodeAt(at);
    if (letter === quote) isText = !isText;
    else if (isText) at += letter === backslash ? 1 : 0;
    else if (letter === openBrace || letter === openBracket) depth += 1;
    else if (letter === closeBrace || letter === closeBracket) depth -= 1;
    if (depth > bodyDepthMax) return true;
  }
  return false;
}

const [quote, backslash, openBrace, openBracket, closeBrace, closeBracket] = Array.from('"\\{[}]', (letter) =>
  letter.charCodeAt(0),
);

function valuesOf(text: string): Record<string, string> {
  const values: Record<string, string> = Object.create(null);
  for (const [name, value] of pairsOf(text)) values[name] = value;
  return values;
}

function invalidJson(): RapportError {
  const message = "The body is not valid JSON, or has a name that is not allowed (__proto__).";
  return new RapportError("error.connector.validation.invalidJsonInPayload", message);
}

function tooDeep(): RapportError {
  const message = `The body is nested too deeply: at most ${bodyDepthMax} levels.`;
  return new RapportError("error.connector.validation.invalidJsonInPayload", message);
}

function otherKind(): RapportError {
  const message = "The body must be JSON: send it with the header Content-Type: application/json.";
  return new RapportError("error.runtime.validation.invalidPropertyValue", message);
}
