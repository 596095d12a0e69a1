import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { FirmataStack, LinkOptions } from "../../../hub/inputs/transport/firmata-link.js";
import { FirmataLink, loadFirmata } from "../../../hub/inputs/transport/firmata-link.js";
import type { FirmataBoard } from "../../rig/firmata-board.js";
import { startFirmataBoard } from "../../rig/firmata-board.js";
import { standardFirmata } from "../../rig/firmata-hex.js";
import { needSocat } from "../../rig/pty.js";
import { until } from "../../rig/sealed.js";

const RELAY = 7;
const CONTACT = 4;

describe("hub/inputs/transport/firmata-link on real Firmata firmware in a simulated Uno", function () {
  this.timeout(120_000);
  let uno: FirmataBoard;
  let stack: FirmataStack;
  let links: FirmataLink[] = [];

  before(async function () {
    needSocat(this);
    const firmware = await standardFirmata();
    if (!firmware.ok) {
      if (process.env.CI) throw new Error(firmware.reason);
      console.log(`      skipped: ${firmware.reason}`);
      this.skip();
    }
    stack = await loadFirmata();
    uno = await startFirmataBoard(firmware.file);
  });
  after(() => uno?.dispose());
  afterEach(async () => {
    for (const link of links) link.end("stopped");
    await Promise.all(links.map((link) => link.closed));
    links = [];
    await uno.freeze(false);
    await uno.unplug();
  });

  /** A connection, and what it has told so far. */
  function connect(more: Partial<LinkOptions> = {}): { link: FirmataLink; told: string[] } {
    const told: string[] = [];
    const options = {
      ...{ path: uno.path, baudRate: 57_600, channels: [], sampleMs: 40, staleMs: 1000, connectTimeoutMs: 60_000 },
      ...{ relays: [RELAY], contacts: [CONTACT], ...more },
    };
    const link = new FirmataLink(stack, options, {
      ready: () => told.push("ready"),
      sample: () => undefined,
      contact: (pin, closed) => told.push(`${pin} ${closed ? "closed" : "open"}`),
      over: (why) => told.push(`over: ${why}`),
    });
    links.push(link);
    return { link, told };
  }

  const readied = (told: string[]): Promise<void> =>
    until(
      "ready",
      () => {
        assert.doesNotMatch(told.join(), /over/);
        return told.includes("ready");
      },
      60_000,
    );

  it("tells what a contact says, at the beginning and when it has changed, but not that it bounced", async () => {
    uno.contact(CONTACT, true);
    await uno.plug();
    const { told } = connect();
    await until("the contact", () => told.includes("4 closed"), 60_000);
    uno.contact(CONTACT, false);
    await until("the change", () => told.includes("4 open"), 60_000);
    for (let i = 0; i < 20; i++) uno.contact(CONTACT, i % 2 === 0);
    uno.contact(CONTACT, true);
    await until("what it bounced to", () => told.at(-1) === "4 closed", 60_000);
    assert.deepEqual(told, ["ready", "4 closed", "4 open", "4 closed"]);
  });

  it("stays alive on a board that reports nothing by itself, and ends when that board falls silent", async () => {
    await uno.plug();
    const signals = process.listenerCount("SIGINT");
    const { link, told } = connect();
    await readied(told);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    assert.equal(link.ready, true);
    assert.equal(process.listenerCount("SIGINT"), signals, "a signal is the hub's, not the library's");
    await uno.freeze(true);
    await until("the silence is seen", () => told.at(-1) === "over: silent", 60_000);
    assert.equal(link.relay(RELAY, true), false);
  });

  it("switches its relays off at its end, and before anything else at its beginning", async () => {
    await uno.plug();
    const { link, told } = connect();
    await readied(told);
    assert.equal(link.relay(RELAY, true), true);
    await until("the pin is high", () => uno.high(RELAY), 60_000);
    link.end("stopped");
    await link.closed;
    await until("the pin is low", () => !uno.high(RELAY), 60_000);

    // Somebody who ends without a word: the board goes on holding the pin.
    const set = Buffer.from([0x90, 0, 1]);
    const killed = spawn("sh", ["-c", `cat > '${uno.path}'`], { stdio: ["pipe", "ignore", "inherit"] });
    killed.stdin.write(set);
    await until("the pin is high", () => uno.high(RELAY), 60_000);
    killed.kill("SIGKILL");
    const next = connect();
    await until("the pin is low", () => !uno.high(RELAY), 60_000);
    assert.deepEqual(next.told, [], "before the board has even answered");
    await readied(next.told);
  });

  it("takes what a board says of a pin for the answer to one question, however late it comes", async () => {
    await uno.plug();
    const { link, told } = connect({ staleMs: 20_000 });
    await readied(told);
    await uno.freeze(true);
    const before = link.stateOf(RELAY);
    link.relay(RELAY, true);
    const after = link.stateOf(RELAY);
    await uno.freeze(false);
    assert.deepEqual([await before, await after], [0, 1]);
  });

  it("ends when a relay is not held as ordered, or the board has started anew", async () => {
    await uno.plug();
    const first = connect();
    await readied(first.told);
    first.link.relay(RELAY, true);
    await until("the pin is high", () => uno.high(RELAY), 60_000);
    // A write to its port that nobody ordered.
    uno.hear(0x90, 0, 0);
    await until("it is over", () => first.told.at(-1) === "over: astray", 60_000);
    await first.link.closed;

    const second = connect({ staleMs: 20_000 });
    // A start in the midst of a message would be taken for the rest of it: the first that the board has to say is over.
    await until("the contact", () => second.told.some((told) => told.startsWith(`${CONTACT} `)), 60_000);
    uno.restart();
    await until("it is over", () => second.told.at(-1) === "over: restarted", 60_000);
  });

  it("ends when the board has not the pins that are wanted, or sends what nobody can read, or no end of it", async () => {
    await uno.plug();
    const few = connect({ relays: [90] });
    await until("it is over", () => few.told.at(-1) === "over: no-such-pin", 60_000);
    await few.link.closed;
    const pinThatIsNot = [0xf0, 0x6e, 0x7f, 1, 0, 0xf7];
    const endless = [0xf0, ...new Array<number>(5000).fill(1)];
    for (const bytes of [pinThatIsNot, endless]) {
      const { link, told } = connect({ contacts: [], staleMs: 20_000 });
      await readied(told);
      uno.say(...bytes);
      await until("it is over", () => told.at(-1) === "over: nonsense", 60_000);
      await link.closed;
    }
  });
});
