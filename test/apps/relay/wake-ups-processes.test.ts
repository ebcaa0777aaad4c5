import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { service } from "../../plugins/services.ts";
import { pend } from "../../relay/parties.ts";
import { partiesAt, type TokenParty } from "./http-parties.ts";
import { asked, connectionString, sharedPlace, startRelays } from "./race-stage.ts";

const natsServer = process.env["RAPPORT_TEST_NATS"] ?? "nats://127.0.0.1:4222";

const postgres = await service("PostgreSQL", () => asked("SELECT 1"));
const nats = await service("NATS", async () => {
  const { hostname, port } = new URL(natsServer);
  const socket = connect(Number(port || 4222), hostname);
  await once(socket, "connect");
  socket.destroy();
});

postgres.describe(() => {
  describe("through PostgreSQL", () => wakesAcross(["--notify", connectionString]));
  nats.describe(() => describe("through NATS", () => wakesAcross(["--nats", natsServer])));
});

function wakesAcross(words: readonly string[]): void {
  test("who listens at one process hears of what is committed at another", { timeout: 180_000 }, async () => {
    const place = await sharedPlace(...words);
    const relays = await startRelays(place, 3);
    onTestFinished(async () => {
      await relays.end();
      await place.remove();
    });
    const [first = "", , third = ""] = relays.urls;
    const [from, to] = [await partiesAt(third).party(), await relays.parties.party()];
    const heard = framesAt(first, to);
    await heard.next();

    await pend(from, await partiesAt(third).logIn(to));

    expect((await heard.next()).value).toBe("ExternalEventCreated");
    await heard.return(undefined);
  });
}

/** The names of the frames of a stream of news, as they come. */
async function* framesAt(url: string, { token }: TokenParty): AsyncGenerator<string> {
  const cut = new AbortController();
  const { body } = await fetch(`${url}/api/v1/sse`, {
    headers: { authorization: `Bearer ${token}` },
    signal: cut.signal,
  });
  let text = "";
  try {
    for await (const chunk of body ?? []) {
      text += new TextDecoder().decode(chunk);
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        yield /^event: (.*)$/m.exec(text.slice(0, end))?.[1] ?? "";
        text = text.slice(end + 2);
      }
    }
  } finally {
    cut.abort();
  }
}
