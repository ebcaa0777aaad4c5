import { runSimulation } from "/work/wt/sim/test/kit/simulation/simulation.ts";
const [from = "1", to = "20", steps = "400"] = process.argv.slice(2);
const t = performance.now(); let commands = 0; let days=0; let n=0; let total=0;
for (let seed = Number(from); seed <= Number(to); seed += 1) {
  try {
  const report = await runSimulation({ seed, steps: Number(steps) });
  commands += report.commands; days += report.accountDays; n++; total += report.finding ? report.finding.step : Number(steps);
  if (report.finding) console.log(seed, report.finding.step, report.finding.sentence.slice(0, 400));
  } catch (e) { console.log(seed, "THROWN", (e as Error).stack?.slice(0, 600)); }
}
console.log({ n, commands, days, ms: Math.round(performance.now() - t), cpu: Math.round(process.cpuUsage().user/1000), perStep: process.cpuUsage().user/1000/total });
