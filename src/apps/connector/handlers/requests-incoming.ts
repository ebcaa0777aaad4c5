// Requests that peers sent (spec/connector-api.md 1.6).
import type { RequestView } from "rapport";
import { type Decision, type DecisionItem, fault, type JsonObject, RapportError } from "rapport/core";
import { entryOf, type Handler, type HandlersOf, listed, result } from "../handler.ts";
import type { incomingRequestOperations } from "../operations/requests-incoming.ts";

/** Carries out the routes of incoming Requests. */
export const incomingRequestHandlers: HandlersOf<typeof incomingRequestOperations> = {
  getIncomingRequests: async ({ account, profile, filter, page }) =>
    listed({
      resource: "requests",
      items: account.requests.incoming.each(filter, { ...page, lenient: true }),
      render: profile.request,
      isVerbatim: profile.verbatim?.request,
    }),
  getIncomingRequest: async ({ account, profile, params: { id = "" } }) =>
    entryOf(await account.requests.incoming.entry(id), { resource: "requests", render: profile.request }),
  canAcceptIncomingRequest: asking("canAccept"),
  acceptIncomingRequest: deciding("accept"),
  canRejectIncomingRequest: asking("canReject"),
  rejectIncomingRequest: deciding("reject"),
};

function asking(question: "canAccept" | "canReject"): Handler {
  return async ({ account, params: { id = "" }, body }) => {
    const { incoming } = account.requests;
    return result(await clientsTerms(incoming[question](id, decisionIn(body)), "error.transport.recordNotFound"));
  };
}

function deciding(verdict: "accept" | "reject"): Handler {
  return async ({ account, profile, params: { id = "" }, body, command }) => {
    if (body["decidedByAutomation"] === true) {
      const code = "error.connector.incomingRequests.decidedByAutomation";
      throw fault(code, "Only the Connector's own rules decide by automation. Leave decidedByAutomation out.");
    }
    const { incoming } = account.requests;
    const decided = incoming[verdict](id, decisionIn(body), command);
    return result(profile.request(asDecided(await clientsTerms(decided, "error.runtime.recordNotFound"))));
  };
}

/** Clients see the decision first, and its delivery when they ask again; here both may be done by now. */
function asDecided(request: RequestView): RequestView {
  const { response, ...rest } = request;
  if (request.status !== "Completed" || response === undefined) return request;
  const { source: _source, ...unsent } = response;
  return { ...rest, status: "Decided", response: unsent };
}

// The contract has checked the shape, and the engine checks it again.
function decisionIn({ items = [] }: JsonObject): Decision {
  return { items: items as readonly DecisionItem[] };
}

/** Clients know one code for every decision that is not possible; the reason stays in the message and the details. */
async function clientsTerms<T>(
  decided: Promise<T>,
  notFound: "error.runtime.recordNotFound" | "error.transport.recordNotFound",
): Promise<T> {
  try {
    return await decided;
  } catch (problem) {
    if (!(problem instanceof RapportError)) throw problem;
    const { code, message, details } = problem;
    if (code.endsWith(".recordNotFound")) throw fault(notFound, message, { cause: problem });
    if (!code.startsWith("request.") && !code.startsWith("error.consumption.requests.")) throw problem;
    throw fault("error.runtime.unknown", `${code}: ${message}`, {
      details: { ...details, reason: code },
      cause: problem,
    });
  }
}
