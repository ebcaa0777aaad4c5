import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect, test } from "vitest";
import { answerBroken } from "../../../src/apps/serving/broken.ts";
import { openListeners } from "../../../src/apps/serving/listeners.ts";

const bounds = { headersMs: 1_000, requestMs: 2_000, idleMs: 1_000, headerBytesMax: 16_384, connectionsMax: 10 };

test("who sends no HTTP gets the answer, and the connection is closed even if it never closes its own end", async () => {
  const answer = answerBroken(() => ({ text: '{"sorry":true}', headers: { "x-here": "1" } }));
  const seen: Socket[] = [];
  const broken: typeof answer = (error, socket) => {
    seen.push(socket);
    answer(error, socket);
  };
  const listeners = openListeners({ request: (_request, response) => response.end(), broken }, bounds);
  const [url = ""] = await listeners.listen(0, ["127.0.0.1"]);
  const client = connect({ port: Number(new URL(url).port), host: "127.0.0.1", allowHalfOpen: true });
  let heard = "";
  client.on("data", (piece) => {
    heard += piece;
  });
  client.on("error", () => undefined);

  client.write("hello\r\n\r\n");
  await once(client, "end");
  const [socket] = seen;
  if (socket?.destroyed === false) await once(socket, "close");

  expect(socket?.destroyed).toBe(true);
  expect(heard).toMatch(/^HTTP\/1.1 400 Bad Request\r\nx-here: 1\r\nconnection: close\r\n/);
  expect(heard).toContain('{"sorry":true}');
  client.destroy();
  await listeners.close();
});
