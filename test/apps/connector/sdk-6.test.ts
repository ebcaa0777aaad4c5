// Every method of the published client 6.7.0, against running Connectors on `union` and on `gen2` (where every answer is held
// against the closed schemas that the client ships).
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callOwnAttributes, callSharedAttributes, callThirdPartyAttributes } from "./sdk-6/attributes.ts";
import { befriend, everyMethod, type Journey, journeyOn } from "./sdk-6/party.ts";
import { callAttempts, callLife } from "./sdk-6/relationships.ts";
import { callMessages, callRequests } from "./sdk-6/requests.ts";
import { callAccount, callChallenges, callMetadata, callMonitoring } from "./sdk-6/rest.ts";
import { callFiles, callTemplates, callTokens } from "./sdk-6/templates.ts";
import { openStage, type Stage } from "./stage.ts";

describe.each(["union", "gen2"] as const)("the client 6.7.0 on profile %s", (profile) => {
  const called = new Set<string>();
  let stage: Stage;
  let journey: Journey;
  let fileId: string;

  beforeAll(async () => {
    stage = await openStage();
    journey = await journeyOn(stage, profile, called);
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  test("account and monitoring", async () => {
    await callAccount(journey);
    await callMonitoring(journey);
  });

  test("templates", () => callTemplates(journey));

  test("tokens", () => callTokens(journey));

  test("files", async () => {
    fileId = await callFiles(journey);
  });

  test("attempts at a Relationship, revoked and rejected", () => callAttempts(journey));

  test("the life of a Relationship, to its end on both sides", () => callLife(journey));

  test("requests, messages, challenges and metadata between friends", async () => {
    await befriend(journey, journey.alice, journey.bob);
    await callRequests(journey);
    await callMessages(journey, fileId);
    await callChallenges(journey);
    await callMetadata(journey);
  });

  test("attributes of one's own", () => callOwnAttributes(journey));

  test("attributes between two and three", async () => {
    await callSharedAttributes(journey);
    await befriend(journey, journey.alice, journey.carol);
    await callThirdPartyAttributes(journey);
  });

  test("no method was left out", () => {
    expect([...called].toSorted()).toEqual(everyMethod().toSorted());
    expect(called.size).toBe(85);
  });
});
