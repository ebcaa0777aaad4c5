// npm links the bin of a checkout before the build exists, so the build sets the bit itself.
import { chmodSync } from "node:fs";

chmodSync(new URL("../dist/src/apps/cli/bin.js", import.meta.url), 0o755);
