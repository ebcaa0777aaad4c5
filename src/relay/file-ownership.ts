/**
 * Passing a File on (spec/backbone-protocol.md 5.4).
 *
 * F1. A wrong token of somebody else locks the File in the commit that answers; while it is locked no token is right, so a
 *     token can be guessed once.
 * F2. Of several claims with the right token one wins: it replaces the token, and the others then have a wrong one.
 */
import { refuse } from "../errors/refusal.ts";
import { randomText } from "../model/ids.ts";
import { type Asked, type Handler, idOf, notFound, work } from "./asked.ts";
import type { Caller } from "./caller.ts";
import type { Desk } from "./desk.ts";
import { answerOnly, createDraft, type Draft } from "./draft.ts";
import { eventOf } from "./events.ts";
import { fieldsOf } from "./fields.ts";
import { type FileDocument, fileKey } from "./file-documents.ts";
import { fileIn, ownershipTokenLength } from "./files.ts";
import { hashSecret, isSecret } from "./secrets.ts";

/** Says whether a claim with this token would succeed; asked by others with a wrong one, it locks. */
export const validateFileOwnershipToken: Handler = (asked, desk, caller) => {
  const tried = triedIn(asked);
  if (!tried.ok) return tried;
  const { id, token } = tried.value;
  return work({
    gather: (reads) => fileIn(reads, id, asked.nowMs),
    plan: (file) => {
      if (file === undefined) return notFound("File");
      if (file.ownershipIsLocked) return answerOnly({ isValid: false });
      const isValid = isSecret(desk, file.ownershipToken, token);
      if (isValid || file.owner === caller.address) return answerOnly({ isValid });
      const draft = createDraft();
      lock(asked, desk, { draft, file });
      return draft.answer({ isValid });
    },
  });
};

/** A new token for the owner, which also unlocks. */
export const regenerateFileOwnershipToken: Handler = (asked, desk, caller) => {
  const id = idOf(asked, "FIL");
  if (!id.ok) return id;
  const token = randomText(ownershipTokenLength, desk.entropy);
  return work({
    gather: (reads) => fileIn(reads, id.value, asked.nowMs),
    plan: (file) => {
      if (file === undefined) return notFound("File");
      if (file.owner !== caller.address) {
        return refuse("error.platform.forbidden", "Only the owner may make a new ownership token.");
      }
      const draft = createDraft();
      draft.put(fileKey(file.id), passed(asked, desk, { file, caller, token }));
      return draft.answer({ newOwnershipToken: token });
    },
  });
};

/** Makes the caller the owner. */
export const claimFileOwnership: Handler = (asked, desk, caller) => {
  const tried = triedIn(asked);
  if (!tried.ok) return tried;
  const newToken = randomText(ownershipTokenLength, desk.entropy);
  return work({
    gather: (reads) => fileIn(reads, tried.value.id, asked.nowMs),
    plan: (file) => {
      if (file === undefined) return notFound("File");
      if (file.owner === caller.address) {
        return refuse("error.platform.validation.file.cannotClaimOwnershipOfOwnFile", "The File is your own already.");
      }
      if (file.ownershipIsLocked) return wrongToken;
      const draft = createDraft();
      if (!isSecret(desk, file.ownershipToken, tried.value.token)) {
        lock(asked, desk, { draft, file });
        return draft.refuse(wrongToken.refusal);
      }
      draft.put(fileKey(file.id), passed(asked, desk, { file, caller, token: newToken }));
      const payload = { fileId: file.id, newOwnerAddress: caller.address };
      draft.tell(eventOf(asked, desk, { to: file.owner, type: "FileOwnershipClaimed", payload }));
      return draft.answer({ newOwnershipToken: newToken });
    },
  });
};

/** One answer for a wrong token and for a lock, so that nobody learns which it was. */
const wrongToken = refuse(
  "error.platform.forbidden",
  "The ownership token is wrong, or the File is locked after a wrong one. Ask its owner for a new token.",
);

function triedIn(asked: Asked) {
  const id = idOf(asked, "FIL");
  if (!id.ok) return id;
  const fields = fieldsOf(asked.body);
  const token = fields.text("ownershipToken");
  if (fields.problem !== undefined) return { ok: false as const, refusal: fields.problem };
  return { ok: true as const, value: { id: id.value, token } };
}

function lock(asked: Asked, desk: Desk, { draft, file }: { draft: Draft; file: FileDocument }): void {
  draft.put(fileKey(file.id), { ...file, ownershipIsLocked: true });
  const { owner: to, id: fileId } = file;
  draft.tell(eventOf(asked, desk, { to, type: "FileOwnershipLocked", payload: { fileId } }));
}

/** The File with a new token, unlocked, in the hands of the caller. */
function passed(asked: Asked, desk: Desk, at: { file: FileDocument; caller: Caller; token: string }): FileDocument {
  const { file, caller, token } = at;
  return {
    ...file,
    owner: caller.address,
    ownershipToken: hashSecret(desk, token),
    ownershipIsLocked: false,
    modifiedAt: asked.now,
    modifiedBy: caller.address,
    modifiedByDevice: caller.deviceId,
  };
}
