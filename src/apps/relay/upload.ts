// The multipart body of a File: text parts become the JSON body, the part `content` the bytes (spec/backbone-protocol.md 5.4).
import type { FastifyRequest } from "fastify";
import { RapportError } from "rapport/core";
import { fileBytesMax, filePartBytesMax, filePartsMax } from "./limits.ts";

/** What a multipart body comes to. */
export interface Upload {
  readonly body: string;
  readonly bytes: Uint8Array;
}

/** The bounds of the parser. */
export const uploadLimits = {
  fileSize: fileBytesMax,
  fieldSize: filePartBytesMax,
  fieldNameSize: 100,
  files: 1,
  fields: filePartsMax - 1,
  parts: filePartsMax,
};

/** Reads it. Another kind of body, or one over the limits, is refused. */
export async function uploadOf(request: FastifyRequest): Promise<Upload> {
  if (!request.isMultipart()) throw invalid("The body must be multipart/form-data.");
  const texts: Record<string, string> = {};
  let bytes: Uint8Array | undefined;
  for await (const part of request.parts()) {
    if (part.type === "field") {
      if (part.valueTruncated) throw tooLarge(`The part "${part.fieldname}"`, filePartBytesMax);
      if (typeof part.value === "string") texts[part.fieldname] = part.value;
      continue;
    }
    const read = await part.toBuffer();
    if (part.file.truncated) throw tooLarge("The content", fileBytesMax);
    if (part.fieldname === "content") bytes = read;
  }
  if (bytes === undefined || bytes.length === 0) throw invalid('The part "content" must have the bytes of the File.');
  return { body: JSON.stringify(texts), bytes };
}

function invalid(message: string): RapportError {
  return new RapportError("error.platform.validation.invalidPropertyValue", message);
}

function tooLarge(what: string, max: number): RapportError {
  return new RapportError("error.platform.requestBodyTooLarge", `${what} may have at most ${max} bytes.`);
}
