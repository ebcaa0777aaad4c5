import { runSimulation } from "/work/wt/sim/test/kit/simulation/simulation.ts";
const [seed = "1", steps = "200"] = process.argv.slice(2);
const report = await runSimulation({ seed: Number(seed), steps: Number(steps), inspect: (town: any) => {
  for (const c of [...town.citizens]) for (const id of c.holdings.ids("outbox")) console.log(c.name, new Date(town.ground.clock.now()).toISOString(), id, JSON.stringify(c.holdings.get("outbox", id)).replace(/"data":.*"entity"/, '"entity"').slice(0, 400));
} } as any);
console.log(report.finding);
