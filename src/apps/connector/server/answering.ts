// From what a handler replies to an HTTP response.
import type { FastifyReply } from "fastify";
import type { AnyList, Reply } from "../handler.ts";
import type { Operation } from "../operation.ts";
import { entryText, textOf } from "./lists.ts";
import { pictureOf } from "./pictures.ts";
import type { Shelf } from "./rendered.ts";

/** What of the request an answer depends on. */
export interface AnswerPlace {
  /** Everything before the path of the operation, as the caller wrote it. */
  readonly base: string;
  shelfOf(list: Pick<AnyList, "resource">): Shelf;
}

/** Sends the reply of an operation. */
export type Answerer = (reply: FastifyReply, given: Reply, place: AnswerPlace) => FastifyReply | Promise<FastifyReply>;

const json = "application/json; charset=utf-8";

/** Makes the sender of an operation. */
export function answererOf({ method, success, produces }: Operation): Answerer {
  const isNegotiated = method === "GET" && (produces?.length ?? 1) > 1;
  return (reply, given, place) => {
    if (isNegotiated) reply.header("vary", "Accept");
    switch (given.kind) {
      case "result":
        reply.code(success).type(json);
        if (given.headers !== undefined) reply.headers(given.headers);
        if (success === 201) locate(reply, place.base + (given.location ?? homeOf(given.result)));
        return reply.send(`{"result":${JSON.stringify(given.result)}}`);
      case "list":
        return sendList(reply.code(success).type(json), given.list, place);
      case "entry":
        return sendEntry(reply.code(success).type(json), given, place);
      case "plain":
        return reply
          .code(given.status ?? success)
          .type(json)
          .send(JSON.stringify(given.body));
      case "nothing":
        if (given.headers !== undefined) reply.headers(given.headers);
        return reply.code(204).send();
      case "bytes":
        reply.code(success).type(harmless(given.mimetype));
        return attach(reply, given.filename).send(bufferOf(given.bytes));
      case "picture":
        if (success === 201) locate(reply, place.base + (given.location ?? ""));
        return sendPicture(reply.code(success), given);
      case "other":
        if (given.location !== undefined) locate(reply, place.base + given.location);
        reply.code(success).type(given.mimetype);
        return reply.send(typeof given.body === "string" ? given.body : bufferOf(given.body));
    }
  };
}

async function sendList(reply: FastifyReply, list: AnyList, { shelfOf }: AnswerPlace): Promise<FastifyReply> {
  return reply.send(await textOf(list, shelfOf(list)));
}

async function sendEntry(
  reply: FastifyReply,
  { entry, list }: Extract<Reply, { kind: "entry" }>,
  { shelfOf }: AnswerPlace,
): Promise<FastifyReply> {
  return reply.send(`{"result":${await entryText(list, entry, shelfOf(list))}}`);
}

async function sendPicture(reply: FastifyReply, { text, filename }: Extract<Reply, { kind: "picture" }>) {
  const picture = await pictureOf(text);
  return attach(reply.type("image/png"), filename).send(picture);
}

/** Percent-encoded, a name has no letter that could end the header. */
function attach(reply: FastifyReply, filename: string): FastifyReply {
  return reply.header("content-disposition", `attachment;filename=${encodeURIComponent(wellFormed(filename))}`);
}

function locate(reply: FastifyReply, path: string): void {
  reply.header("location", encodeURI(wellFormed(path)));
}

/** Half a letter cannot be percent-encoded; bytes and back make a replacement of it. */
const wellFormed = (text: string) => Buffer.from(text).toString();

const homeByPrefix: Readonly<Record<string, string>> = {
  RLT: "/RelationshipTemplates/",
  TOK: "/Tokens/",
  FIL: "/Files/",
  REL: "/Relationships/",
  MSG: "/Messages/",
  REQ: "/Requests/Outgoing/",
  ATT: "/Attributes/",
};

/** Where an object can be read, by its id; the mount itself when it has none. */
function homeOf(result: unknown): string {
  const id = typeof result === "object" && result !== null && "id" in result ? result.id : undefined;
  if (typeof id !== "string") return "/";
  const home = homeByPrefix[id.slice(0, 3)];
  return home === undefined ? "/" : home + encodeURIComponent(id);
}

const mediaType = /^[\w!#$&^.+-]{1,100}\/[\w!#$&^.+-]{1,100}(?:; ?[\w-]{1,50}="?[\w.-]{1,100}"?){0,5}$/;

/** What a peer calls a file's type goes into a header only when it is one. */
function harmless(mimetype: string): string {
  return mediaType.test(mimetype) ? mimetype : "application/octet-stream";
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
