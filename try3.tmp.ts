import { exploreScene } from "./test/kit/check/scene-report.ts";
import { scenes } from "./test/kit/check/scenes.ts";
for (const s of scenes.filter((s) => process.argv[2] === undefined || s.name.startsWith(process.argv[2]))) {
  const t = performance.now();
  const r = await exploreScene(s, { deep: process.argv[4] === "deep", statesMax: Number(process.argv[3] ?? 1000) });
  console.log(s.name, r.states, r.transitions, r.depth, r.complete, "turns", r.turns, ((performance.now() - t) / 1000).toFixed(1) + " s", Math.round(process.memoryUsage().rss / 1e6) + " MB", r.violation?.sentence ?? "");
  if (r.violation) console.log(r.violation.diagram);
  if (process.argv[5]) console.log(r.rows.filter((x) => x.startsWith("request")));
}
