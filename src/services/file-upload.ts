// What is checked before a File is sealed (spec/domain.md 8.3).
import type { CommandTag } from "../engine/commands.ts";
import type { Account } from "../engine/context.ts";
import type { FileView } from "../engine/file-view.ts";
import { lookAtTags } from "../engine/tag-collection.ts";
import { type NewUpload, uploadFile } from "../engine/uploading.ts";
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { fileExpiresAtDefault } from "../items/file-records.ts";
import { encryptedPropertiesBytesMax, fileContentBytesMax, fileNameCharsMax, fileTextCharsMax } from "../limits.ts";
import { tagsProblem } from "../model/attribute-tags.ts";
import { utf8 } from "../model/bytes.ts";
import type { FileProperties } from "../sealed/file.ts";
import { type Check, futureInstant, isText, object, optional } from "./door.ts";

/** Input of `files.upload`. */
export interface NewFile {
  /** At most 10 MiB; it is copied, and may be empty. */
  readonly content: Uint8Array;
  readonly filename: string;
  /** For example `text/plain`. */
  readonly mimetype: string;
  readonly title?: string;
  readonly description?: string;
  /** Default: never, which is the end of the year 9999. */
  readonly expiresAt?: string;
  /** Follow spec/domain.md 6.2 for the value type IdentityFileReference. */
  readonly tags?: readonly string[];
}

const invalid = "error.runtime.validation.invalidPropertyValue";

const content: Check = (argument) => {
  if (!(argument instanceof Uint8Array)) return refuse(invalid, "content must be a Uint8Array.");
  if (argument.length > fileContentBytesMax)
    return refuse(
      "error.transport.files.maxFileSizeExceeded",
      `content may have at most ${fileContentBytesMax} bytes.`,
    );
  return allow(Uint8Array.from(argument));
};

const bounded =
  (name: string, [min, max]: readonly [number, number]): Check =>
  (argument) =>
    isText(argument) && argument.length >= min && argument.length <= max
      ? allow(argument)
      : refuse(invalid, `${name} must be a text of ${min} to ${max} characters.`);

const tagsMax = 20;
const tagCharsMax = 250;

const tags: Check = (argument) => {
  const isFine =
    Array.isArray(argument) &&
    argument.length <= tagsMax &&
    argument.every((tag) => isText(tag) && tag.length <= tagCharsMax) &&
    new Set(argument).size === argument.length;
  return isFine
    ? allow([...argument])
    : refuse(invalid, `tags must list at most ${tagsMax} texts, each once and of at most ${tagCharsMax} characters.`);
};

/** The shape of `NewFile`. */
export const newFile: Check = object("input", {
  content,
  filename: bounded("filename", [1, fileNameCharsMax]),
  mimetype: bounded("mimetype", [1, fileNameCharsMax]),
  title: optional(bounded("title", [0, fileTextCharsMax])),
  description: optional(bounded("description", [0, fileTextCharsMax])),
  tags: optional(tags),
});

/** Checks what only the account can tell, and uploads. */
export async function upload(account: Account, input: NewFile, tag: CommandTag): Promise<Outcome<FileView>> {
  const checked = await check(account, input);
  return checked.ok ? uploadFile(account, checked.value, tag) : checked;
}

async function check(account: Account, input: NewFile): Promise<Outcome<NewUpload>> {
  const expiresAt = futureInstant(input.expiresAt ?? fileExpiresAtDefault, account.clock.now());
  if (!expiresAt.ok) return expiresAt;
  const { filename, mimetype, title, description, tags } = input;
  const collection = await lookAtTags(account, tags);
  const problem = tagsProblem(tags, {
    valueType: "IdentityFileReference",
    ...(collection === undefined ? {} : { collection }),
  });
  if (problem !== undefined) return refuse("error.consumption.attributes.invalidTags", `${problem}.`);
  const properties: FileProperties = {
    filename,
    mimetype,
    filesize: input.content.length,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(tags === undefined ? {} : { tags }),
  };
  if (utf8(JSON.stringify(properties)).length > propertiesBytesMax)
    return refuse("input.tooLarge", "What the File says about itself is too long. Make its description shorter.");
  return allow({ content: input.content, properties, expiresAt: expiresAt.value });
}

/** Sealed twice in base64 they come to less than the relay takes, keys and hashes included. */
const propertiesBytesMax = encryptedPropertiesBytesMax / 2;
