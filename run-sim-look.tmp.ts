import { runSimulation } from "/work/wt/sim/test/kit/simulation/simulation.ts";
const [seed = "1", steps = "200", text = "", ] = process.argv.slice(2);
const report = await runSimulation({ seed: Number(seed), steps: Number(steps), inspect: (town: any) => {
  for (const c of [...town.citizens]) {
    for (const kind of ["templates","messages","deadletters","relationships","requests","inbox","intents","deletions"]) for (const id of c.holdings.ids(kind)) {
      const s = JSON.stringify(c.holdings.get(kind, id));
      if (s.includes(text) ) console.log(c.name, c.address, kind, id, s.slice(0, 1500));
    }
  }
  for (const kind of ["message","relationship","event","syncrun","unreceived"]) for (const id of town.atRelay.ids(kind)) { const s = JSON.stringify(town.atRelay.get(kind, id)); if (s.includes(text) || id.includes(text)) console.log("RELAY", kind, id, s.slice(0, 900)); }
} } as any);
console.log(report.finding);
