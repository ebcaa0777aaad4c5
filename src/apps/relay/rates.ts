// How often one network address and one device may ask.
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { RapportError } from "rapport/core";
import type { Callers } from "./callers.ts";
import { ratedVisitorsMax, rateWindowMs } from "./limits.ts";

/** Requests per minute; absent means any number. Counted in each process for itself. */
export interface RateLimits {
  readonly perDevice?: number;
  readonly perAddress?: number;
}

/** Refuses whoever asks too often: addresses before anything else, devices once they are known. */
export interface Rates {
  ofDevice(request: FastifyRequest, reply: FastifyReply): Promise<void>;
}

type Check = ReturnType<FastifyInstance["createRateLimit"]>;

/** Counts for the whole server. */
export function limitRates(app: FastifyInstance, { perDevice, perAddress }: RateLimits, callers: Callers): Rates {
  const deviceOf = (request: FastifyRequest) => callers.get(request)?.deviceId ?? "";
  const checks: { device?: Check; address?: Check } = {};
  app.register(rateLimit, { global: false, cache: ratedVisitorsMax });
  app.after(() => {
    const timeWindow = rateWindowMs;
    if (perDevice !== undefined) {
      checks.device = app.createRateLimit({ max: perDevice, timeWindow, keyGenerator: deviceOf });
    }
    if (perAddress !== undefined) checks.address = app.createRateLimit({ max: perAddress, timeWindow });
  });
  app.addHook("onRequest", (request, reply) => judge(checks.address, request, reply));
  return { ofDevice: (request, reply) => judge(checks.device, request, reply) };
}

async function judge(check: Check | undefined, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (check === undefined) return;
  const verdict = await check(request);
  if (verdict.isAllowed || !verdict.isExceeded) return;
  reply.header("retry-after", String(verdict.ttlInSeconds));
  throw new RapportError("error.platform.quotaExhausted", "Too many requests. Wait a minute.");
}
