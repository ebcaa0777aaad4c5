import type { Row } from "./row.ts";

/** Codes of the Connector's HTTP side (spec/connector-api.md 2.3). */
export const connectorCodes = {
  "error.connector.validation.invalidJsonInPayload": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "the body is not valid JSON, or nested too deeply; look at its commas and quotes",
  },
  "error.connector.http.malformedRequest": {
    http: 400,
    exit: 2,
    retry: false,
    advice:
      "the request is not well-formed HTTP, has a URL that cannot be read, or took too long; send it again, whole",
  },
  "error.connector.http.bodyTooLarge": {
    http: 413,
    exit: 2,
    retry: false,
    advice: "the body is over its limit; the message names it",
  },
  "error.connector.http.routeDoesNotExist": {
    http: 404,
    exit: 3,
    retry: false,
    advice: "there is no such route; compare the path with the API description",
  },
  "error.connector.http.methodNotAllowed": {
    http: 405,
    exit: 2,
    retry: false,
    advice: "the route exists, the method does not; the header Allow names those that do",
  },
  "error.connector.http.notAcceptable": {
    http: 406,
    exit: 2,
    retry: false,
    advice: "the route cannot answer in the format of the header Accept; the message names what it can",
  },
  "error.connector.unauthorized": {
    http: 401,
    exit: 4,
    retry: false,
    advice: "the API key or token is missing, wrong or expired; check the header",
  },
  "error.connector.forbidden": {
    http: 403,
    exit: 4,
    retry: false,
    advice: "the caller is known but has no scope that opens this route; give its key one",
  },
  "error.connector.unexpected": {
    http: 500,
    exit: 7,
    retry: true,
    advice: "the Connector failed; look for the error's id in its log",
  },
  "error.connector.errorInErrorHandler": {
    http: 500,
    exit: 7,
    retry: true,
    advice: "the Connector failed while it answered a failure; look at its log",
  },
  "error.connector.incomingRequests.decidedByAutomation": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "only the Connector's own rules decide by automation; leave decidedByAutomation out",
  },
} as const satisfies Record<string, Row>;
