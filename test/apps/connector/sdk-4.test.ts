// Every method of the published client 4.1.0, against running Connectors on `gen1`; every answer is held against the closed
// schemas that the client ships.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { publishedClient } from "./published-client.ts";
import { callFirstAttributes, callFirstShared } from "./sdk-4/attributes.ts";
import { callFirstFriends, callFirstFriendship, callFirstRequests } from "./sdk-4/friends.ts";
import { callFirstFiles, callFirstTemplates, callFirstTokens } from "./sdk-4/objects.ts";
import { type FirstJourney, firstJourneyOn } from "./sdk-4/party.ts";
import { openStage, type Stage } from "./stage.ts";

const { everyMethod, expectShape } = publishedClient("connector-sdk-4");

describe("the client 4.1.0 on profile gen1", () => {
  const called = new Set<string>();
  let stage: Stage;
  let journey: FirstJourney;
  let fileId: string;

  beforeAll(async () => {
    stage = await openStage();
    journey = await firstJourneyOn(stage, called);
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  test("monitoring", async () => {
    const { getHealth, getVersion, getRequests, getSupport } = journey.alice.client["monitoring"] ?? {};
    expectShape("ConnectorHealth", await getHealth?.());
    expectShape("ConnectorVersionInfo", await getVersion?.());
    expectShape("ConnectorRequestCount", await getRequests?.());
    expectShape("ConnectorSupportInformation", await getSupport?.());
  });

  test("#3: templates with bare content", () => callFirstTemplates(journey));

  test("tokens", () => callFirstTokens(journey));

  test("files", async () => {
    fileId = await callFirstFiles(journey);
  });

  test("changes that are rejected and accepted, with content", () => callFirstFriendship(journey));

  test("requests, messages and challenges between friends", async () => {
    await callFirstRequests(journey);
    await callFirstFriends(journey, fileId);
  });

  test("attributes of one's own, and shared ones", async () => {
    await callFirstAttributes(journey);
    await callFirstShared(journey);
  });

  test("no method was left out", () => {
    expect([...called].toSorted()).toEqual(everyMethod().toSorted());
  });
});
