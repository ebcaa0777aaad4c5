import { checkProtocol } from "./test/kit/check/check.ts";
for (const n of [500, 1000]) { const t = performance.now(); const r = await checkProtocol({ statesMax: n, threads: 1 }); console.log(n, r.states, r.coverage, ((performance.now() - t) / 1000).toFixed(1), r.violation?.sentence); }
