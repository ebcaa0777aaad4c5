// Bodies of those who have not logged in where they need not (H2).
import { Readable } from "node:stream";
import { RapportError } from "rapport/core";
import { strangerBytesMax } from "./limits.ts";

/** The body, which fails once it is longer than a stranger's may be. */
export function strangersBody(body: Readable): Readable {
  return Readable.from(withinBound(body), { objectMode: false });
}

async function* withinBound(body: Readable): AsyncGenerator<Buffer> {
  let bytes = 0;
  // Not destroyed: its socket is needed for the answer.
  for await (const chunk of body.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > strangerBytesMax) {
      const message = `Without a login a request may have at most ${strangerBytesMax} bytes.`;
      throw new RapportError("error.platform.requestBodyTooLarge", message);
    }
    yield chunk;
  }
}
