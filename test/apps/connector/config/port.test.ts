import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { canListen, portFor } from "../../../../src/apps/connector/config/port.ts";

describe("the port", () => {
  test("is the configured one, whatever may be listened on", async () => {
    const asked: number[] = [];

    const port = await portFor(0, async (one) => asked.push(one) > 0);

    expect({ port, asked }).toEqual({ port: 0, asked: [] });
  });

  test.for([
    [true, 80],
    [false, 8080],
  ] as const)("is, when none is configured and 80 allowed is %s, %i", async ([isAllowed, wanted]) => {
    const asked: number[] = [];

    const port = await portFor(undefined, async (one) => {
      asked.push(one);
      return isAllowed;
    });

    expect({ port, asked }).toEqual({ port: wanted, asked: [80] });
  });

  test("a port that somebody has cannot be listened on", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => void server.listen(0, resolve));
    const { port } = server.address() as AddressInfo;

    const taken = await canListen(port);
    await new Promise((resolve) => server.close(resolve));
    const free = await canListen(port);

    expect({ taken, free }).toEqual({ taken: false, free: true });
  });
});
