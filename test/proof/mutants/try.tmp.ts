import { readFileSync, writeFileSync } from "node:fs";
import { mutants } from "./mutants.ts";
import { spoiled } from "./mutant.ts";
import { runMutants } from "./run.ts";
const only = process.argv.slice(2);
for (const m of mutants) { try { spoiled(readFileSync(m.file, "utf8"), m); } catch (e) { console.log(m.name, String(e).slice(0,200)); } }
if (only[0] !== "check") {
const chosen = only.length ? mutants.filter((m) => only.includes(m.name)) : mutants;
const t = performance.now();
const report = await runMutants({ mutants: chosen, budgetMs: 90_000, told: (l) => console.log(l) });
writeFileSync("/tmp/mutants-report.json", JSON.stringify(report, null, 1));
console.log("total", performance.now() - t);
for (const f of report.mutants) console.log(f.killedBy ? "OK  " : "BAD ", f.name, f.runs, f.ms, f.killedBy ? `${f.killedBy.killer} | ${f.killedBy.law}` : f.problem ?? "survived");
}
