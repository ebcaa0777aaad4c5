// The races, one function each. A round checks what it can see through the API of several processes.
import { base64, encryptedKey } from "../../relay/parties.ts";
import { fileOf, type HttpParty } from "./http-parties.ts";
import { type Move, must, mustWin, race } from "./race.ts";
import { auditFlaws } from "./store-laws.ts";

/** One identity on two devices. */
export interface Person {
  readonly address: string;
  readonly devices: readonly [HttpParty, HttpParty];
  /** Indexes of the events that it was told of. */
  readonly told: number[];
}

/** What the plan of a lane is drawn from, and what is counted. */
export interface Lane {
  /** A number from 0 to below this. */
  draw(below: number): number;
  /** An idempotency key that nobody has used. */
  key(): string;
  /** Everybody, for races that are open to all. */
  readonly everybody: readonly Person[];
  /** Says which round begins. */
  round(kind: string): void;
}

/** Calls under one idempotency key at all processes at once have one effect and one answer. */
export async function createUnderOneKey(lane: Lane, [by]: Person["devices"], more: object = {}): Promise<string> {
  lane.round("one key");
  const key = lane.key();
  const body = { content: base64("a template"), ...more };
  const move: Move = [by, "createTemplate", { key, body }];
  const other: Move = [by, "createTemplate", { key, body: { ...body, content: base64("another") } }];
  const hasOther = lane.draw(3) === 0;

  const { won, codes } = await race(move, move, move, hasOther ? other : move);

  must(new Set(won.map(({ result }) => result.id)).size === 1, "one key gives one template", won);
  must(
    codes.every((code) => code === "idempotencyKeyReused"),
    "only another body is refused",
    codes,
  );
  must(codes.length === 0 || (hasOther && [1, 3].includes(codes.length)), "one body wins", codes);
  return won[0]?.result.id;
}

/** The same for the bytes of a File, which are written before the commit. */
export async function uploadUnderOneKey(lane: Lane, [by]: Person["devices"], expiresAt: string): Promise<string> {
  lane.round("one key for bytes");
  const key = lane.key();
  const file = fileOf(expiresAt, `bytes ${key}`);
  const move: Move = [by, "createFile", { key, ...file }];

  const { won } = await race(move, move, move, move);

  must(won.length === 4, "every upload under one key is answered");
  must(new Set(won.map(({ result }) => JSON.stringify(result))).size === 1, "one key gives one File", won);
  const { bytes } = (await by.call("getFileContent", { id: won[0]?.result.id })) as { bytes?: Uint8Array };
  must(Buffer.from(bytes ?? []).equals(Buffer.from(file.bytes)), "the File has its bytes");
  return won[0]?.result.id;
}

/** More newcomers than slots, some of them on both devices. */
export async function raceForSlots(lane: Lane, owner: Person): Promise<string> {
  const most = 1 + lane.draw(3);
  const id = await createUnderOneKey(lane, owner.devices, { maxNumberOfAllocations: most });
  lane.round("slots");
  const racers = new Set<Person>();
  while (racers.size < most + 2) {
    const one = lane.everybody[lane.draw(lane.everybody.length)];
    if (one !== undefined && one !== owner) racers.add(one);
  }
  const moves = [...racers].flatMap(({ devices }): Move[] => {
    const both = devices.map((by): Move => [by, "getTemplate", { id }]);
    return lane.draw(3) === 0 ? both : both.slice(0, 1);
  });

  const { won, codes, refused } = await race(...moves);

  const holders = new Set(won.map(({ by }) => by.address));
  must(holders.size === most, `${most} slots are taken by ${holders.size}`, codes);
  must(
    codes.every((code) => code === "maxNumberOfAllocationsExhausted"),
    "the others find it exhausted",
    codes,
  );
  must(!refused.some(({ address }) => holders.has(address)), "nobody who holds a slot is refused on the other device");
  const again = await race(...moves);
  const kept = new Set(again.won.map(({ by }) => by.address));
  must(
    again.won.every(({ by }) => holders.has(by.address)),
    "nobody takes a slot later",
  );
  must(kept.size === most, "who holds a slot reads again");
  return id;
}

/** Both create on a template of the other at the same time; one of them twice, with two keys or from two devices. */
export async function raceToCreate(lane: Lane, one: Person, other: Person): Promise<string> {
  const templates = await Promise.all([createUnderOneKey(lane, one.devices), createUnderOneKey(lane, other.devices)]);
  lane.round("creation");
  const create = (by: HttpParty, relationshipTemplateId: string): Move => [
    by,
    "createRelationship",
    { key: lane.key(), body: { relationshipTemplateId, creationContent: base64("creation") } },
  ];
  const [ofOne, ofOther] = templates;
  const twice = one.devices[lane.draw(2)] as HttpParty;

  const outcome = await race(
    create(one.devices[0], ofOther),
    create(other.devices[0], ofOne),
    create(twice, ofOther),
    create(other.devices[1], ofOne),
  );

  mustWin(outcome, 1, "relationshipToTargetAlreadyExists");
  const { id } = outcome.won[0]?.result ?? {};
  await mustAgree(id, one, other);
  return id;
}

/** Both parties of a step at the same time: exactly one comes first. */
export async function raceToAnswer(lane: Lane, id: string, at: { from: Person; to: Person }): Promise<string> {
  lane.round("answer");
  const { from, to } = at;
  const response = { creationResponseContent: base64("response") };
  const accept: Move = [to.devices[0], "acceptRelationship", { id, key: lane.key(), body: response }];
  const reject: Move = [to.devices[1], "rejectRelationship", { id, key: lane.key(), body: {} }];
  const revoke: Move = [from.devices[0], "revokeRelationship", { id, key: lane.key(), body: {} }];
  const races = [
    [accept, revoke],
    [accept, accept],
    [accept, reject, revoke],
    [revoke, accept],
  ];
  const moves = races[lane.draw(races.length)] as Move[];

  const outcome = await race(...moves);

  if (moves[0] === moves[1]) must(outcome.won.length === 2, "one key is answered twice");
  else mustWin(outcome, 1, "relationshipIsNotInCorrectStatus");
  const status = await mustAgree(id, from, to);
  must(status === outcome.won[0]?.result.status, "the winner's status holds", status);
  return status;
}

/** The other steps that both parties may take, from all devices at once. */
export async function raceToEnd(lane: Lane, id: string, at: { one: Person; other: Person }): Promise<void> {
  const { one, other } = at;
  const all = (operation: Move[1]) =>
    [...one.devices, ...other.devices].map((by): Move => [by, operation, { id, body: {}, key: lane.key() }]);
  lane.round("termination");
  mustWin(await race(...all("terminateRelationship")), 1, "relationshipIsNotInCorrectStatus");
  if (lane.draw(2) === 0) {
    lane.round("reactivation");
    const asked = await race(...all("requestReactivation"));
    mustWin(asked, 1, "cannotRequestReactivationWhenThereIsAnOpenReactivationRequest");
    const [asking, answering] = asked.won[0]?.by.address === one.address ? [one, other] : [other, one];
    const answered = await race(
      [asking.devices[0], "revokeReactivation", { id, body: {} }],
      [answering.devices[0], "rejectReactivation", { id, body: {} }],
    );
    must(answered.won.length === 1, "one ends the reactivation", answered.codes);
  }
  must((await mustAgree(id, one, other)) === "Terminated", "the Relationship is terminated");
  lane.round("decomposition");
  const left = await race(...all("decomposeRelationship"));
  mustWin(left, 2, "relationshipAlreadyDecomposed");
  must(new Set(left.won.map(({ by }) => by.address)).size === 2, "each side leaves once");
}

/** Starts at all processes at once: one run, whose events nobody gets twice. */
export async function raceToSync(lane: Lane, person: Person): Promise<void> {
  lane.round("sync");
  const starts = [...person.devices, ...person.devices].map(
    (by): Move => [by, "startSyncRun", { body: { type: "ExternalEventSync", duration: 60 } }],
  );
  const { won, codes } = await race(...starts);
  const created = won.filter(({ result }) => result.status === "Created");
  must(created.length <= 1, "at most one run is created");
  must(created.length === 1 || codes.length === 0, "nobody is refused without a run", codes);
  must(
    codes.every((code) => code === "cannotStartSyncRunWhenAnotherSyncRunIsRunning"),
    "the others wait",
    codes,
  );
  const [run] = created;
  if (run === undefined) return;
  const { id } = run.result.syncRun;
  const own = await run.by.ok("listExternalEvents", { id, query: { PageSize: "200" } });
  for (const stranger of person.devices.filter(({ caller }) => caller.deviceId !== run.by.caller.deviceId)) {
    const code = await stranger.no("listExternalEvents", { id });
    must(code === "syncRun.cannotReadExternalEventsOfASyncRunStartedByAnotherDevice", code);
  }
  const externalEventResults = own.map((event: { id: string }) => ({ externalEventId: event.id }));
  const datawalletModifications = [modification(lane.key())];
  const end: Move = [
    run.by,
    "finalizeExternalEventSync",
    { id, body: { externalEventResults, datawalletModifications } },
  ];
  mustWin(await race(end, end), 1, "syncRunAlreadyFinalized");
  const indexes: number[] = own.map(({ index }: { index: number }) => index);
  must(
    indexes.every((index, at) => at === 0 || index > (indexes[at - 1] ?? 0)),
    "events come in order",
    indexes,
  );
  must(!indexes.some((index) => person.told.includes(index)), "an event that was done comes again", indexes);
  person.told.push(...indexes);
}

/** Two devices push onto the same end of the datawallet. */
export async function raceToPush(lane: Lane, person: Person): Promise<void> {
  lane.round("push");
  const [first] = person.devices;
  const known = await first.ok("listModifications", { query: { PageSize: "200" } });
  const localIndex = known.at(-1)?.index ?? -1;
  const moves = person.devices.map(
    (by): Move => [by, "pushModifications", { body: { localIndex, modifications: [modification(lane.key())] } }],
  );

  mustWin(await race(...moves), 1, "datawalletNotUpToDate");
}

/** More Messages than the recipient may have unread, then as many as it has read. */
export async function raceToSend(lane: Lane, from: Person, to: Person): Promise<void> {
  const send = (by: HttpParty): Move => [
    by,
    "createMessage",
    { key: lane.key(), body: { recipients: [{ address: to.address, encryptedKey }], body: base64("hello") } },
  ];
  const sends = (count: number) => Array.from({ length: count }, (_, at) => send(from.devices[at % 2] as HttpParty));
  lane.round("unread limit");
  const first = await race(...sends(22));
  mustWin(first, 20, "maxNumberOfUnreceivedMessagesReached");
  for (let times = 0; times < 2; times += 1) {
    lane.round("unread again");
    const read = first.won.slice(times * 2, times * 2 + 1 + lane.draw(2));
    const reads = read.flatMap(({ result }) => to.devices.map((by): Move => [by, "getMessage", { id: result.id }]));
    must((await race(...reads)).codes.length === 0, "the recipient reads its Messages");
    mustWin(await race(...sends(4)), read.length, "maxNumberOfUnreceivedMessagesReached");
  }
}

function modification(objectIdentifier: string): object {
  return { objectIdentifier, collection: "Races", type: "Create", datawalletVersion: 1, encryptedPayload: base64("x") };
}

/** Both sides see the same status and the same audit log, whichever process they ask (R2, R4). */
async function mustAgree(id: string, one: Person, other: Person): Promise<string> {
  const ask = (by: HttpParty) => by.ok("getRelationship", { id });
  const [seen, alsoSeen] = await Promise.all([ask(one.devices[0]), ask(other.devices[1])]);
  must(JSON.stringify(seen) === JSON.stringify(alsoSeen), "both see the same", [seen, alsoSeen]);
  const flaws = auditFlaws(id, seen.auditLog);
  must(flaws.length === 0, "the audit log chains", flaws);
  must(seen.auditLog.at(-1).newStatus === seen.status, "the status is that of the last entry", seen);
  return seen.status;
}
