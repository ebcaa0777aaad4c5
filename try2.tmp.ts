import { explore } from "./test/kit/check/explorer.ts";
import { scenes } from "./test/kit/check/scenes.ts";
import { setScene } from "./test/kit/check/stage.ts";
import { startMs } from "./test/kit/check/scene.ts";
import { allRows, waivedRows } from "./test/kit/check/coverage.ts";
const coverage = new Set<string>();
const only = process.argv[2]; const max = Number(process.argv[3] ?? 20000); const isDeep = process.argv[4] === "deep";
for (const scene of scenes) {
  if (only && only !== "all" && scene.name !== only) continue;
  const t = performance.now();
  const set = await setScene(scene);
  const r = await explore({ scene, ...set, times: (scene.moments ?? [0]).map((ms) => startMs + ms), coverage, makeRelay: undefined, isDeep }, set.root, max);
  console.log(scene.name, "states", r.states, "trans", r.transitions, "depth", r.depth, r.isComplete, "fix", r.fixpoints, "A", r.moves.states.A.size, "B", r.moves.states.B.size, "R", r.moves.relays.size, "calls", r.moves.channels.calls.size, "s", ((performance.now() - t) / 1000).toFixed(1), Math.round(process.memoryUsage().heapUsed / 1e6), "MB");
  if (r.broken) { console.log(r.broken.sentence); for (const m of r.broken.path) console.log("  ", m.side, m.kind, m.what, m.crashedAfter ?? "", m.heard.join("; ")); console.log("fair"); for (const m of r.broken.after) console.log("  ", m.side, m.kind, m.what, m.heard.join("; ")); }
}

