// An engine of its own on a common PostgreSQL, which synchronises for ever and tells its parent what it did, one line each.
import { createRapport } from "rapport";
import { postgresStorage } from "rapport/plugins/storage-postgres";
import { relayTransport } from "rapport/plugins/transport-relay";
import { observer } from "./process-observer.ts";

const [baseUrl = "", hostName = "", connectionString = "", schema = "", storeKey = ""] = process.argv.slice(2);
const say = (line: string) => process.stdout.write(`${line}\n`);

const rapport = await createRapport({
  plugins: [
    postgresStorage({ connectionString, schema, environment: { RAPPORT_STORE_KEY: storeKey } }),
    relayTransport({ baseUrl, hostName }),
    observer(say),
  ],
});
const account = await rapport.accounts.get("acme");
say("opened");
for (;;) {
  await account.sync().catch((problem) => say(`failed ${problem}`));
  await new Promise((resolve) => setTimeout(resolve, 20));
}
