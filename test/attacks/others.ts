/** Whom a hub talks to, at their worst: they refuse everything, and repeat what they were sent in what they answer. */
import { createServer } from "node:http";
import { createServer as tcpServer, type AddressInfo, type Server } from "node:net";

export interface Others {
  webPort: number;
  brokerPort: number;
  /** What came, by path and to the broker: heads and bodies. */
  got: string;
  stop(): void;
}

const listening = (server: Server): Promise<number> =>
  new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)));

/** A web server that stands for databases, receivers and watchers, and a broker that lets nobody in. */
export async function startOthers(): Promise<Others> {
  const own: Others = { webPort: 0, brokerPort: 0, got: "", stop: () => undefined };
  const web = createServer((request, response) => {
    const head = `${request.method} ${request.url} ${JSON.stringify(request.headers)}`;
    own.got += `${head}\n`;
    request.resume();
    request.on("end", () => {
      const status = request.url?.includes("/api/v2/") ? 401 : 500;
      response.writeHead(status, { "content-type": "application/json", "x-seen": encodeURI(head).slice(0, 500) });
      response.end(JSON.stringify({ code: "unauthorized", error: `refused: ${head}`, message: `refused: ${head}` }));
    });
  });
  const broker = tcpServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (packet) => {
      own.got += packet.toString("latin1");
      socket.end(Buffer.from([0x20, 2, 0, 5]));
    });
  });
  own.webPort = await listening(web);
  own.brokerPort = await listening(broker);
  own.stop = () => {
    web.closeAllConnections();
    web.close();
    broker.close();
  };
  return own;
}
