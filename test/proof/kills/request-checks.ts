// Requests: sent as acknowledged, answered as acknowledged, and the same at both sides.
import type { EndState, RequestThere } from "./end-state.ts";
import { type Call, type Deed, type Write, writesOf } from "./history.ts";
import { isRightCount } from "./write-checks.ts";

/** What is wrong with Requests and their Responses. */
export function requestFlaws(calls: readonly Call[], end: EndState): string[] {
  return [...draftFlaws(calls, end), ...decisionFlaws(calls, end), ...sideFlaws(end), ...askingFlaws(calls, end)];
}

function draftFlaws(calls: readonly Call[], { parties }: EndState): string[] {
  return writesOf(calls, "request").flatMap(({ party, deed, outcome, ids: [id] }) => {
    const there = parties[party]?.requests.filter(({ isOwn, mark }) => isOwn && mark === deed.mark) ?? [];
    if (!isRightCount(outcome, there.length))
      return [`${party}: the Request ${deed.mark} was ${outcome} and is there ${there.length} times`];
    if (id !== undefined && there[0]?.id !== id)
      return [`${party}: the Request ${deed.mark} was acknowledged as ${id} and is ${there[0]?.id}`];
    return [];
  });
}

type Decision = Write<Extract<Deed, { readonly kind: "decision" }>>;

function decisionFlaws(calls: readonly Call[], { parties }: EndState): string[] {
  const flaws: string[] = [];
  const marksById = new Map<string, Set<string>>();
  for (const write of writesOf(calls, "decision")) {
    const { party, deed } = write;
    if (write.outcome !== "refused") marksById.set(deed.requestId, marksOf(marksById, deed).add(deed.mark));
    const there = parties[party]?.requests.find(({ isOwn, id }) => !isOwn && id === deed.requestId);
    const flaw = decisionFlaw(write, there);
    if (flaw !== undefined) flaws.push(`${party}: ${flaw}`);
  }
  for (const [name, { requests }] of Object.entries(parties)) {
    for (const { id, isOwn, answer, result } of requests) {
      if (!isOwn && result !== undefined && !marksById.get(id)?.has(answer ?? ""))
        flaws.push(`${name}: nobody gave the answer ${answer} to ${id}`);
    }
  }
  return flaws;
}

const marksOf = (marksById: ReadonlyMap<string, Set<string>>, { requestId }: Decision["deed"]): Set<string> =>
  marksById.get(requestId) ?? new Set();

function decisionFlaw({ deed, outcome }: Decision, there: RequestThere | undefined): string | undefined {
  if (outcome !== "acknowledged") return undefined;
  const { requestId, accepts, mark } = deed;
  const wanted = `${accepts ? "Accepted" : "Rejected"} with ${mark}`;
  if (there === undefined) return `the Request ${requestId} was answered and is not there`;
  const is = `${there.result} with ${there.answer}`;
  if (is !== wanted) return `the Request ${requestId} was acknowledged as ${wanted} and is ${is}`;
  if (there.status !== "Completed") return `the Request ${requestId} was answered and is still ${there.status}`;
  return undefined;
}

/** Whoever asked and whoever was asked have the same. */
function sideFlaws({ parties }: EndState): string[] {
  const states = Object.entries(parties);
  return states.flatMap(([name, { address, requests }]) => {
    const own = new Map(requests.filter(({ isOwn }) => isOwn).map((one) => [one.id, one]));
    return states.flatMap(([peerName, peer]) =>
      peer.requests.flatMap((incoming) => {
        // A Request of a template has no sender until its Relationship is created.
        if (incoming.isOwn || incoming.peer !== address || incoming.source?.startsWith("RLT")) return [];
        const sent = own.get(incoming.id);
        if (sent === undefined) return [`${peerName}: ${name} knows nothing of the Request ${incoming.id}`];
        const flaw = differenceOf(sent, incoming);
        return flaw === undefined ? [] : [`the Request ${incoming.id} from ${name} to ${peerName} ${flaw}`];
      }),
    );
  });
}

function differenceOf(sent: RequestThere, incoming: RequestThere): string | undefined {
  if (sent.mark !== incoming.mark) return `asks for ${sent.mark} and arrived as ${incoming.mark}`;
  if (sent.result !== incoming.result || sent.answer !== incoming.answer)
    return `was answered ${incoming.result} with ${incoming.answer}, and came back ${sent.result} with ${sent.answer}`;
  const isAnswered = incoming.result !== undefined;
  const statuses = isAnswered ? [["Completed", "Completed"]] : [["Open", "ManualDecisionRequired"]];
  const fits = statuses.some(([at, of]) => sent.status === at && incoming.status === of);
  return fits ? undefined : `is ${sent.status} here and ${incoming.status} there`;
}

/** What was sent has arrived, and what has arrived was sent. */
function askingFlaws(calls: readonly Call[], { parties }: EndState): string[] {
  const nameByAddress = new Map(Object.entries(parties).map(([name, { address }]) => [address, name]));
  return writesOf(calls, "asking").flatMap(({ deed, outcome, party }) => {
    const peer = nameByAddress.get(deed.to) ?? "";
    const there = parties[peer]?.requests.filter(({ id, isOwn }) => id === deed.requestId && !isOwn) ?? [];
    if (isRightCount(outcome, there.length)) return [];
    return [`${peer}: the Request ${deed.requestId} of ${party} was ${outcome} and is there ${there.length} times`];
  });
}
