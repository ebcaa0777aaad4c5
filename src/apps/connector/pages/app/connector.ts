// What the page wants of the Connector, by name.
import type { Call } from "./api.ts";
import { type JsonObject, listIn, objectIn, rowOf, textIn } from "./json.ts";

/** The answer of CanAccept and CanReject, with the shape of the Request. */
export interface Verdict {
  readonly isSuccess: boolean;
  readonly code: string;
  readonly message: string;
  readonly items: readonly Verdict[];
}

/** The Connector, as far as the page needs it. */
export type Connector = ReturnType<typeof createConnector>;

/** Names the calls. */
export function createConnector(call: Call) {
  const objects = async (path: string) => listIn(await call("GET", path)).map(objectIn);
  const one = async (path: string) => objectIn(await call("GET", path));
  const decide = (id: string, what: string, items: readonly JsonObject[]) =>
    call("PUT", `/Requests/Incoming/${segment(id)}/${what}`, { items });
  return {
    address: async () => textIn((await one("/Account/IdentityInfo"))["address"]),
    sync: () => call("POST", "/Account/Sync"),
    load: async (reference: string, password?: string) =>
      objectIn(
        await call(
          "POST",
          "/RelationshipTemplates/Peer",
          password === undefined ? { reference } : { reference, password },
        ),
      ),
    template: (id: string) => one(`/RelationshipTemplates/${segment(id)}`),
    requests: () => objects("/Requests/Incoming"),
    requestsOf: (templateId: string) =>
      objects(`/Requests/Incoming?source.reference=${encodeURIComponent(templateId)}`),
    request: (id: string) => one(`/Requests/Incoming/${segment(id)}`),
    canAccept: async (id: string, items: readonly JsonObject[]) =>
      verdictOf(objectIn(await decide(id, "CanAccept", items))),
    accept: (id: string, items: readonly JsonObject[]) => decide(id, "Accept", items),
    reject: (id: string, items: readonly JsonObject[]) => decide(id, "Reject", items),
    relationships: () => objects("/Relationships"),
    relationshipsOf: (templateId: string) => objects(`/Relationships?template.id=${encodeURIComponent(templateId)}`),
    relationship: (id: string) => one(`/Relationships/${segment(id)}`),
    /** Accept, Reject or Revoke. */
    change: (id: string, what: string) => call("PUT", `/Relationships/${segment(id)}/${what}`),
    /** Own entries that answer a query. */
    matches: async (query: JsonObject) => {
      const route = rowOf(queryRoutes, textIn(query["@type"]));
      if (route === undefined) return [];
      return listIn(await call("POST", `/Attributes/${route}`, { query })).map(objectIn);
    },
  };
}

// An id may come with a link that somebody else wrote: it must not lead to another route.
function segment(id: string): string {
  return /^[A-Za-z0-9]+$/.test(id) ? id : "none";
}

const queryRoutes: { readonly [type: string]: string } = {
  IdentityAttributeQuery: "ExecuteIdentityAttributeQuery",
  ThirdPartyRelationshipAttributeQuery: "ExecuteThirdPartyRelationshipAttributeQuery",
  IQLQuery: "ExecuteIQLQuery",
};

function verdictOf(answer: JsonObject): Verdict {
  return {
    isSuccess: answer["isSuccess"] === true,
    code: textIn(answer["code"]),
    message: textIn(answer["message"]),
    items: listIn(answer["items"]).map((item) => verdictOf(objectIn(item))),
  };
}

/** True while a Request waits for a person. */
export function isOpen({ status }: JsonObject): boolean {
  return status === "ManualDecisionRequired" || status === "DecisionRequired";
}
