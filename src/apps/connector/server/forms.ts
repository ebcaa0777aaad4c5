// Forms with a file (spec/connector-api.md 1.9).
import type { FastifyMultipartOptions } from "@fastify/multipart";
import type { FastifyRequest } from "fastify";
import { type JsonObject, RapportError } from "rapport/core";
import type { UploadedFile } from "../handler.ts";
import { fileBytesMax, formFieldBytesMax, formNameCharsMax, formPartsMax } from "../limits.ts";

/** The bounds of the parser. Names of files are UTF-8, as all clients send them. */
export const formOptions: FastifyMultipartOptions & { readonly defParamCharset: string } = {
  limits: {
    fileSize: fileBytesMax,
    fieldSize: formFieldBytesMax,
    fieldNameSize: formNameCharsMax,
    files: 1,
    fields: formPartsMax - 1,
    parts: formPartsMax,
  },
  throwFileSizeLimit: false,
  defParamCharset: "utf8",
};

/** What a form comes to. */
export interface Form {
  readonly body: JsonObject;
  readonly file: UploadedFile;
}

/** Reads one. Another kind of body, or one without a file, lacks its content. */
export async function formOf(request: FastifyRequest): Promise<Form> {
  if (!request.isMultipart()) throw withoutContent();
  const body: Record<string, string | string[]> = Object.create(null);
  let file: UploadedFile | undefined;
  for await (const part of request.parts()) {
    if (part.type === "field") {
      if (part.valueTruncated === true) throw tooLarge(`'${part.fieldname}'`, formFieldBytesMax);
      if (typeof part.value === "string") add(body, part.fieldname, part.value);
      continue;
    }
    const content = await part.toBuffer();
    if (part.file.truncated) throw tooLarge("'content'", fileBytesMax);
    file ??= { filename: part.filename, mimetype: part.mimetype, content };
  }
  if (file === undefined) throw withoutContent();
  return { body, file };
}

function add(body: Record<string, string | string[]>, name: string, value: string): void {
  const key = name.replace(/(?:\.\d+|\[\d*\])$/, "");
  const known = body[key];
  if (known === undefined) body[key] = value;
  else if (typeof known === "string") body[key] = [known, value];
  else known.push(value);
}

function withoutContent(): RapportError {
  return new RapportError("error.runtime.validation.invalidPropertyValue", "must have required property 'content'");
}

function tooLarge(what: string, max: number): RapportError {
  return new RapportError("error.runtime.validation.invalidPropertyValue", `${what} may have at most ${max} bytes`);
}
