// What a relay says when it has started: for people in lines, for programs as one object.
import { fileBytesMax, requestBytesMax } from "./limits.ts";
import type { Program } from "./program.ts";
import type { Settings } from "./settings.ts";
import { version } from "./stamps.ts";

/** The object of `--json`. */
export function startObject(program: Program, settings: Settings): object {
  const { urls, metricsUrl = null, relay, places, rateLimits, newClient = null, newKey = null } = program;
  return {
    version,
    listening: urls,
    metrics: metricsUrl,
    baseUrl: relay.baseUrl,
    hostName: relay.hostName,
    ...places.says,
    clients: settings.client.map(({ id }) => id),
    newClient,
    newAdminKey: newKey,
    limits: { requestBytes: requestBytesMax, fileBytes: fileBytesMax, quotas: settings.quotas ?? [] },
    rateLimits: { perDevice: rateLimits.perDevice ?? null, perAddress: rateLimits.perAddress ?? null },
  };
}

const labelWidth = 12;
const mib = 1024 * 1024;

/** The lines for people. */
export function startLines(program: Program, settings: Settings): readonly string[] {
  const { urls, metricsUrl, relay, places, newClient, newKey } = program;
  const { store, files, news } = places.says;
  const line = (name: string, text: string) => `  ${name.padEnd(labelWidth)}${text}`;
  const quotas = settings.quotas?.map(({ metric, max, period }) => `${metric} ${max} per ${period}`) ?? [];
  const configured = settings.client.map(({ id }) => id);
  return [
    `rapport relay ${version}`,
    line("listens", urls.join(", ")),
    line("base URL", `${relay.baseUrl} (in references; the host name in addresses is ${relay.hostName}, for good)`),
    line("store", `${store}; files: ${files}; news: ${news}`),
    line(
      "clients",
      configured.length === 0 ? "those in the store" : `${configured.join(", ")}, and those in the store`,
    ),
    line(
      "limits",
      `requests ${requestBytesMax / mib} MiB, files ${fileBytesMax / mib} MiB; quotas: ${quotas.join(", ") || "none"}`,
    ),
    line("rates", ratesIn(program)),
    line("metrics", metricsUrl ?? `${urls[0]}/metrics, with the operator's key`),
    ...(newClient === undefined ? [] : [line("new client", `id ${newClient.id}  secret ${newClient.secret}`)]),
    ...(newKey === undefined ? [] : [line("new key", `${newKey}  (the operator's: rapport relay admin)`)]),
    ...(newClient === undefined && newKey === undefined
      ? []
      : [line("", "What is new was made now and is shown this once: keep it.")]),
    line("stop", "Ctrl+C, or SIGTERM"),
  ];
}

function ratesIn({ rateLimits: { perDevice, perAddress } }: Program): string {
  const parts = [
    ...(perDevice === undefined ? [] : [`${perDevice} requests a minute for one device`]),
    ...(perAddress === undefined ? [] : [`${perAddress} for one network address`]),
  ];
  return parts.length === 0 ? "no limit" : parts.join(", ");
}
