/**
 * Cases for the wire's code, written in the post's language: the same text runs on Node and on the interpreter, and what
 * it prints must be the same.
 */
import { binaryGap, binaryHello, binaryPack, binaryPart, binaryReply, binaryWord } from "../../firmware/wire/binary.js";
import { itemOf, KIND_COMMAND, KIND_PIECE, orderIn, orderText, writeArray } from "../../firmware/wire/binary.js";
import type { Item } from "../../firmware/wire/binary.js";
import { numbersOf, readArray, stampOf } from "../../firmware/wire/binary.js";
import { crc16Hex } from "../../firmware/wire/crc16.js";
import { parseLine, parseTime, seal, toSerial, unsealed, UPLINK_MAX } from "../../firmware/wire/line.js";
import { decimal, packBody } from "../../firmware/wire/pack.js";
import { DISTANCE, NO2_WE, TEMPERATURE } from "../../firmware/wire/properties.js";
import { sameTag, tagOf } from "../../firmware/wire/seal.js";
import type { Sha256 } from "../../firmware/wire/seal.js";

/** Whole numbers from 0 to 65536, the same everywhere: every product is exact. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 75 + 74) % 65537;
    return state;
  };
}

function textOf(next: () => number, length: number): string {
  let text = "";
  for (let i = 0; i < length; i++) text += String.fromCharCode(32 + (next() % 95));
  return text;
}

function decimals(print: (text: string) => void, next: () => number): void {
  for (let i = 0; i < 200; i++) {
    const scale = [1, 2, 10, 16, 1000, 10000][i % 6];
    const value = ((next() * 65537 + next()) / scale) * (i % 3 === 0 ? -1 : 1);
    for (let d = 0; d <= 4; d++) print("decimal " + i + " " + d + " " + decimal(value, d));
  }
  for (let i = 0; i < 100; i++) {
    const small = (next() - 32768) / 100000;
    print("small " + i + " " + decimal(small, i % 5));
  }
  print(
    decimal(-0.0004, 2) +
      " " +
      decimal(0, 0) +
      " " +
      decimal(1.5, 0) +
      " " +
      decimal(99.95, 1) +
      " " +
      decimal(-2.5, 0),
  );
}

function say(text: string, withCrc: boolean): string {
  const parsed = parseLine(text, withCrc, UPLINK_MAX);
  if (!parsed.ok) return parsed.fault;
  const l = parsed.line;
  return [l.type, l.board, l.epoch, "" + l.boot, "" + l.seq, "" + l.uptimeMs, l.time, l.body, l.keyId, l.tag].join("|");
}

function lines(print: (text: string) => void, next: () => number, sha256: Sha256): void {
  const key = new Uint8Array(32);
  for (let i = 0; i < 32; i++) key[i] = next() & 255;
  const mac = (text: string): string => tagOf(sha256, key, text);
  for (let i = 0; i < 60; i++) {
    const body = packBody([
      { property: DISTANCE, ok: true, value: next() },
      { property: TEMPERATURE, ok: true, value: (next() - 32768) / 700 },
      i % 4 === 0 ? { property: NO2_WE, ok: false, fault: "bus" } : { property: NO2_WE, ok: true, value: next() / 300 },
    ]);
    const time = i % 3 === 0 ? "-" : (1790000000000 + next() * 1000).toFixed(0) + "/h" + next();
    const id = "0a1b2c3d." + (next() + 1) + "." + (next() + 1);
    const line = seal(unsealed("pack", "post-" + (i % 7), id, next() * 65536, time, body), "k1", mac);
    const serial = toSerial(line);
    print(serial.substr(0, serial.length - 1));
    print(say(serial.substr(0, serial.length - 1), true));
    print(say("noise" + line, true) + " " + say(line, false));
    const at = next() % line.length;
    const hurt = line.substr(0, at) + String.fromCharCode(next() & 127) + line.substr(at + 1);
    print(say(hurt, false) + " " + say(hurt + " " + crc16Hex(hurt), true) + " " + sameTag(mac(hurt), mac(line)));
  }
  ["-", "1790000000000/h0", "1790000000000/x0", "/h1", "1/h", "01/h1", "1/h01", "1h1", ""].forEach((text) => {
    const time = parseTime(text);
    print(text + " " + (time ? time.unixMs + " " + time.source + " " + time.ageS : "" + time));
  });
}

function hex(bytes: string): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += ("0" + bytes.charCodeAt(i).toString(16)).slice(-2);
  return text;
}

/** The binary form, with numbers of every length, and what is read of it again. An image leaves most codes out. */
function binaries(print: (text: string) => void, next: () => number, sha256: Sha256): void {
  const key = new Uint8Array(64);
  const property = { name: "x", unit: "mm", decimals: 4, code: 200, from: "node" as const };
  for (let i = 0; i < 60; i++) {
    const epoch = hex(String.fromCharCode(next() & 255, next() & 255, next() & 255, next() & 255));
    const by = { epoch: epoch, boot: i % 2 === 0 ? next() & 31 : next() * 65535, seq: next() >> (i % 12) };
    const value = ((next() * 65535 + next()) * (i % 3 === 0 ? -1 : 1)) / 10000;
    const parts = [
      binaryPart({ property: property, ok: true, value: value }),
      binaryPart({ property: property, ok: true, value: (next() - 32768) / 700 }),
      binaryPart({ property: property, ok: false, fault: i % 2 === 0 ? "bus" : "no-fix" }),
      binaryPart({ property: property, ok: true, value: 1e6 }),
    ];
    const pack = binaryPack(by, next() * 65535, parts);
    const gap = binaryGap(by, i, { dropped: [[epoch + "." + next(), next(), next() * 65535]] });
    const hello = { image: "underpass", version: "0.1.0", reset: i % 2 === 0 ? "power" : "cold", waiting: next() };
    print(hex(pack) + " " + JSON.stringify(readArray(pack)));
    const found = numbersOf(gap);
    if (found === undefined) print("no numbers");
    else print([hex(gap), found.by.epoch, found.by.boot, found.by.seq, JSON.stringify(found.dropped)].join(" "));
    print(epoch + " " + stampOf(epoch));
    print(hex(binaryHello(by, next() * 65535, hello)));
    print(hex(binaryReply(by, next(), '{"verb":"test","to":"0123abcd","heap":[1,' + next() + '],"flash":"ok"}')));
    print(JSON.stringify(readArray(pack.substr(0, next() % pack.length))));
    // A tag takes the interpreter long.
    if (i % 10 !== 0) continue;
    const word = { verb: "piece", to: epoch, at: next(), has: i % 20 === 0 ? epoch : undefined };
    print(hex(binaryWord(by, next() * 65535, word)));
    const mac = (text: string): string => tagOf(sha256, key, text);
    const order = "set," + next() + "," + epoch + ",a=,x";
    const tag = mac(orderText("post-1", epoch, by.boot, order));
    const words = [tag.substr(0, 8), tag.substr(8, 8)].concat(order.split(","));
    const down = writeArray([KIND_COMMAND, stampOf(epoch), by.boot as Item].concat(words.map(itemOf)));
    const items = readArray(down);
    print(items === null ? "no items" : hex(down) + " " + orderIn(items, "post-1", epoch, mac));
    print(items === null ? "no items" : "[" + orderIn(items, "post-2", epoch, mac) + "]");
    print(orderIn([KIND_PIECE, 1, by.boot, itemOf(epoch), next(), "a ~b\n,c"], "post-1", epoch, mac));
  }
}

/** Prints some 1,800 results; `print` takes one line. */
export function wireReport(print: (text: string) => void, sha256: Sha256): void {
  const next = numbers(4711);
  decimals(print, next);
  [0, 1, 9, 55, 56, 63, 64, 65, 300].forEach((length) => {
    const text = textOf(next, length);
    print("crc " + length + " " + crc16Hex(text));
    const key = new Uint8Array(16);
    key[3] = length & 255;
    print("tag " + length + " " + tagOf(sha256, key, text));
  });
  print("check " + crc16Hex("123456789"));
  lines(print, next, sha256);
  binaries(print, next, sha256);
}
