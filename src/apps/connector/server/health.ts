/**
 * Whether what the Connector needs is there (spec/connector-api.md 1.1).
 *
 * S1. Calls at the same time share one look, and strangers cannot make us look more often than limits.ts says.
 * S2. A look that takes too long found nothing healthy.
 */
import type { FastifyInstance } from "fastify";
import { hasCode, RapportError } from "rapport/core";
import { healthWaitMs, loginProbeKeepMs, probeKeepMs } from "../limits.ts";
import type { ConnectorParts, HealthReport, HostedIdentity } from "../parts.ts";
import type { ProfileName } from "../profiles/profile.ts";
import type { Mounts } from "./mounts.ts";

/** What is looked at; true when it is there. */
export interface HealthProbes {
  database(): Promise<boolean>;
  /** One look tells of both: whether the relay answers, and whether it knows us. */
  backbone(): Promise<{ readonly answers: boolean; readonly knowsUs: boolean | undefined }>;
}

/** The report, looked up when it is asked for. */
export function createHealth(probes: HealthProbes, now: () => number): () => Promise<HealthReport> {
  let running: Promise<HealthReport> | undefined;
  let last: { readonly at: number; readonly report: HealthReport } | undefined;
  let login: { readonly at: number; readonly isKnown: boolean } | undefined;
  const look = async (): Promise<HealthReport> => {
    const [database, { answers, knowsUs }] = await Promise.all([
      within(probes.database(), false),
      within(probes.backbone(), { answers: false, knowsUs: undefined }),
    ]);
    if (knowsUs !== undefined) login = { at: now(), isKnown: knowsUs };
    const isKnown = login?.isKnown === true && now() - login.at <= loginProbeKeepMs;
    const report = reportOf({ database, backboneConnection: answers, backboneAuthentication: isKnown });
    last = { at: now(), report };
    return report;
  };
  return async () => {
    if (last !== undefined && now() - last.at < probeKeepMs) return last.report;
    running ??= look().finally(() => {
      running = undefined;
    });
    return running;
  };
}

function reportOf(services: Readonly<Record<string, boolean>>): HealthReport {
  const words = Object.entries(services).map(([name, isThere]) => [name, isThere ? "healthy" : "unhealthy"] as const);
  return { isHealthy: Object.values(services).every(Boolean), services: Object.fromEntries(words) };
}

async function within<T>(look: Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), healthWaitMs);
  });
  try {
    return await Promise.race([look, late]);
  } catch {
    return otherwise;
  } finally {
    clearTimeout(timer);
  }
}

/** Looks at the store and the relay through the first identity. */
export function probesOf([first]: readonly HostedIdentity[]): HealthProbes {
  return {
    database: async () => {
      await first?.account.syncInfo();
      return first !== undefined;
    },
    backbone: async () => {
      try {
        await first?.account.announcements.list({ language: "en" });
        return { answers: first !== undefined, knowsUs: true };
      } catch (error) {
        if (!(error instanceof RapportError) || isSilence(error)) return { answers: false, knowsUs: undefined };
        return { answers: true, knowsUs: false };
      }
    },
  };
}

function isSilence(error: RapportError): boolean {
  return error.code.startsWith("relay.") || hasCode(error, "error.platform.unexpected");
}

/** Adds the route; behind a prefix of earlier generations it answers 200 whatever it finds. */
export function addHealth(
  app: FastifyInstance,
  { connector, mounts }: { readonly connector: ConnectorParts; readonly mounts: Mounts },
): void {
  app.get("/health", async (request, reply) => {
    const report = await connector.health();
    const { profile } = mounts.placeOf(request.raw);
    const isAlways200 = profile !== undefined && alwaysWell.includes(profile);
    return reply.code(report.isHealthy || isAlways200 ? 200 : 500).send(report);
  });
  app.route({
    method: others,
    url: "/health",
    handler: async (_request, reply) => {
      reply.header("allow", "GET, HEAD");
      throw new RapportError("error.connector.http.methodNotAllowed", "The route can be called with GET, HEAD.");
    },
  });
}

const others = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

const alwaysWell: readonly ProfileName[] = ["gen1", "gen2"];
