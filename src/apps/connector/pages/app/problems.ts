// What went wrong, in plain words; codes are for those who look closer.

/** Words for the codes that people meet here; `undefined`: the Connector's own message has to do. */
export function wordsFor(code: string): string | undefined {
  const exact = words[code];
  if (exact !== undefined) return exact;
  const ending = Object.keys(endings).find((end) => code.endsWith(end));
  return ending === undefined ? undefined : endings[ending];
}

/** A message for people: the words of its code, else what the Connector said, without the code and the time in it. */
export function messageFor(code: string, message: string): string {
  const said = message.replace(/^error\.[\w.]+: '([\s\S]*)'( at \S+)?$/, "$1");
  // Where in the JSON it is, people see: the message stands beside it.
  return wordsFor(code) ?? (said.replace(/^\w+(\.\w+)+ /, "This ") || "That did not work.");
}

const reference = "This is no reference to an offer. Copy the whole text or link, or scan the picture again.";
const gone = "Nothing was found there. The offer may have expired, be used up, or have another password.";

const words: { readonly [code: string]: string } = {
  unreachable: "The Connector cannot be reached. Is it running?",
  "relay.unreachable": "The relay cannot be reached just now. Try again later.",
  "error.connector.unauthorized": "This API key is not the right one.",
  "error.connector.forbidden": "This API key may not do that.",
  "error.runtime.recordNotFound": gone,
  "error.transport.recordNotFound": gone,
  "error.platform.recordNotFound": gone,
  "error.core-types.invalidTruncatedReference": reference,
  "error.runtime.invalidReference": reference,
  "error.runtime.invalidTokenContent": "This leads to something, but not to an offer.",
  "error.transport.noPasswordProvided": "This offer needs a password.",
  "error.transport.general.notIntendedForYou": "This offer was made for somebody else.",
  "error.transport.relationships.relationshipCurrentlyExists": "You are already connected with them.",
  "error.transport.relationships.wrongRelationshipStatus": "Too late: this was decided meanwhile.",
  "request.wrongStatus": "Too late: this was decided meanwhile, or it has expired.",
  "error.consumption.requests.attributeQueryMismatch": "This does not fit what was asked.",
  "error.consumption.requests.validation.inheritedFromItem": "Look at the messages at the items.",
  "error.consumption.requests.wrongRelationshipStatus": "The relationship with them does not allow this any more.",
  "error.consumption.requests.peerIsDeleted": "The other side does not exist any more.",
  "error.consumption.requests.peerIsInDeletion": "The other side is about to be deleted.",
  "error.platform.validation.relationshipTemplate.maxNumberOfAllocationsExhausted":
    "This offer was made for fewer people, and all of them were faster.",
};

const endings: { readonly [end: string]: string } = {
  ".mustBeAcceptedItemNotAccepted": "This is required: without it, only the whole can be declined.",
  ".itemAcceptedButRequestNotAccepted": "Nothing can be accepted when the whole is declined.",
  ".violatedKeyUniquenessOfRelationshipAttributes": "An entry of this kind exists already.",
};
