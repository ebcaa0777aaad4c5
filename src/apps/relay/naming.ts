import type { FastifyContextConfig, FastifyRequest } from "fastify";

/** The settings of a route that carry its name. */
export function named(operation: string): FastifyContextConfig {
  const config: FastifyContextConfig & { readonly operation: string } = { operation };
  return config;
}

/** The operation that a request reached, for logs and metrics. */
export function operationOf(request: FastifyRequest): string {
  const { operation } = request.routeOptions.config as { readonly operation?: string };
  return operation ?? "none";
}
