// Messages and what they carry (spec/connector-api.md 1.8).
import { fault, type Json, type JsonObject } from "rapport/core";
import { type Ask, type Handler, type HandlersOf, listed, result } from "../handler.ts";
import type { messageOperations } from "../operations/messages.ts";
import { contentGiven } from "../profiles/contents.ts";
import type { ProfileName } from "../profiles/profile.ts";
import { inTerms, type Terms } from "./rest-codes.ts";

/** Carries out the routes of Messages. */
export const messageHandlers: HandlersOf<typeof messageOperations> = {
  getMessages: async ({ account, profile, filter, page }) =>
    listed({
      resource: "messages",
      items: account.messages.each(filter, page),
      render: profile.message,
      isVerbatim: profile.verbatim?.message,
    }),
  sendMessage,
  getMessage: async ({ account, profile, params: { id = "" } }) => {
    const message = await account.messages.get(id);
    const files = message.attachments.map((file) => account.messages.attachment(message.id, file));
    return result(profile.messageWithAttachments(message, await Promise.all(files)));
  },
  getAttachment: async ({ account, profile, params: { id = "", fileId = "" } }) =>
    result(profile.file(await account.messages.attachment(id, fileId))),
  downloadAttachment: async ({ account, params: { id = "", fileId = "" } }) => {
    const { content: bytes, filename, mimetype } = await account.messages.downloadAttachment(id, fileId);
    return { kind: "bytes", bytes, filename, mimetype };
  },
};

async function sendMessage(ask: Ask): ReturnType<Handler> {
  const { account, profile, body, command } = ask;
  const { recipients, content, attachments } = body;
  assertAddressed(content);
  const whole = profile.rules.untypedContent === "wrapped" ? typed(content) : content;
  const given = isObject(whole) ? contentGiven(whole) : whole;
  const input = { recipients, content: given, ...(attachments === undefined ? {} : { attachments }) };
  // The contract has checked the shape, and the engine checks it again.
  const sent = await inTerms(termsIn(profile.name), () => account.messages.send(input as never, command));
  return result(profile.message(sent), `/Messages/${sent.id}`);
}

// Clients look for these words before anything else is checked (spec/connector-api.md 2.2).
function assertAddressed(content: Json | undefined): void {
  if (!isObject(content) || content["@type"] !== "Mail") return;
  const problem = addressProblem(content["to"]);
  if (problem !== undefined) throw fault("error.runtime.requestDeserialization", problem);
}

function addressProblem(to: Json | undefined): string | undefined {
  if (to === undefined || to === null) return "Mail.to :: Value is not defined";
  return Array.isArray(to) && to.length === 0 ? "Mail.to:Array :: may not be empty" : undefined;
}

/** Free content of the first generation, in the type that the later ones have for it. */
function typed(content: Json | undefined): Json | undefined {
  if (content === undefined || (isObject(content) && typeof content["@type"] === "string")) return content;
  return { "@type": "ArbitraryMessageContent", value: content };
}

function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

/** The generations before the third had one code for recipients that cannot be written to. */
function termsIn(profile: ProfileName): Terms {
  if (profile === "gen3") return {};
  const older = profile === "gen1" ? "noMatchingRelationship" : "missingOrInactiveRelationship";
  const stranger = { code: `error.transport.messages.${older}` } as const;
  return {
    "error.runtime.messages.hasNoActiveRelationship": stranger,
    "error.transport.messages.hasNeitherActiveNorTerminatedRelationship": stranger,
  };
}
