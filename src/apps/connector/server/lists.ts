/**
 * Lists, written as they are read.
 *
 * L1. A list is never held whole: at most one piece of text waits, and nothing is read while the client does not take it.
 * L2. A failure before the first byte is an ordinary error; after it the connection is cut, so that nobody takes half a list
 *     for a whole one.
 * L3. Whatever ends a list also ends the reading.
 */

import { Readable } from "node:stream";
import { type Listed, pagesOf, textsOf } from "rapport";
import type { AnyList } from "../handler.ts";
import { listPieceCharsMax } from "../limits.ts";
import type { Shelf } from "./rendered.ts";

/** Gives the whole text of a short list, else a stream of it. */
export async function textOf(list: AnyList, shelf: Shelf): Promise<string | Readable> {
  const writer = writerOf(list, shelf);
  const first = await writer.next();
  return first.isLast ? `{"result":[${first.text}]}` : streamOf(writer, first.text);
}

interface Piece {
  readonly text: string;
  readonly isLast: boolean;
}

interface Writer {
  next(): Promise<Piece>;
  stop(): Promise<void>;
}

function writerOf(list: AnyList, shelf: Shelf): Writer {
  const iterator = piecesOf(list)[Symbol.asyncIterator]();
  const stop = async () => {
    await iterator.return?.();
  };
  let comma = "";
  let waiting: readonly (string | Listed<unknown>)[] = [];
  let at = 0;
  return {
    next: async () => {
      let text = "";
      try {
        while (text.length < listPieceCharsMax) {
          const item = waiting[at];
          if (item !== undefined) {
            text += comma + (typeof item === "string" ? item : await entryText(list, item, shelf));
            comma = ",";
            at += 1;
            continue;
          }
          const { done, value } = await iterator.next();
          if (done === true) return { text, isLast: true };
          waiting = value;
          at = 0;
        }
      } catch (error) {
        await stop().catch(() => undefined);
        throw error;
      }
      return { text, isLast: false };
    },
    stop,
  };
}

/** What looks as it is stored comes as text; everything else is to be rendered. */
function piecesOf({ isVerbatim, items }: AnyList): AsyncIterable<readonly (string | Listed<unknown>)[]> {
  return (isVerbatim ? textsOf(items) : undefined) ?? pagesOf(items);
}

/** The text of one object, from the shelf where it is there. */
export async function entryText(list: Omit<AnyList, "items">, item: Listed<unknown>, shelf: Shelf): Promise<string> {
  return shelf.find(item.id, item.version) ?? rendered(list, item, shelf);
}

async function rendered(list: Omit<AnyList, "items">, item: Listed<unknown>, shelf: Shelf): Promise<string> {
  const text = JSON.stringify(await list.render(await item.view()));
  shelf.keep(item.id, item.version, text);
  return text;
}

function streamOf(writer: Writer, first: string): Readable {
  const stream = new Readable({
    highWaterMark: listPieceCharsMax,
    read() {
      writer.next().then(
        ({ text, isLast }) => {
          stream.push(isLast ? `${text}]}` : text);
          if (isLast) stream.push(null);
        },
        (error) => stream.destroy(error),
      );
    },
    destroy(error, done) {
      writer.stop().then(
        () => done(error),
        () => done(error),
      );
    },
  });
  stream.push(`{"result":[${first}`);
  return stream;
}
