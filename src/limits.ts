// Every bound of the engine and the relay's core, with its reason. Reaching one is an error with a code, never a slow death.

/** Conflicts mean that somebody else made progress; after this many lost tries the machine is overloaded. */
export const turnRerunsMax = 64;

/** Base of the back-off between reruns; the first ones follow at once. */
export const turnRerunWaitMs = 2;

/** Template content, creation content, creation response, token content, message body (spec/backbone-protocol.md 5.3). */
export const contentBytesMax = 10 * 1024 * 1024;

/** A whole request to the relay (spec/backbone-protocol.md 1). */
export const requestBytesMax = 20 * 1024 * 1024;

/** How long the relay remembers an idempotency key: longer than any client keeps an intent open without a person looking. */
export const idempotencyKeepMs = 7 * 24 * 60 * 60 * 1000;

/** How long we trust the relay to remember a key: an hour less, for what is under way and for clocks that differ. */
export const keysTrustedMs = idempotencyKeepMs - 60 * 60 * 1000;

/** Pages of Messages that are searched for one that may have been sent: 10,000 of them. Beyond, a person must look. */
export const searchedPagesMax = 200;

/** Messages one sender may have waiting for one recipient (spec/backbone-protocol.md 5.3). */
export const unreceivedMessagesMax = 20;

/** Recipients of one message; the official server's test set-ups use 5 or 20. */
export const messageRecipientsMax = 20;

/** Page of a list at the relay: default and upper bound (spec/backbone-protocol.md 1). */
export const pageSizeDefault = 50;
export const pageSizeMax = 200;

/** Wrong passwords that lock a token (spec/domain.md 2.4). */
export const tokenPasswordFailuresMax = 100;

/** Errors a client reports for one external event before the relay stops offering it (spec/backbone-protocol.md 6). */
export const externalEventErrorsMax = 3;

/** External events handed out with one sync run; the client asks again while there are more. */
export const externalEventsPerRunMax = 1000;

/** Life of a sync run when the client does not say, and the most it may ask for, in seconds. */
export const syncRunSecondsDefault = 10;
export const syncRunSecondsMax = 300;

/** How long our engine asks a run to live; it is refreshed while work goes on. */
export const syncRunSeconds = 60;

/** Rounds of one sync; more means that the peers write faster than we read, and the next sync goes on. */
export const syncRoundsMax = 100;

/** Relationships whose external events are worked on at the same time within one sync. */
export const syncParallelMax = 16;

/** Life of a challenge (spec/backbone-protocol.md 4.1). */
export const challengeLifeMs = 10 * 60 * 1000;

/** Wrong logins that lock a device, and for how long (spec/backbone-protocol.md 2). */
export const loginFailuresMax = 3;
export const loginLockMs = 10 * 60 * 1000;

/** Tries of one intent inside one command before the caller is told; the engine goes on in the background. */
export const intentTriesPerCommand = 3;

/** Back-off between tries of an intent: doubled each time, up to the cap, with jitter. */
export const intentWaitMs = 200;
export const intentWaitMaxMs = 5 * 60 * 1000;

/** A rule that has not answered by then means "manual". */
export const ruleTimeMs = 5_000;

/** What a rule says in words: it is kept with every decision, and read on one screen. */
export const ruleReasonCharactersMax = 4_000;

/** Entries of a rule's trace that a decision record keeps when values are missing from it: those that matched, then the first
 * others. A table of a thousand lines held against five items would be a record of a megabyte. */
export const tracedEntriesMax = 500;

/** A LocalRequest ignored by a rule that has no expiry of its own expires after this. */
export const ignoredRequestLifeMs = 30 * 24 * 60 * 60 * 1000;

/** Message counters of each Relationship that come with one epoch. A Relationship has 2 ** 32 of them, so this makes four
 * million epochs: more than a device starts processes, while a busy one asks only once in a thousand messages. */
export const countersPerEpoch = 1024;

/** Results of commands with a `commandId` are kept this long. */
export const commandResultKeepMs = 7 * 24 * 60 * 60 * 1000;

/** Listed objects when a list is not limited by the caller; the rest is reached through `after`. */
export const listMax = 10_000;

/** Timers of one account that run in one go before a read is answered. */
export const timersPerRunMax = 1_000;

/** Letters of an idempotency key: room for a UUID and a name, and short enough for a document key. */
export const idempotencyKeyCharsMax = 100;

/** How often the relay looks for expired documents in a collection it writes to, how many it deletes at once, and how many
 * collections it remembers to have looked at before it forgets them all. */
export const sweepEveryMs = 60 * 1000;
export const sweptDocumentsMax = 100;
export const sweptCollectionsMax = 10_000;

/** Life of an access token (spec/backbone-protocol.md 2). */
export const accessTokenLifeMs = 300 * 1000;

/** Bytes of a template's or token's password after hashing (spec/backbone-protocol.md 5.3). */
export const passwordBytesMax = 200;

/** Bytes of a message key sealed for one recipient (spec/backbone-protocol.md 5.3). */
export const encryptedKeyBytesMin = 30;
export const encryptedKeyBytesMax = 300;

/** Life of a token that nobody signed for (spec/backbone-protocol.md 12.3). */
export const anonymousTokenLifeMs = 5 * 60 * 1000;

/** Message events that wait for one Relationship to become Active; both directions at their unread limit fit. */
export const parkedEventsMax = 1_000;

/** Ended sync runs whose ids the relay still knows, to tell "already finalised" from "never existed". */
export const earlierSyncRunsMax = 20;

/** Modifications of a datawallet in one push or finalise. */
export const modificationsPerPushMax = 1_000;

/** By how much refreshing extends a sync run (spec/backbone-protocol.md 5). */
export const syncRunRefreshMs = 10 * 1000;

/** Documents deleted in one commit once nobody can see them any more. */
export const erasedAtOnceMax = 1_000;

/** Attachments of one message (spec/backbone-protocol.md 5.3). */
export const attachmentsMax = 20;

/** Between two looks for passed deadlines and unfinished calls; commands and reads look by themselves. */
export const backgroundWaitMs = 30_000;

/** Tries to fetch news before the next wake is waited for; with the waits between them, about an hour. */
export const newsTriesMax = 20;

/** Back-off between these tries: doubled each time, up to the cap, with jitter. */
export const newsWaitMs = 1_000;
export const newsWaitMaxMs = 5 * 60 * 1000;
/** Letters of a push handle (spec/backbone-protocol.md 4.3); the same bound holds for the id of an app. */
export const pushHandleCharsMin = 10;
export const pushHandleCharsMax = 500;

/** Attempts to delete an identity that are still listed once they were cancelled; older ones say nothing new. */
export const deletionProcessesKeptMax = 50;

/** Longest grace period an owner may ask for; more is no deletion. */
export const gracePeriodDaysMax = 3650;

/** Peers told in one commit that an identity is about to be deleted: each costs a check and an event. */
export const peersToldAtOnceMax = 100;

/** Documents of others that one commit rewrites because they name an erased identity; a Message may have 10 MiB. */
export const rewrittenAtOnceMax = 10;

/** Devices of an erased identity that go in one commit: six documents each. */
export const devicesErasedAtOnceMax = 100;

/** Who has read a token may read it again after its expiry (spec/backbone-protocol.md 12.3), but not for ever: a client that
 * has not kept the content by then has no use for it. */
export const expiredTokenKeepMs = 30 * 24 * 60 * 60 * 1000;

/** An expired template that an unfinished Relationship rests on is looked at again after this. Looking rewrites it, and only
 * the two parties can read it. */
export const templateLookAgainMs = 30 * 24 * 60 * 60 * 1000;

/** A Relationship that both sides have left keeps its row, without contents, so that late calls of their other devices get
 * their own answers; a device that was away longer begins anew. */
export const leftRelationshipKeepMs = 30 * 24 * 60 * 60 * 1000;

/** Due objects of one kind that one run of the timers erases; the next run, a minute later, goes on. */
export const dueAtOnceMax = 1_000;

/** Rounds in which one run of the timers deletes what has expired in one collection, `sweptDocumentsMax` each. */
export const sweptRoundsMax = 1_000;

/** Days until an identity is erased when neither its owner nor the operator says (spec/backbone-protocol.md 4.4). */
export const gracePeriodDaysDefault = 14;

/** Letters of the name of a blob: a hash in any notation fits, and so does the name in any key or file name made of it. */
export const blobNameCharsMax = 128;
/** How long a key signs access tokens: short enough that a stolen one is of little use, long enough that a new one is rare. */
export const signingKeyLifeMs = 7 * 24 * 60 * 60 * 1000;

/** How often an unknown key id makes a process look for new signing keys: forged ones must cost nothing. A new key is
 * announced longer than that before it signs, so that no process misses it. */
export const signingKeysLookMs = 1_000;
export const signingKeyAheadMs = 5_000;

/** Verified access tokens that a process remembers: those of as many devices as call within one token's life. */
export const verifiedTokensMax = 10_000;

/** Letters of an access token: ours have some five hundred, and more is not worth looking at. */
export const accessTokenCharsMax = 2_000;

/** Announcements that are kept: every one is looked at whenever a client asks, and nobody reads a thousand. */
export const announcementsMax = 1_000;
export const announcementRecipientsMax = 1_000;
export const announcementActionsMax = 20;

/** Letters of one text that the operator writes for people: a long page, and short enough to be sent to everybody. */
export const announcementCharsMax = 10_000;

/** A collection of tags is sent as a whole to every client: more than this belongs elsewhere. Real ones nest three deep. */
export const tagsBytesMax = 1024 * 1024;
export const tagDepthMax = 10;

/** Recipients of one Notification (spec/backbone-protocol.md 5.3). */
export const notificationRecipientsMax = 100;

/** Codes that Notifications may carry, and letters of one: each is a text in the program of a client. */
export const notificationCodesMax = 1_000;
export const notificationCodeCharsMax = 100;

/** Templates that one client shows to its identities: a list for people to choose from. */
export const publicTemplateReferencesMax = 100;

/** Letters of a client's secret: those of a long generated one. */
export const clientSecretCharsMax = 1_000;

/** Content of a File before it is sealed (spec/domain.md 2.1). */
export const fileContentBytesMax = 10 * 1024 * 1024;

/** The sealed bytes of a File: content of 10 MiB comes to 13.4 MiB, since ciphertexts are JSON with base64 (spec/domain.md 2.1). */
export const fileBytesMax = 15 * 1024 * 1024;

/** What is kept with the bytes of a File (spec/backbone-protocol.md 5.3). */
export const cipherHashBytesMax = 128;
export const ownerSignatureBytesMax = 512;
export const encryptedPropertiesBytesMax = 1024 * 1024;

/** How long an upload may take before its bytes are taken for those of a dead process; a slower one begins again. */
export const uploadLifeMs = 10 * 60 * 1000;

/** Bytes of Files deleted in one go, so that the call that happens to trigger it does not wait for all of them. */
export const sweptBlobsMax = 100;

/** Files that end in one commit; each one is a document, a mark and a blob. */
export const filesErasedAtOnceMax = 100;

/** The last instant that the protocol's dates can write: their years have four digits. */
export const instantMsMax = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Text of the objects in one list, in UTF-16 code units; V8 can write twice as much as one JSON text. Clients that cannot
 * choose their pages never come near it. */
export const answerCharactersMax = 256 * 1024 * 1024;

/** Objects of a list that are loaded at the same time: enough to share queries, few enough when each has ten MiB. */
export const loadedAtOnceMax = 16;

/** Rounds of questions to the relay before a Request is judged; an answer may lead to another question, and that to none. */
export const lookRoundsMax = 10;

/** Steps from document to document that judging a Request may take; each version of an attribute is one. */
export const knowledgeRoundsMax = 1_000;

/** Versions that the line of an attribute may have had, and NotificationItems in one Notification (ours have one). Peers
 * choose both, and marking or deleting an attribute walks through all its versions in one commit. */
export const attributeVersionsMax = 900;
export const notificationItemsMax = 100;

/** Of the key of a RelationshipAttribute as it stands in a document key: PostgreSQL takes 1024 bytes in all. */
export const keyPlaceLengthMax = 300;

/** A query in IQL: its text (spec/domain.md 6.5), and how deep brackets and negations may nest; people write three. */
export const iqlCharactersMax = 4096;
export const iqlDepthMax = 50;

/** Letters of a File's name and type, and of other texts that its author wrote; people read them in lists. */
export const fileNameCharsMax = 1_000;
export const fileTextCharsMax = 10_000;

/** Tags of a File that are read at all; valid ones are twenty (spec/domain.md 6.2), and who judges them sees the rest. */
export const fileTagsMax = 100;

/** Life of a token for a template that does not expire (spec/domain.md 2.4). */
export const tokenLifeMs = 12 * 24 * 60 * 60 * 1000;

/** How long the collection of tags is taken for current, as the official client does (spec/backbone-protocol.md 5.5). */
export const tagsFreshMs = 5 * 60 * 1000;

/** Letters of the key of a note about an identity: it is part of a document key. */
export const metadataKeyCharsMax = 200;

/** Documents of an erased account deleted in one commit, of which only the keys are at hand. */
export const documentsErasedAtOnceMax = 1_000;

/** How often the store is told that a sync came to its end when it brought nothing; syncs may come every second. */
export const syncNotedEveryMs = 60 * 1000;

/** Documents that one commit brings to a new version of their collection; more would only keep other writers waiting. */
export const migratedAtOnceMax = 200;
