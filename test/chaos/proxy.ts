/** What may stand between the hub and its database: it passes on, or answers as a database in trouble does. */
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** `cut`: the database has written, and its answer is lost. */
export type Trouble = "none" | "503" | "429" | "500" | "hang" | "slow" | "cut";

export interface Proxy {
  url: string;
  trouble: Trouble;
  /** Requests that met trouble. */
  met(): number;
  stop(): Promise<void>;
}

const SLOW_MS = 1500;

/**
 * Starts it before the server at that port of this machine.
 * @param tap is told every body that was passed on, and the status of its answer
 */
export async function startProxy(targetPort: number, tap?: (body: string, status: number) => void): Promise<Proxy> {
  let met = 0;
  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { trouble } = proxy;
    if (trouble !== "none") met++;
    if (trouble === "hang") return;
    if (trouble === "503" || trouble === "429" || trouble === "500") {
      incoming.resume();
      response.writeHead(Number(trouble), trouble === "429" ? { "Retry-After": "1" } : {});
      response.end('{"error":"busy"}');
      return;
    }
    if (trouble === "slow") await sleep(SLOW_MS);
    const { method, url, headers } = incoming;
    const body: Buffer[] = [];
    if (tap !== undefined) incoming.on("data", (chunk: Buffer) => body.push(chunk));
    const onward = request({ host: "127.0.0.1", port: targetPort, method, path: url, headers }, (answered) => {
      if (trouble === "cut") {
        answered.resume();
        response.destroy();
        return;
      }
      const status = answered.statusCode ?? 502;
      tap?.(Buffer.concat(body).toString(), status);
      response.writeHead(status, answered.headers);
      answered.pipe(response);
    });
    onward.on("error", () => response.destroy());
    incoming.pipe(onward);
  }
  const server = createServer((incoming, response) => void answer(incoming, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: Proxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    trouble: "none",
    met: () => met,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}
