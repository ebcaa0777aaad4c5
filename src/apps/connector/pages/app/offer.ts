// Opening an offer: the template is loaded, and its Request, or what is in its way, is shown.
import { ApiProblem } from "./api.ts";
import { isOpen } from "./connector.ts";
import { textIn } from "./json.ts";
import { messageFor } from "./problems.ts";
import type { Ground } from "./screen.ts";

/** Loads it and goes where it leads. */
export async function openOffer({ connector, go }: Ground, reference: string, password?: string): Promise<void> {
  const template = await connector.load(reference, password).catch(inOtherWords);
  const id = textIn(template["id"]);
  const [asker, isOwn] = [textIn(template["createdBy"]), template["isOwn"] === true];
  if (isOwn)
    throw new ApiProblem("You made this offer yourself. Give it to somebody else.", { code: "own", status: 0 });
  const request = (await connector.requestsOf(id)).findLast(isOpen);
  if (request !== undefined) return go(`#/requests/${textIn(request["id"])}`);
  const earlier = (await connector.requests()).findLast((one) => one["peer"] === asker && isOpen(one));
  if (earlier !== undefined) return go(`#/requests/${textIn(earlier["id"])}`);
  const relationship = (await connector.relationships()).findLast(({ peer }) => peer === asker);
  if (relationship !== undefined) return go(`#/relationships/${textIn(relationship["id"])}`);
  throw new ApiProblem("This offer asks nothing that can be decided here.", { code: "no request", status: 0 });
}

/** What the Connector finds wrong with a property is, here, always the reference. */
function inOtherWords(error: unknown): never {
  if (error instanceof ApiProblem && error.code === "error.runtime.validation.invalidPropertyValue") {
    throw new ApiProblem(messageFor("error.runtime.invalidReference", ""), error);
  }
  throw error;
}
