#!/usr/bin/env node
import { runCommand } from "./command.ts";

// Whoever reads us may stop early (`rapport story | head`): then there is nobody left to tell.
process.stdout.on("error", () => process.exit(0));
process.exitCode = await runCommand(process.argv.slice(2), {
  write: (line) => process.stdout.write(`${line}\n`),
  complain: (line) => process.stderr.write(`${line}\n`),
  columns: process.stdout.columns,
  colour: process.stdout.isTTY === true && (process.env["NO_COLOR"] ?? "") === "",
});
