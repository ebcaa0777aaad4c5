import { onTestFinished, test } from "vitest";
import { service } from "../../plugins/services.ts";
import { killLimitMs, killUnderLoad } from "./kills.ts";
import { onSeededPlan } from "./proof.ts";
import { asked, sharedPlace } from "./race-stage.ts";

const server = await service("PostgreSQL", () => asked("SELECT 1"));

server.describe(() => {
  const sentence = "of two relays on PostgreSQL one is killed again and again, and nothing is lost or done twice";
  test(sentence, { timeout: killLimitMs }, () =>
    onSeededPlan(async (seed) => {
      const place = await sharedPlace();
      onTestFinished(place.remove);

      await killUnderLoad(place, 2, seed);
    }),
  );
});
