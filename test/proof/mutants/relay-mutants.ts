// Slips of the relay.
import type { Mutant } from "./mutant.ts";
import { engineCrashes, histories, laws, relayCrashes } from "./proofs.ts";

const asked = "a Request by Message is accepted";

/** Planted bugs of `src/relay`. */
export const relayMutants: readonly Mutant[] = [
  {
    name: "idempotency-not-stored",
    sentence: "The relay does not keep the first success under an idempotency key.",
    file: "src/relay/idempotency.ts",
    find: `      return { ok: true, value: { ...plan, puts: [...(plan.puts ?? []), { key, document }] } };`,
    replace: `      return { ok: true, value: { ...plan, puts: [...(plan.puts ?? [])] } };`,
    killers: [histories],
  },
  {
    name: "idempotency-of-everybody",
    sentence: "Idempotency keys of all devices share one name space.",
    file: "src/relay/idempotency.ts",
    find: `  if (caller !== undefined) return caller.deviceId;`,
    replace: `  if (caller !== undefined) return "everybody";`,
    killers: [laws("test/relay/idempotency.test.ts")],
  },
  {
    name: "slot-not-counted",
    sentence: "A template is loaded by one identity more than it allows.",
    file: "src/relay/template-access.ts",
    find: `if (maxNumberOfAllocations !== null && slotsTaken >= maxNumberOfAllocations) return`,
    replace: `if (maxNumberOfAllocations !== null && slotsTaken > maxNumberOfAllocations) return`,
    killers: [laws("test/relay/templates.test.ts")],
  },
  {
    name: "slot-counter-not-raised",
    sentence: "Taking a slot does not raise the number of slots taken.",
    file: "src/relay/template-access.ts",
    find: `  draft.add(allocationCounter(template.id), 1, isLast ? most : most - 1);`,
    replace: `  draft.add(allocationCounter(template.id), 0, isLast ? most : most - 1);`,
    killers: [laws("test/relay/templates.test.ts", "single-use template")],
  },
  {
    name: "pair-not-checked",
    sentence: "The relay creates a second Relationship of a pair while one exists.",
    file: "src/relay/relationships.ts",
    find: `      if (youngest !== undefined && is(youngest, "existing")) {
        return refuse(`,
    replace: `      if (youngest !== undefined && is(youngest, "messages")) {
        return refuse(`,
    killers: [histories],
  },
  {
    name: "pair-only-peeked",
    sentence: "The document of a pair is looked at, but a creation does not expect it unchanged.",
    file: "src/relay/relationships.ts",
    find: `  const pair = await reads.get<PairDocument>(pairKey(one, other));`,
    replace: `  const pair = await reads.peek<PairDocument>(pairKey(one, other));`,
    killers: [laws("test/relay/relationship-races.test.ts")],
  },
  {
    name: "relationship-only-peeked",
    sentence: "A step of a Relationship does not expect the Relationship as it was read.",
    file: "src/relay/transitions.ts",
    find: `        const relationship = (await reads.get<RelationshipDocument>(relationshipKey(id.value)))?.document;`,
    replace: `        const relationship = (await reads.peek<RelationshipDocument>(relationshipKey(id.value)))?.document;`,
    killers: [laws("test/relay/relationship-races.test.ts")],
  },
  {
    name: "audit-time-stands-still",
    sentence: "Two audit entries of the same millisecond have the same time.",
    file: "src/relay/relationship-state.ts",
    find: `msOf(last.createdAt) + 1)),`,
    replace: `msOf(last.createdAt))),`,
    killers: [histories, laws("test/relay/relationships.test.ts")],
  },
  {
    name: "audit-names-the-peer",
    sentence: "The audit log names the other party as the one who acted.",
    file: "src/relay/relationship-state.ts",
    find: `        createdBy: caller.address,
        createdByDevice: caller.deviceId,
        reason`,
    replace: `        createdBy: peerOf(relationship, caller.address),
        createdByDevice: caller.deviceId,
        reason`,
    killers: [histories],
  },
  {
    name: "event-without-effect",
    sentence: "An event for the peer goes to the one who acted.",
    file: "src/relay/relationship-state.ts",
    find: `      const to = peerOf(relationship, caller.address);`,
    replace: `      const to = caller.address;`,
    killers: [histories],
  },
  {
    name: "given-up-at-once",
    sentence: "An external event is offered no more after its first reported error.",
    file: "src/relay/sync-finalize.ts",
    find: `  return event.document.syncErrorCount + 1 >= externalEventErrorsMax;`,
    replace: `  return event.document.syncErrorCount + externalEventErrorsMax > 1;`,
    killers: [laws("test/relay/sync.test.ts")],
  },
  {
    name: "run-takes-all-events",
    sentence: "Ending a sync run deletes the events that came after it began.",
    file: "src/relay/sync-finalize.ts",
    find: `  for (const key of done) failed.delete(key);`,
    replace: `  for await (const { key } of reads.find({ under: eventStream(caller.address) })) done.add(key);
  for (const key of done) failed.delete(key);`,
    killers: [laws("test/relay/sync.test.ts", "says that there is more")],
  },
  {
    name: "two-runs-at-once",
    sentence: "A sync run may begin while another one of the identity is under way.",
    file: "src/relay/sync-runs.ts",
    find: `if (before !== undefined && !before.finalized && before.expiresAtMs > asked.nowMs) {`,
    replace: `if (before !== undefined && !before.finalized && before.expiresAtMs > asked.nowMs && before.run.createdByDevice !== caller.deviceId) {`,
    killers: [laws("test/relay/sync.test.ts")],
  },
  {
    name: "decompose-forgets-the-other-side",
    sentence: "The first side that leaves takes the Relationship's contents away from the other one.",
    file: "src/relay/transitions.ts",
    find: `        if (decomposedBy.length === 2) bury(`,
    replace: `        if (decomposedBy.length > 0) bury(`,
    killers: [laws("test/relay/erasing.test.ts"), laws("test/stories/first-handshake.test.ts")],
  },
  {
    name: "leaver-still-reads",
    sentence: "Who has decomposed a Relationship may still read it at the relay.",
    file: "src/relay/relationships.ts",
    find: `      if (relationship.decomposedBy.includes(caller.address)) {
        return refuse(`,
    replace: `      if (relationship.decomposedBy.length === 2) {
        return refuse(`,
    killers: [laws("test/relay/relationships.test.ts")],
  },
  {
    name: "quota-off-by-one",
    sentence: "A quota allows one more than it says.",
    file: "src/relay/quotas.ts",
    find: `{ atMost: max, exhausted:`,
    replace: `{ atMost: max + 1, exhausted:`,
    killers: [laws("test/relay/quotas.test.ts")],
  },
  {
    name: "quota-outside-the-commit",
    sentence: "A Message that is refused is not counted, and neither is one that is sent.",
    file: "src/relay/messages.ts",
    find: `      countAgainstQuota(draft, desk, { address, metric: "NumberOfSentMessages", by: 1, nowMs: asked.nowMs });`,
    replace: `      countAgainstQuota(createDraft(), desk, { address, metric: "NumberOfSentMessages", by: 1, nowMs: asked.nowMs });`,
    killers: [laws("test/relay/quotas.test.ts")],
  },
  {
    name: "held-message-told-at-once",
    sentence: "Messages of a Relationship that is not Active yet are told at once.",
    file: "src/relay/messages.ts",
    find: `        const isHeld = relationship !== undefined && is(relationship, "relayHoldsMessages");`,
    replace: `        const isHeld = relationship !== undefined && is(relationship, "final");`,
    killers: [laws("test/relay/messages.test.ts")],
  },
  {
    name: "token-may-be-guessed-again",
    sentence: "A wrong ownership token does not lock the File.",
    file: "src/relay/file-ownership.ts",
    find: `        lock(asked, desk, { draft, file });
        return draft.refuse`,
    replace: `        return draft.refuse`,
    killers: [laws("test/relay/file-ownership.test.ts")],
  },
  {
    name: "answer-without-commit",
    sentence: "The relay counts a device's Messages where a crash can part the count from the Message.",
    file: "src/relay/messages.ts",
    find: `      draft.add(sentCounter(caller.deviceId), 1);`,
    replace: "",
    killers: [laws("test/stories/old-copy.test.ts", "from before the first message")],
  },
];
