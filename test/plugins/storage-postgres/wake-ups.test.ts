import { createPostgresWakeUps } from "rapport/plugins/storage-postgres";
import { expect, test } from "vitest";
import { wakeUpsContract } from "../../kit/contracts/wake-ups.ts";
import { breakableLineTo } from "../breakable-line.ts";
import { connectionString, newSchema, server } from "./places.ts";

server.describe(() => {
  wakeUpsContract("storage-postgres", {
    place: async () => {
      const { hostname, port } = new URL(connectionString);
      const line = await breakableLineTo(hostname, Number(port || 5432));
      const through = new URL(connectionString);
      through.hostname = "127.0.0.1";
      through.port = String(line.port);
      const channel = newSchema();
      return {
        wakeUps: () => createPostgresWakeUps({ connectionString: through.href, channel }),
        breakAll: line.breakAll,
        remove: line.close,
      };
    },
  });

  test("processes on another channel hear nothing", async () => {
    const [here, elsewhere] = [newSchema(), `${newSchema()} "quoted"`];
    const heard: string[] = [];
    const opened = async (channel: string, name: string) => {
      const wakeUps = createPostgresWakeUps({ connectionString, channel });
      await wakeUps.open((topics) => heard.push(...topics.map((topic) => `${name} ${topic}`)));
      return wakeUps;
    };
    const [teller, other, stranger] = [
      await opened(here, "teller"),
      await opened(here, "other"),
      await opened(elsewhere, "stranger"),
    ];

    const telling = new Promise<void>((resolve) => {
      const look = () => (heard.includes("stranger second") ? resolve() : setImmediate(look));
      look();
    });
    teller.tell(["first"]);
    stranger.tell(["second"]);
    await telling;

    expect(heard.filter((line) => line === "stranger first" || line === "other second")).toEqual([]);
    await Promise.all([teller, other, stranger].map((end) => end[Symbol.asyncDispose]()));
  });
});

test("a database that does not answer at the start is a fault", async () => {
  const wakeUps = createPostgresWakeUps({ connectionString: "postgres://nobody@127.0.0.1:1/none" });

  await expect(wakeUps.open(() => {})).rejects.toMatchObject({ code: "store.unavailable" });
});
