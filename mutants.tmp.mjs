import { spawn } from "node:child_process";
const steps = process.argv[2] ?? "500"; const to = process.argv[3] ?? "6"; const only = process.argv[4];
const mutants = {
 control: null,
 "no inbox mark": { file: "src/engine/inbox-marks.ts", from: `change.put("inbox", id, { index });`, to: `void change, id, index;` },
 "no known message": { file: "src/engine/inbox-message.ts", from: `const isDone = known || (marks.length > 0 && marks.every(Boolean));`, to: `const isDone = false;` },
 "counter reused": { file: "src/engine/message-counters.ts", from: `block.nextById.set(id, counter + 1);`, to: `block.nextById.set(id, counter + (counter % 3 === 0 ? 0 : 1));` },
 "epoch reused": { file: "src/engine/message-counters.ts", from: `const first = wire.epoch * countersPerEpoch;`, to: `const first = countersPerEpoch;` },
 "intent not stored": { file: "src/engine/intents.ts", from: `  change.put("intents", intent.entity, intent);
  if (bytes`, to: `  if (bytes` },
 "key ignored": { file: "src/relay/idempotency.ts", from: `if (given === undefined || operation === "connectToken"`, to: `if (given !== "x" || operation === "connectToken"` },
 "not erased": { file: "src/engine/erase.ts", from: `    change.remove("requests", id);
`, to: `` },
 "signature not checked": { file: "src/sealed/signature.ts", from: `XX`, to: `` },
 "outbox before publish": { file: "src/engine/delivering.ts", from: `    await publishInTurn(account, target, event);`, to: `    if (attempt === 1) await publishInTurn(account, target, event); else await noteTaken(account, stored.key, target.key);` },
};
for (const [name, mutant] of Object.entries(mutants)) {
  if (only && !name.includes(only)) continue;
  const child = spawn(process.execPath, ["--conditions=rapport:source", "--import", "./mutant-load.tmp.mjs", "run-sim-many.tmp.ts", "1000", String(1000 + Number(to) - 1), steps], { env: { ...process.env, ...(mutant ? { MUTANT: JSON.stringify(mutant) } : {}) } });
  let out = ""; child.stdout.on("data", (d) => (out += d)); child.stderr.on("data", (d) => (out += d));
  await new Promise((r) => child.on("close", r));
  console.log("###", name); console.log(out.split("\n").map((l) => l.slice(0, 170)).join("\n"));
}
