import type { Row } from "./row.ts";

/** Codes of programs that are configured, and of those who prove who they are to them. */
export const configCodes = {
  "config.invalid": {
    http: 500,
    exit: 2,
    retry: false,
    advice: "the configuration is wrong; the message lists every place, see docs/connector-configuration.md",
  },
  "connector.unreachable": {
    http: 503,
    exit: 6,
    retry: true,
    advice: "no Connector answers there, or what answers is none; check --url and that it runs",
  },
  "access.issuerUnreachable": {
    http: 503,
    exit: 6,
    retry: true,
    advice: "the issuer of tokens or logins does not answer, so nobody can prove who they are by it; repeat later",
  },
  "access.loginFailed": {
    http: 400,
    exit: 4,
    retry: false,
    advice: "the login was interrupted, took too long or was not begun in this browser; begin it again at /login",
  },
  "account.creationNotAllowed": {
    http: 403,
    exit: 4,
    retry: false,
    advice:
      "there is no identity yet, and `transportLibrary.allowIdentityCreation` is false; allow it once, or check the database",
  },
} as const satisfies Readonly<Record<string, Row>>;
