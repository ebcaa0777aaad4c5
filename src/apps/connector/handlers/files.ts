// Files (spec/connector-api.md 1.9).
import type { FileView, NewFile } from "rapport";
import { fault, type Json } from "rapport/core";
import { type Ask, type Handler, type HandlersOf, listed, nothing, type Reply, result } from "../handler.ts";
import type { fileOperations } from "../operations/files.ts";
import { passwordIn, pictureOf, referenceIn } from "./references.ts";
import { inTerms, termsOfFiles, termsOfLoading } from "./rest-codes.ts";
import { tokenMade } from "./token-answers.ts";

/** Carries out the routes of Files. */
export const fileHandlers: HandlersOf<typeof fileOperations> = {
  getFiles: async (ask) => list(ask),
  getOwnFiles: async (ask) => list(ask, true),
  getPeerFiles: async (ask) => list(ask, false),
  uploadOwnFile: upload,
  loadPeerFile: async (ask) => {
    const file = await loaded(ask, { reference: referenceIn(ask, "file"), ...passwordIn(ask) });
    return result(ask.profile.file(file), `/Files/${file.id}`);
  },
  getFile: async (ask) => {
    const { idOrReference = "" } = ask.params;
    const isId = idOrReference.startsWith("FIL");
    const file = isId ? await ask.account.files.get(idOrReference) : await loaded(ask, { reference: idOrReference });
    return ask.wants === "png" ? pictureOf(ask, file) : result(ask.profile.file(file));
  },
  downloadFile: async ({ account, params: { id = "" } }) => {
    const { content: bytes, filename, mimetype } = await inTerms(termsOfFiles, () => account.files.download(id));
    return { kind: "bytes", bytes, filename, mimetype };
  },
  createTokenForFile: (ask) =>
    tokenMade(ask, (limits) =>
      ask.account.tokens.createForFile({ fileId: ask.params["id"] ?? "", ...limits }, ask.command),
    ),
  regenerateOwnershipToken: async ({ account, profile, params: { id = "" }, command }) =>
    result(profile.file(await account.files.regenerateOwnershipToken(id, command))),
  deleteFile: async ({ account, params: { id = "" }, command }) => {
    await account.files.delete(id, command);
    return nothing;
  },
};

function list({ account, profile, filter, page }: Ask, isOwn?: boolean): Reply {
  const query = isOwn === undefined ? filter : { ...filter, isOwn: String(isOwn) };
  const items = account.files.each(query, page);
  return listed({ resource: "files", items, render: profile.file });
}

function loaded(ask: Ask, input: { readonly reference: string; readonly password?: string }): Promise<FileView> {
  return inTerms(termsOfLoading("file"), () => ask.account.files.load(input, ask.command));
}

const invalid = "error.runtime.validation.invalidPropertyValue";

async function upload(ask: Ask): ReturnType<Handler> {
  const { account, profile, file: given, body, command } = ask;
  if (given === undefined) throw fault(invalid, "must have required property 'content'");
  if (given.content.length === 0 && profile.rules.emptyFiles === "refused") throw fault(invalid, "'content' is empty");
  const { tags, ...about } = body;
  const input = { ...about, ...given, ...(tags === undefined ? {} : { tags: listOf(tags) }) };
  // The contract has checked the shape of the form, and the engine checks it again.
  const file = await inTerms(termsOfFiles, () => account.files.upload(input as unknown as NewFile, command));
  return result(profile.file(file), `/Files/${file.id}`);
}

// A form that names a field once has no list of it.
function listOf(tags: Json): readonly Json[] {
  return Array.isArray(tags) ? tags : [tags];
}
