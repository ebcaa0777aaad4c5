// Takes every webhook of a house and keeps what it was told, in the order of arrival.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Told } from "./end-state.ts";

/** A receiver that is never away; only those who call it are. */
export interface WebhookReceiver {
  readonly url: string;
  readonly told: readonly Told[];
  close(): Promise<void>;
}

/** Starts one. The path of a call names the store that it comes from. */
export async function openReceiver(): Promise<WebhookReceiver> {
  const told: Told[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    // A call that was cut off was not told.
    request.on("error", () => undefined);
    request.on("end", () => {
      const id = String(request.headers["webhook-id"]);
      const { trigger, data } = JSON.parse(Buffer.concat(chunks).toString());
      told.push(toldBy(request.url ?? "", { id, trigger, data }));
      response.writeHead(204).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    told,
    close: async () => {
      const closing = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closing;
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: events have as many shapes as there are names.
function toldBy(path: string, { id, trigger, data }: { id: string; trigger: string; data: any }): Told {
  const at = id.lastIndexOf("-");
  const inner = [data?.request, data?.message, data?.template, data?.predecessor].find((one) => one?.id !== undefined);
  // A Relationship has its template with it, but it is the Relationship that the event is about.
  const subject = data?.id === undefined ? (inner ?? data) : data;
  return {
    stream: `${path.slice(1)}/${id.slice(0, at)}`,
    number: Number(id.slice(at + 1)),
    trigger,
    entity: subject?.id ?? data?.relationshipId ?? data?.tokenId ?? trigger,
    ...(typeof subject?.status === "string" ? { status: subject.status } : {}),
    ...(Array.isArray(subject?.auditLog) ? { entries: subject.auditLog.length } : {}),
    ...(trigger === "consumption.attributeCreated" ? { owner: data.content.owner } : {}),
  };
}
