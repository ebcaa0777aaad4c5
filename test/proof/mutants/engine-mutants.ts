// Slips in turns, intents, the inbox and the outbox.
import type { Mutant } from "./mutant.ts";
import { check, engineCrashes, histories, laws, simulation } from "./proofs.ts";

/** Planted bugs of `src/turn` and `src/engine`. */
export const engineMutants: readonly Mutant[] = [
  {
    name: "expected-version-ignored",
    sentence: "A turn overwrites a document that somebody else changed after it was read.",
    file: "src/turn/turn.ts",
    find: `    return expect === undefined ? put : { key: put.key, document: put.document, expect };`,
    replace: `    return { key: put.key, document: put.document };`,
    killers: [laws("test/relay/relationship-races.test.ts")],
  },
  {
    name: "checks-dropped",
    sentence: "What a turn read and did not write may change before its commit.",
    file: "src/turn/turn.ts",
    find: `if (!isWritten) checks.push({ key, expect });`,
    replace: `if (isWritten && false) checks.push({ key, expect });`,
    killers: [laws("test/turn/turn.test.ts")],
  },
  {
    name: "rerun-keeps-old-facts",
    sentence: "A turn that lost is planned again from what it had read before.",
    file: "src/turn/turn.ts",
    find: `  for (let tries = 0; tries <= turnRerunsMax; tries += 1) {
    if (tries > 1) await place.clock.sleep(turnRerunWaitMs * Math.min(tries, 10));
    const seen = new Map<string, Seen>();
    const facts = await turn.gather(readsOf(place.store, seen));`,
    replace: `  let known: F | undefined;
  for (let tries = 0; tries <= turnRerunsMax; tries += 1) {
    if (tries > 1) await place.clock.sleep(turnRerunWaitMs * Math.min(tries, 10));
    const seen = new Map<string, Seen>();
    const read = await turn.gather(readsOf(place.store, seen));
    known ??= read;
    const facts = known;`,
    killers: [laws("test/turn/turn.test.ts")],
  },
  {
    name: "inbox-mark-skipped",
    sentence: "An event is applied without the mark that says so.",
    file: "src/engine/inbox-marks.ts",
    find: `for (const { id, index } of events) change.put("inbox", id, { index });`,
    replace: `for (const { id, index } of events.slice(1)) change.put("inbox", id, { index });`,
    killers: [laws("test/stories/told-once.test.ts", "told once")],
  },
  {
    name: "sent-before-commit",
    sentence: "The call to the relay leaves before its intent is stored.",
    file: "src/engine/intents.ts",
    find: `  change.put("intents", intent.entity, intent);
  if (bytes`,
    replace: `  void account.transport.call(intent.call as never, account.session).catch(() => undefined);
  change.put("intents", intent.entity, intent);
  if (bytes`,
    killers: [engineCrashes("a template, its tokens, and no")],
  },
  {
    name: "other-key-per-try",
    sentence: "Every try has an idempotency key of its own.",
    file: "src/engine/performing.ts",
    find: `  const answer = await account.transport.call(call, account.session);
  return isPassing`,
    replace: `  const again = { ...call, idempotencyKey: \`\${call.idempotencyKey}-\${account.clock.now()}\` };
  const answer = await account.transport.call(again, account.session);
  return isPassing`,
    killers: [histories],
  },
  {
    name: "intent-closed-in-silence",
    sentence: "A call that got no answer is forgotten instead of finished later.",
    file: "src/engine/performing.ts",
    find: `      await noteTries(account, intent, { attempts: attempt, unsent });
      throw unreachable(intent);`,
    replace: `      await closeRefused(account, intent, { ok: false, status: 503, rapport: true, error: { code: "", message: "" } } as never);
      throw unreachable(intent);`,
    killers: [check("handshake")],
  },
  {
    name: "second-command-overtakes",
    sentence: "A second command may begin while the first one on the same Relationship waits for its answer.",
    file: "src/engine/relationship-commands.ts",
    find: `  if (isBusy) return inProgress(id);
  const legal`,
    replace: `  const legal`,
    killers: [histories],
  },
  {
    name: "refused-decision-keeps-record",
    sentence: "A refused answer to a Relationship leaves its decision record and its keys behind.",
    file: "src/engine/intents.ts",
    find: `  for (const { kind, id } of intent.undo ?? []) change.remove(kind, id);`,
    replace: "",
    killers: [laws("test/engine/intents.test.ts", "a refusal closes the intent")],
  },
  {
    name: "key-of-intent-stays",
    sentence: "The sealed secret of an intent stays in the store after the intent is closed.",
    file: "src/engine/intents.ts",
    find: `  change.remove("secrets", \`intent-\${intent.entity}\`);`,
    replace: "",
    killers: [histories],
  },
  {
    name: "intents-not-resumed",
    sentence: "A sync does not finish what an earlier process left open.",
    file: "src/engine/sync.ts",
    find: `  await resumeIntents(account).catch(unlessSilent);`,
    replace: "",
    killers: [check("handshake")],
  },
  {
    name: "timer-not-set-again",
    sentence: "Looking for due timers forgets the one that comes next.",
    file: "src/engine/timers.ts",
    find: `      else next = Math.min(next, dueAt);`,
    replace: "",
    killers: [laws("test/engine/timers.test.ts", "alive at the very instant")],
  },
  {
    name: "deadline-not-stored",
    sentence: "A deadline is remembered and not stored, so it is gone when the process starts again.",
    file: "src/engine/change.ts",
    find: `      put("timers", entity, { entity, dueAt });
      contents.dueAts.push(dueAt);`,
    replace: `      contents.dueAts.push(dueAt);`,
    killers: [check("asking")],
  },
  {
    name: "deadline-not-checked",
    sentence: "A Request whose deadline has passed can be decided as long as its timer is late.",
    file: "src/engine/deciding-facts.ts",
    find: `  const request = afterClock(stored, now).record;`,
    replace: `  const request = stored;`,
    killers: [laws("test/engine/judging.test.ts", "expired while a slow rule thinks")],
  },
  {
    name: "counter-reused",
    sentence: "Two Messages to the same peer are sealed with one counter.",
    file: "src/engine/message-counters.ts",
    find: `    block.nextById.set(id, counter + 1);`,
    replace: `    block.nextById.set(id, counter + (counter % 2));`,
    killers: [simulation],
  },
  {
    name: "counter-not-persisted",
    sentence: "A process that starts again counts from the first counter of an epoch it had before.",
    file: "src/engine/message-counters.ts",
    find: `  const first = wire.epoch * countersPerEpoch;`,
    replace: `  const first = (known?.document.epoch ?? wire.epoch) * countersPerEpoch;`,
    killers: [simulation],
  },
  {
    name: "epoch-ignored",
    sentence: "An old copy of a store goes on with the counters of the epoch that it remembers.",
    file: "src/engine/message-counters.ts",
    find: `  const first = wire.epoch * countersPerEpoch;
  return { first, end: first + countersPerEpoch, isExclusive: true`,
    replace: `  const first = (wire.restored ? (known?.document.epoch ?? 0) : wire.epoch) * countersPerEpoch;
  return { first, end: first + countersPerEpoch, isExclusive: true`,
    killers: [laws("test/stories/old-copy.test.ts", "from before the first message")],
  },
  {
    name: "events-before-commit",
    sentence: "Listeners hear of a change before it is committed.",
    file: "src/engine/change.ts",
    find: `      last = { contents: change.contents, entries };`,
    replace: `      last = { contents: change.contents, entries };
      account.events.publish(change.contents.events, account.correlationId);`,
    killers: [laws("test/stories/told-once.test.ts", "hear of nothing")],
  },
  {
    name: "outbox-entry-missing",
    sentence: "Events for publishers are not stored in the commit that they tell of.",
    file: "src/engine/change.ts",
    find: `    appends: entries.map((document) => ({ stream: streamOf(account), document })),`,
    replace: `    appends: [],`,
    killers: [histories],
  },
  {
    name: "outbox-entry-dropped",
    sentence: "An event that a publisher did not take is dropped after the first try.",
    file: "src/engine/delivering.ts",
    find: `    return afterFailure(account, { target, key: stored.key, event, problem });`,
    replace: `    await noteTaken(account, stored.key, target.key);
    return undefined;`,
    killers: [laws("test/engine/outbox.test.ts", "tried again with the same id")],
  },
  {
    name: "dead-letter-swallowed",
    sentence: "The last failed try removes the event and leaves no dead letter.",
    file: "src/engine/outbox-marks.ts",
    find: `        puts: [...(left.puts ?? []), { key: keyOf(account.id, "deadletters", document.id), document }],`,
    replace: `        puts: [...(left.puts ?? [])],`,
    killers: [laws("test/stories/told-once.test.ts", "never takes is kept")],
  },
  {
    name: "event-buried-unread",
    sentence: "An external event that cannot be applied is marked as done and kept nowhere.",
    file: "src/engine/inbox.ts",
    find: `        change.put("deadletters", id, {`,
    replace: `        void ({`,
    killers: [laws("test/engine/inbox-message.test.ts", "of a stranger")],
  },
  {
    name: "decision-record-omitted",
    sentence: "A decision about a Request leaves no record of who decided.",
    file: "src/engine/decision-records.ts",
    find: `  change.put("decisions", entity, record);`,
    replace: `  if (record.verdict === "reject") change.put("decisions", entity, record);`,
    killers: [check("handshake")],
  },
  {
    name: "effects-outside-the-commit",
    sentence: "What accepting does to attributes is not in the commit that stores the Response.",
    file: "src/engine/deciding.ts",
    find: `  applyItemEffects(account, change, effects);`,
    replace: `  if (delivery.by === "creation") applyItemEffects(account, change, effects);`,
    killers: [simulation],
  },
  {
    name: "response-rebuilt",
    sentence: "A Response that is delivered again is built anew, and then says Accepted.",
    file: "src/services/requests-incoming.ts",
    find: `      const response = request?.response?.content as Response | undefined;
      const entities`,
    replace: `      const stored = request?.response?.content as Response | undefined;
      const response = stored === undefined ? undefined : ({ ...stored, result: "Accepted" } as Response);
      const entities`,
    killers: [laws("test/stories/told-once.test.ts", "says what was decided")],
  },
  {
    name: "erase-leaves-requests",
    sentence: "Decomposing leaves the peer's Requests in the store.",
    file: "src/engine/erase.ts",
    find: `    requests: (await find<RequestRecord>("requests", of("peer"))).map(({ id }) => id),`,
    replace: `    requests: [],`,
    killers: [histories],
  },
  {
    name: "run-finalised-before-its-events",
    sentence: "A sync run is reported as done before its events are applied.",
    file: "src/engine/sync.ts",
    find: `    await applyEvents(account, events, brought);
    if (!(await finalise(account, runId, events))) break;`,
    replace: `    const hasMore = await finalise(account, runId, events);
    await applyEvents(account, events, brought);
    if (!hasMore) break;`,
    killers: [check("handshake")],
  },
  {
    name: "command-forgotten",
    sentence: "The result of a command is not stored with its commandId.",
    file: "src/engine/commands.ts",
    find: `  change.put("commands", tag.commandId, { input: tag.input, at: instantOf(now), result });`,
    replace: `  change.remove("commands", tag.commandId);`,
    killers: [histories],
  },
  {
    name: "steps-in-between-lost",
    sentence: "Of several audit entries that are missing only the last one is followed.",
    file: "src/engine/relationship-state.ts",
    find: `  for (const entry of missing) {`,
    replace: `  for (const entry of missing.slice(-1)) {`,
    killers: [check("reviving")],
  },
];
