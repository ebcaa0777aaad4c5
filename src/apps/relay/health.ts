// Is the process alive, and does its store answer?
import type { FastifyInstance } from "fastify";
import type { Relay } from "rapport/relay";
import { healthWaitMs } from "./limits.ts";
import { named } from "./naming.ts";

/** What `GET /health` answers: 200 when the store was asked and answered, else 503. */
export interface Health {
  readonly status: "ok" | "failing";
  readonly storeMs: number | null;
}

/** Adds the route. */
export function addHealth(app: FastifyInstance, relay: Relay): void {
  app.get("/health", { config: named("health") }, async (_request, reply) => {
    const health = await healthOf(relay);
    const status = health.status === "ok" ? 200 : 503;
    return reply.code(status).header("cache-control", "no-store").type("application/json").send(JSON.stringify(health));
  });
}

/** Asks the store for a user that cannot exist. */
export async function healthOf(relay: Relay): Promise<Health> {
  const began = performance.now();
  const asked = relay.call({ operation: "isIdentityDeleted", query: { username: "USRhealthhealthhealt" } });
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, healthWaitMs, undefined).unref());
  const answer = await Promise.race([asked, late]).catch(() => undefined);
  if (answer?.ok !== true) return { status: "failing", storeMs: null };
  return { status: "ok", storeMs: Math.round((performance.now() - began) * 10) / 10 };
}
