// Every method of an account, with arguments that are right; the tests of bad input spoil them.
import { ask, greeting, onDay, structured, yes } from "../services/scenes.ts";

/** The ids of things that are there. */
export interface Known {
  readonly template: string;
  readonly reference: string;
  readonly relationship: string;
  readonly request: string;
  readonly peer: string;
  readonly attribute: string;
  readonly file: string;
  readonly token: string;
  readonly tokenReference: string;
}

const named = { commandId: "once" };
/** A Message that says something. */
export const wrapper = { "@type": "ArbitraryMessageContent", value: { hello: [1, "2"] } };

/** Every method of an account, with arguments that are right. */
export const methods: { readonly [name: string]: (known: Known) => readonly unknown[] } = {
  "templates.create": ({ peer }) => [
    { content: structured(), expiresAt: onDay(3), maxNumberOfAllocations: 2, forIdentity: peer },
    named,
  ],
  "templates.load": ({ reference }) => [{ reference, password: "open" }, named],
  "templates.get": ({ template }) => [template],
  "templates.find": ({ template }) => [
    { id: template, isOwn: "true" },
    { limit: 3, after: template },
  ],
  "templates.delete": ({ template }) => [template, named],
  "templates.each": ({ template }) => [{ id: template }, { limit: 3, lenient: true }],
  "requests.incoming.each": ({ request }) => [{ id: [request], status: "!Expired" }, { limit: 1 }],
  "requests.incoming.entry": ({ request }) => [request],
  "requests.outgoing.each": ({ request }) => [{ id: request }, { limit: 1 }],
  "requests.outgoing.entry": ({ request }) => [request],
  "relationships.each": ({ peer }) => [{ peer, status: ["Active", "Pending"] }, { limit: 1 }],
  "messages.each": ({ peer }) => [{ participant: peer, attachments: "+" }, { limit: 1 }],
  "tokens.each": ({ token }) => [{ id: token, passwordProtection: "!" }, { limit: 1 }],
  "files.each": ({ file }) => [{ id: file, tags: ["a", "b"] }, { limit: 1 }],
  "notifications.each": ({ peer }) => [{ peer }, { limit: 1 }],
  "attributes.each": ({ attribute }) => [{ id: attribute }, { limit: 1 }],
  "attributes.eachOwn": () => [{ onlyLatestVersions: false, query: { "content.value.@type": "GivenName" } }],
  "attributes.eachOwnSharedWith": ({ peer }) => [peer, { onlyLatestVersions: false }],
  "attributes.eachReceivedFrom": ({ peer }) => [peer, { hideTechnical: true }],
  "attributeCopies.each": ({ peer, attribute }) => [{ peer, attributeId: attribute, onlyLatestVersions: true }],
  "attributeCopies.get": ({ attribute }) => [attribute],
  "attributeCopies.withdraw": ({ attribute }) => [attribute, named],
  "deadLetters.get": ({ request }) => [request],
  "deadLetters.replay": ({ request }) => [request, named],
  "deadLetters.discard": ({ request }) => [request, named],
  withCorrelationId: () => ["call-1"],
  "tokens.createForTemplate": ({ template, peer }) => [
    { templateId: template, expiresAt: onDay(3), ephemeral: false, forIdentity: peer },
    named,
  ],
  "requests.incoming.get": ({ request }) => [request],
  "requests.incoming.find": ({ request }) => [
    { id: [request], status: "!Expired" },
    { limit: 1, after: request },
  ],
  "requests.incoming.canAccept": ({ request }) => [request, yes],
  "requests.incoming.canReject": ({ request }) => [request, { items: [{ accept: false, code: "no", message: "No." }] }],
  "requests.incoming.accept": ({ request }) => [request, yes, named],
  "requests.incoming.reject": ({ request }) => [request, { items: [{ accept: false, code: "no" }] }, named],
  "requests.incoming.deliver": ({ request }) => [request, named],
  "requests.incoming.delete": ({ request }) => [request, named],
  "requests.incoming.decision": ({ request }) => [request],
  "requests.outgoing.get": ({ request }) => [request],
  "requests.outgoing.find": ({ request }) => [{ id: request }, { limit: 1 }],
  "requests.outgoing.canCreate": ({ peer }) => [{ content: ask({ title: "t" }), peer }],
  "requests.outgoing.create": ({ peer }) => [{ content: ask({ expiresAt: onDay(2) }), peer }, named],
  "requests.outgoing.discard": ({ request }) => [request, named],
  "relationships.get": ({ relationship }) => [relationship],
  "relationships.find": ({ peer }) => [{ peer, status: ["Active", "Pending"] }, { limit: 1 }],
  "relationships.canCreate": ({ template }) => [{ templateId: template, creationContent: greeting }],
  "relationships.create": ({ template }) => [{ templateId: template, creationContent: greeting }, named],
  "relationships.accept": ({ relationship }) => [relationship, { commandId: "once", content: { a: 1 } }],
  "relationships.reject": ({ relationship }) => [relationship, { commandId: "once", content: { a: 1 } }],
  "relationships.decision": ({ relationship }) => [relationship],
  "relationships.revoke": ({ relationship }) => [relationship, named],
  "relationships.terminate": ({ relationship }) => [relationship, named],
  "relationships.requestReactivation": ({ relationship }) => [relationship, named],
  "relationships.acceptReactivation": ({ relationship }) => [relationship, named],
  "relationships.rejectReactivation": ({ relationship }) => [relationship, named],
  "relationships.revokeReactivation": ({ relationship }) => [relationship, named],
  "relationships.can": ({ relationship }) => [relationship, "accept"],
  "relationships.decompose": ({ relationship }) => [relationship, named],
  "relationships.changes": ({ relationship }) => [relationship],
  "messages.send": ({ peer }) => [{ recipients: [peer], content: wrapper }, named],
  "messages.get": ({ request }) => [request],
  "messages.find": ({ peer }) => [{ createdBy: peer }, { limit: 1 }],
  "requests.explain": ({ request }) => [request],
  "requests.incoming.explain": ({ request }) => [request],
  "relationships.explain": ({ relationship }) => [relationship],
  "tokens.create": ({ peer }) => [
    { content: { a: 1 }, expiresAt: onDay(3), ephemeral: false, forIdentity: peer },
    named,
  ],
  "tokens.createForFile": ({ file, peer }) => [{ fileId: file, expiresAt: onDay(3), forIdentity: peer }, named],
  "tokens.load": ({ tokenReference }) => [{ reference: tokenReference, ephemeral: true, password: "open" }, named],
  "tokens.get": ({ token }) => [token],
  "tokens.find": ({ token }) => [{ id: token }, { limit: 1 }],
  "tokens.delete": ({ token }) => [token, named],
  "messages.attachment": ({ request, file }) => [request, file],
  "messages.downloadAttachment": ({ request, file }) => [request, file],
  "messages.markAsRead": ({ request }) => [request, named],
  "messages.markAsUnread": ({ request }) => [request, named],
  "challenges.create": ({ relationship }) => [{ challengeType: "Relationship", relationship }, named],
  "challenges.validate": () => [{ challengeString: '{"id":"CHL"}', signature: "c2ln" }],
  "identityMetadata.upsert": ({ peer }) => [{ reference: peer, key: "note", value: { a: 1 } }, named],
  "identityMetadata.get": ({ peer }) => [{ reference: peer, key: "note" }],
  "identityMetadata.delete": ({ peer }) => [{ reference: peer, key: "note" }, named],
  "announcements.list": () => [{ language: "en" }],
  "backboneNotifications.send": ({ peer }) => [{ recipients: [peer], code: "hello" }, named],
  "deletion.start": () => [{ lengthOfGracePeriodInDays: 1 }, named],
  "deletion.cancel": () => [named],
  "deletion.get": ({ request }) => [request],
  "attributes.canCreate": () => [{ content: { value: { "@type": "GivenName", value: "Ann" }, tags: ["x:a"] } }],
  "attributes.create": () => [{ content: { value: { "@type": "Surname", value: "Ann" }, tags: ["x:a"] } }, named],
  "attributes.get": ({ attribute }) => [attribute],
  "attributes.find": ({ attribute }) => [{ id: attribute, "content.value.@type": "GivenName" }, { limit: 1 }],
  "attributes.own": () => [{ onlyLatestVersions: false, query: { "content.value.@type": "GivenName" } }],
  "attributes.ownSharedWith": ({ peer }) => [peer, { onlyLatestVersions: false, hideTechnical: true }],
  "attributes.receivedFrom": ({ peer }) => [peer, { onlyLatestVersions: false, hideTechnical: true }],
  "attributes.versions": ({ attribute }) => [attribute],
  "attributes.versionsSharedWith": ({ attribute, peer }) => [attribute, peer, { onlyLatestVersions: true }],
  "attributes.forwardingDetails": ({ attribute, peer }) => [attribute, { peer }],
  "attributes.executeIdentityAttributeQuery": () => [{ "@type": "IdentityAttributeQuery", valueType: "GivenName" }],
  "attributes.executeRelationshipAttributeQuery": () => [
    {
      "@type": "RelationshipAttributeQuery",
      key: "k",
      owner: "",
      attributeCreationHints: { title: "t", valueType: "ProprietaryString", confidentiality: "public" },
    },
  ],
  "attributes.executeThirdPartyRelationshipAttributeQuery": ({ peer }) => [
    { "@type": "ThirdPartyRelationshipAttributeQuery", key: "k", owner: "recipient", thirdParty: [peer] },
  ],
  "attributes.executeIqlQuery": () => [{ "@type": "IQLQuery", queryString: "GivenName && #x:a" }],
  "attributes.validateIqlQuery": () => [{ "@type": "IQLQuery", queryString: "GivenName && (" }],
  "attributes.succeed": ({ attribute }) => [
    { predecessorId: attribute, successorContent: { value: { "@type": "GivenName", value: "Eve" }, tags: ["x:b"] } },
    named,
  ],
  "attributes.notifyPeer": ({ attribute, peer }) => [{ attributeId: attribute, peer }, named],
  "attributes.delete": ({ attribute }) => [attribute, named],
  "attributes.markAsViewed": ({ attribute }) => [attribute, named],
  "notifications.get": ({ request }) => [request],
  "notifications.find": ({ peer }) => [{ peer }, { limit: 1 }],
  "notifications.process": ({ request }) => [request, named],
  "files.upload": () => [
    {
      content: new Uint8Array([1]),
      filename: "f",
      mimetype: "text/plain",
      title: "t",
      expiresAt: onDay(3),
      tags: ["x:a"],
    },
    named,
  ],
  "files.load": ({ tokenReference }) => [{ reference: tokenReference, password: "open" }, named],
  "files.get": ({ file }) => [file],
  "files.find": ({ file }) => [{ id: file, isOwn: true }, { limit: 1 }],
  "files.download": ({ file }) => [file],
  "files.delete": ({ file }) => [file, named],
  "files.regenerateOwnershipToken": ({ file }) => [file, named],
  "intents.cancel": ({ request }) => [request],
  "events.on": () => ["transport.relationshipChanged", () => undefined],
};
