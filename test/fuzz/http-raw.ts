/** HTTP without a client library: any bytes go out, and what comes back is read as far as it is an answer. */
import { connect as tcp } from "node:net";

export interface Answer {
  status: number;
  /** The words behind the status. */
  reason: string;
  body: string;
}

/** How long a server may think about a whole request, and about an end in the middle of one, in ms of real time. */
const PATIENCE_MS = 30_000;
/** Silence after which the request is taken for one that the server waits to hear more of. */
const QUIET_MS = 60;

function unchunked(text: string): string {
  let body = "";
  for (let at = 0; ;) {
    const end = text.indexOf("\r\n", at);
    const size = end < 0 ? NaN : parseInt(text.slice(at, end), 16);
    if (Number.isNaN(size) || size === 0) return body;
    body += text.slice(end + 2, end + 2 + size);
    at = end + 2 + size + 2;
  }
}

/** The answer so far; null until its head is whole. `done` when nothing more belongs to it. */
function parse(text: string, toHead: boolean): { answer: Answer; done: boolean } | null {
  const end = text.indexOf("\r\n\r\n");
  const status = /^HTTP\/1\.[01] (\d{3})([^\r]*)/.exec(text);
  if (end < 0 || status === null) return null;
  const headers = new Map<string, string>();
  for (const line of text.slice(0, end).split("\r\n").slice(1)) {
    const colon = line.indexOf(":");
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  const rest = text.slice(end + 4);
  const length = toHead ? 0 : Number(headers.get("content-length") ?? "NaN");
  const chunked = !toHead && headers.get("transfer-encoding") === "chunked";
  const endless = headers.get("content-type")?.startsWith("text/event-stream") === true;
  // What follows the length is the answer to another request of the same bytes.
  const body = chunked ? unchunked(rest) : Number.isNaN(length) ? rest : rest.slice(0, length);
  const whole = chunked ? rest.endsWith("0\r\n\r\n") : rest.length >= length;
  const answer = { status: Number(status[1]), reason: status[2]!.trim(), body };
  return { answer, done: endless || whole || answer.status === 304 };
}

/**
 * Sends the bytes over a connection of their own. Resolves with the first answer, `null` if the server closed without
 * one; `waited` if it had to be told by the end of the stream that no more will come. Rejects if the server hangs.
 */
export function exchange(port: number, bytes: Buffer): Promise<{ answer: Answer | null; waited: boolean }> {
  return new Promise((resolve, reject) => {
    const toHead = bytes.toString("latin1", 0, 5) === "HEAD ";
    const socket = tcp(port, "127.0.0.1");
    let text = "";
    let waited = false;
    let quiet: NodeJS.Timeout;
    const finish = (): void => {
      clearTimeout(quiet);
      clearTimeout(patience);
      socket.destroy();
      resolve({ answer: parse(text, toHead)?.answer ?? null, waited });
    };
    const patience = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no answer in ${PATIENCE_MS} ms`));
    }, PATIENCE_MS);
    const listen = (): void => {
      clearTimeout(quiet);
      quiet = setTimeout(() => {
        waited = true;
        socket.end();
      }, QUIET_MS);
    };
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      if (parse(text, toHead)?.done === true) finish();
      else listen();
    });
    socket.on("error", () => undefined);
    socket.on("close", finish);
    socket.on("end", finish);
    socket.write(bytes);
    listen();
  });
}
