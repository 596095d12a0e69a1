/**
 * A laid-out board as far as its loader and its two slots go: the loader's very text runs in a context of node:vm over
 * flash whose supply can be cut, and what it starts are images of one line that call `run(<name>)`.
 */
import { createHash } from "node:crypto";
import { createContext, runInContext } from "node:vm";
import { crc32 } from "node:zlib";
import type { Boot, Hal } from "../../firmware/node/hal.js";
import { pageStore } from "../../firmware/node/pages.js";
import type { SlotsPost } from "../../firmware/node/slots.js";
import { flashImage, regionIn, storedFiles } from "../../hardware/flash-image.js";
import { LINUX_STORAGE } from "./espruino.js";
import { VmFlash } from "./vm-flash.js";

/** One start of the board, from power to the image. */
export interface Start {
  /** The image that runs; empty if none does. */
  ran: string;
  boot: Boot;
  /** The image or the loader has restarted the board. */
  rebooted(): boolean;
  /** What waits for a time, in ms. */
  timers: { fn: () => void; ms: number }[];
  printed: string[];
  /** What the loader has set the watchdog to, in seconds; 0 where it left it alone. */
  watchdogS: number;
  /** The interpreter tells of an error of its own, by its flags; null where it has no memory left to name them. */
  errorFlags(flags: string[] | null): void;
  /** The node of this start, as the commands of slots.ts see it. */
  post: SlotsPost & { hal: SlotsPost["hal"] & Pick<Hal, "uptimeMs" | "print"> };
  /** What the node last said, parsed. */
  said(): { verb?: string; to?: string; at?: number; why?: string };
  nowMs: number;
}

const crc = (text: string): number => crc32(Buffer.from(text, "latin1"));

export class VmLoader {
  readonly flash: VmFlash;
  readonly #bytes: Buffer;
  readonly #loader: string;
  readonly #pages: number;

  /** @param code the image in the first slot */
  constructor(code: string, loader: string) {
    this.#loader = loader;
    this.#bytes = flashImage(code, loader, { "aryk.cfg": "{}" }, LINUX_STORAGE);
    const region = regionIn(this.#bytes);
    if (region === null) throw new Error("no region");
    this.#pages = region.pages;
    this.flash = new VmFlash(this.#bytes, region.at);
    this.#regionAt = region.at;
  }

  readonly #regionAt: number;

  /** Power comes. A power cut goes through. */
  start(): Start {
    let ran = "";
    let rebooted = false;
    let said = "";
    let watchdogS = 0;
    let onFlags: (flags: string[] | null) => void = () => undefined;
    const timers: Start["timers"] = [];
    const printed: string[] = [];
    const context: Record<string, unknown> = {
      require: (name: string) => (name === "Flash" ? this.#chip() : this.#storage()),
      E: {
        CRC32: crc,
        on: (_event: string, fn: typeof onFlags) => (onFlags = fn),
        enableWatchdog: (seconds: number) => (watchdogS = seconds),
        reboot: () => (rebooted = true),
        toString: (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1"),
      },
      print: (text: string) => printed.push(text),
      setTimeout: (fn: () => void, ms: number) => {
        const timer = { fn, ms };
        timers.push(timer);
        return timer;
      },
      clearTimeout: (timer: Start["timers"][number]) => {
        if (timers.includes(timer)) timers.splice(timers.indexOf(timer), 1);
      },
      run: (name: string) => (ran = name),
    };
    createContext(context);
    runInContext("globalThis.global = globalThis;", context);
    runInContext(this.#loader, context, { filename: ".bootcde" });
    const boot = context.aryk as Boot;
    const started: Start = {
      ran,
      boot,
      rebooted: () => rebooted,
      timers,
      printed,
      watchdogS,
      errorFlags: (flags) => onFlags(flags),
      nowMs: 0,
      said: () => (said === "" ? {} : (JSON.parse(said) as ReturnType<Start["said"]>)),
      post: {
        say: (body) => (said = body),
        hal: {
          flash: this.flash,
          boot,
          store: pageStore(this.flash, this.#pages, () => undefined),
          crc32Hex: (text) => crc(text).toString(16).padStart(8, "0"),
          sha256: (data) => createHash("sha256").update(data).digest(),
          reboot: () => (rebooted = true),
          after: (ms, fn) => {
            const timer = { fn, ms };
            timers.push(timer);
            return () => timers.splice(timers.indexOf(timer), timers.includes(timer) ? 1 : 0);
          },
          uptimeMs: () => started.nowMs,
          print: (text) => printed.push(text),
        },
      },
    };
    return started;
  }

  #storage(): object {
    return {
      read: (name: string, offset = 0, length?: number) => {
        const file = storedFiles(this.#bytes).find((f) => f.name === name);
        if (file === undefined) return undefined;
        const end = length === undefined ? file.size : Math.min(file.size, offset + length);
        return this.#bytes.toString("latin1", file.at + offset, file.at + end);
      },
    };
  }

  #chip(): object {
    const within = (at: number): number => at - LINUX_STORAGE.base - this.#regionAt;
    return {
      getPage: () => ({ length: 1024 }),
      read: (length: number, at: number) => Buffer.from(this.flash.read(within(at), length), "latin1"),
      write: (data: string, at: number) => this.flash.write(within(at), data),
      erasePage: () => {
        throw new Error("the loader erases nothing");
      },
    };
  }
}
