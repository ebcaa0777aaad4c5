// Google's own client against a stub of the service: nobody can run the service itself. The stub speaks its gRPC.
import { createPubSubPublisher } from "rapport/plugins/publisher-pubsub";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { connectInstalledDriver, loadPubSub } from "../../../plugins/publisher-pubsub/driver.ts";
import { eventOf, firstArrivals, publishAll, upTo } from "../publishing.ts";
import { createPubSubStub, type PubSubStub } from "./stub.ts";

const place = { projectId: "project", topicName: "events" };
let stub: PubSubStub;

beforeAll(async () => {
  stub = await createPubSubStub("projects/project/topics/events");
  // This is how Google's client is told of another service than Google's.
  process.env["PUBSUB_EMULATOR_HOST"] = stub.host;
  // And this keeps it from looking for a machine of Google's around it.
  process.env["METADATA_SERVER_DETECTION"] = "none";
});

beforeEach(() => {
  (stub.messages as unknown[]).length = 0;
});

afterAll(async () => {
  delete process.env["PUBSUB_EMULATOR_HOST"];
  delete process.env["METADATA_SERVER_DETECTION"];
  await stub[Symbol.asyncDispose]();
});

test("an event arrives with its data as JSON, and its name, id, account and cause as attributes", async () => {
  await using publisher = createPubSubPublisher(place);
  await publisher.open();

  await publisher.publish(eventOf("a", 1), publisher.name);

  expect(stub.messages).toEqual([
    {
      topic: "projects/project/topics/events",
      data: '{"entity":"a","number":1}',
      attributes: {
        namespace: "consumption.incomingRequestReceived",
        id: "acc-a-1",
        account: "did:e:test",
        correlationId: "cause-1",
      },
      orderingKey: "did:e:test",
    },
  ]);
});

test("what the service refuses is tried again, and nothing is lost or overtaken", async () => {
  await using publisher = createPubSubPublisher(place);
  stub.refuse(3);

  const failures = await publishAll(publisher, { entities: ["a"], count: 10 });

  expect(failures).toBeGreaterThan(0);
  expect(
    firstArrivals(
      stub.messages.map(({ data }) => JSON.parse(data)),
      "a",
    ),
  ).toEqual(upTo(10));
});

test("a topic that does not exist fails the start", async () => {
  await using publisher = createPubSubPublisher({ ...place, topicName: "nothing" });

  await expect(publisher.open()).rejects.toMatchObject({ code: "publisher.invalid" });
});

test("without the package the fault says how to install it", async () => {
  const missing = () => Promise.reject(new Error("Cannot find package"));

  await expect(connectInstalledDriver(place, () => loadPubSub(missing))).rejects.toMatchObject({
    code: "plugin.failed",
    message: expect.stringContaining("npm install @google-cloud/pubsub"),
  });
});
