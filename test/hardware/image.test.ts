import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Boot } from "../../firmware/node/hal.js";
import type { Config } from "../../firmware/node/config.js";
import type { Gap, Hello } from "../../firmware/wire/pack.js";
import { createSelfTest } from "../../firmware/node/selftest.js";
import { SETTING_LIMITS } from "../../firmware/node/settings.js";
import { PROPERTIES } from "../../firmware/wire/properties.js";
import { buildScript, FIELDS } from "../../hardware/bundle.js";
import { BOARDS } from "../../hardware/boards.js";
import { ImageError } from "../../hardware/image-error.js";
import { buildImage } from "../../hardware/image.js";
import type { Image } from "../../hardware/image.js";
import { keep } from "../../hardware/kept.js";
import { checkPorts, checkSwitches } from "../../hardware/ports.js";
import { SITE_TYPES, siteType } from "../../hardware/sites.js";
import type { SiteType } from "../../hardware/sites.js";
import { subsetFaults } from "../../hardware/subset.js";
import { projectRoot } from "../../hub/root.js";
import { builtImage } from "../rig/built.js";
import { statedBytes } from "../rig/stated-bytes.js";
import { flashHal } from "../rig/vm-hal.js";
import { VmStorage } from "../rig/vm-storage.js";

/** A form that the interpreter lacks or gets wrong, and a word of the reason. */
const REFUSED: [code: string, reason: string][] = [
  ["const f = (a = 1) => a;", "default"],
  ["const f = (...a) => a;", "rest"],
  ["f(...a);", "spread"],
  ["const a = { ...b };", "spread"],
  ["const { a } = b;", "destructuring"],
  ["const [a] = b;", "destructuring"],
  ["a?.b();", "optional chaining"],
  ["class A {}", "classes"],
  ["const A = class {};", "classes"],
  ["async function f() {}", "async"],
  ["const f = async () => 1;", "async"],
  ["function* f() { yield 1; }", "generators"],
  ["a: for (;;) break a;", "labels"],
  ["t`x`;", "tagged"],
  ["const a = { [b]: 1 };", "computed"],
  ["a = b ** 2;", "Math.pow"],
  ["a ??= 2;", "??="],
  ["a = 1n;", "BigInt"],
  ["new Map();", "Map"],
  ["Symbol();", "Symbol"],
  ["Array.from(a);", "Array.from"],
  ["Math.trunc(a);", "Math.trunc"],
  ["Number.isInteger(a);", "Number.isInteger"],
  ["a.flatMap(f);", "flatMap"],
  ["a.at(0);", ".at()"],
  ["a.charAt(0);", "charAt"],
  ["a.toFixed(2);", "toFixed"],
  ["a.toFixed(n);", "toFixed"],
  ["a.length = 0;", "splice"],
  ["a = /(?=b)/;", "never matches"],
  ["a = /b{2}/;", "never matches"],
  ["a = /b+?/;", "never matches"],
  ["a = /b/m;", "flag"],
  ["encodeURIComponent(a);", "encodeURIComponent"],
  ["const f = () => arguments.length;", "arguments"],
  ["for (let i = 0; i < 3; i++) a.push(() => i);", "loop"],
  ["for (const i of a) a.push(function () { return i; });", "loop"],
  ["f(); function f() {}", "before its declaration"],
  ["a = b; var b = 1;", "before its declaration"],
  ["const f = (n) => { return (a = n, a); var a; };", "before its declaration"],
  ["(function () { g(); function g() {} })();", "before its declaration"],
];

const ACCEPTED = [
  "function f() { return g(); } function g() { return 1; } f();",
  "const f = (a) => a + 1, b = `x${f(1)}`; let c = { f };",
  "for (let i = 0; i < 3; i++) a.push(i); a.forEach((x) => b.push(() => x));",
  "a = b.toFixed(0); c = /^R\\d+$/g.test(d); e = Math.round(2.5);",
  "const later = () => x; const x = 1;",
  "try { f(); } catch (e) { g(e); } finally { h(); }",
  "let t = 1; { const t = 2; f(t); }",
];

function site(over: Partial<SiteType>): SiteType {
  const base = siteType("underpass");
  assert.ok(base);
  return { ...base, ...over };
}

describe("the subset of the interpreter", () => {
  for (const [code, reason] of REFUSED)
    it(`refuses ${code}`, async () => {
      const faults = await subsetFaults(code);
      assert.ok(
        faults.some((f) => f.reason.includes(reason)),
        JSON.stringify(faults),
      );
    });

  for (const code of ACCEPTED)
    it(`accepts ${code}`, async () => {
      assert.deepEqual(await subsetFaults(code), []);
    });

  it("names file and line of what a bundle was refused for", async () => {
    const entry = "const a: { b: number } = { b: 1 };\n\nconst f = () => Math.trunc(a.b);\nf();";
    await assert.rejects(buildScript("probe", entry, projectRoot(), true), (error: ImageError) => {
      assert.equal(error.code, "NOT_ESPRUINO");
      assert.match(error.message, /probe\.entry\.ts:3: Math\.trunc does not exist/);
      return true;
    });
  });

  it("names file and line of what cannot even be bundled", async () => {
    const entry = "const f = ({ a }: { a: number }) => a;\nf({ a: 1 });";
    await assert.rejects(buildScript("probe", entry, projectRoot(), true), (error: ImageError) => {
      assert.equal(error.code, "NOT_ESPRUINO");
      assert.match(error.message, /probe\.entry\.ts:1/);
      return true;
    });
  });
});

describe("an image", () => {
  const images = new Map<string, Image>();
  before(async function () {
    this.timeout(180_000);
    for (const { name } of SITE_TYPES) images.set(name, await builtImage(name));
  });

  for (const { name } of SITE_TYPES)
    it(`of ${name} is ASCII without a word of the hub's, and leaves its board's flash to the readings`, () => {
      const image = images.get(name);
      assert.ok(image);
      assert.match(image.code, /^[\n\x20-\x7e]*$/);
      assert.doesNotMatch(image.code, /"(node|hub)"/);
      const outbox = image.board.outboxSlots * (4096 + 32);
      assert.ok(image.bytes + outbox < image.board.storageBytes * 0.7, `${image.bytes} + ${outbox}`);
    });

  it("of each build has its line in firmware/README.md, and is as large as it says", () => {
    const stated = statedBytes();
    const builds = SITE_TYPES.flatMap(({ name, builds }) => builds.map(({ uplink }) => `${name}, ${uplink}`));
    assert.deepEqual([...stated.keys()].sort(), builds.sort());
    // Those that are built here anyway; test/espruino/images.spec.ts builds them all.
    for (const { siteType, build, bytes } of images.values())
      assert.equal(stated.get(`${siteType}, ${build.uplink}`), bytes, `${siteType}, ${build.uplink}`);
  });

  it("is the same text every time, kept or made anew", async function () {
    this.timeout(60_000);
    assert.equal((await buildImage("underpass")).code, images.get("underpass")?.code);
  });

  it("shortens no name that the set-up, a line, a property or the interpreter knows", () => {
    // `other` never stands in the file.
    const config: Required<Config> & { uplink: Required<Omit<Config["uplink"], "other">> } = {
      board: "",
      keyId: "",
      key: "",
      uplink: {
        ...{ host: "", port: 0, username: "", password: "", ssid: "", wifiPassword: "", baud: 0 },
        ...{ ntp: "", joinEui: "", appKey: "", devEui: "", band: "", dutyPercent: 0, apn: "" },
      },
      periodS: 0,
      pacePercent: 0,
      ports: {},
    };
    const numbers = { set: 0, period: 0, slot: 0, wear: 0, waiting: 0, signalDbm: 0 };
    const texts = { image: "", version: "", reset: "", refused: "", runs: "", back: "", has: "", fence: "" };
    const hello: Required<Hello> = { ...numbers, ...texts };
    const boot: Boot = { slot: 0, trial: false, ok: true };
    const checkup = {
      hal: { store: flashHal(new VmStorage(65536)).store, uptimeMs: () => 0, heap: () => [0, 0] },
      ...{ waiting: () => 0, signal: () => ({ signalDbm: null, snrDb: null }) },
    };
    const reply = JSON.parse(createSelfTest(checkup, "").report()) as object;
    const gap: Gap = { dropped: [] };
    // What these declare of the interpreter stands before their first exported name.
    const globals = ["board", "pin-board", "flash-board", "udp-board", "wifi-board"].flatMap((name) => {
      const text = readFileSync(join(projectRoot(), `firmware/node/${name}.ts`), "utf8");
      return text.slice(0, text.search(/^export /m)).match(/\b\w+(?=[(:?])/g) ?? [];
    });
    const known = [config, config.uplink, hello, gap, boot, reply, SETTING_LIMITS].flatMap((o) => Object.keys(o));
    const pins = BOARDS.flatMap((b) => [...Object.values(b.uarts), ...Object.values(b.i2cs)]);
    known.push(...globals, ...pins.flatMap((p) => Object.keys(p.options)), ...PROPERTIES.map((p) => p.name));
    assert.ok(known.includes("hwRand") && known.includes("writeTo") && known.includes("distance"));
    assert.deepEqual(
      FIELDS.filter((name) => known.includes(name)),
      [],
    );
  });

  it("of an unknown site type is refused", async () => {
    await assert.rejects(buildImage("submarine"), { code: "NO_SITE_TYPE" });
  });
});

describe("a script that is kept", () => {
  const ENTRY = "const one = (a: number) => print(a + 1); one(3);";
  let dir: string;
  let file: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "aryk-kept-"));
    file = join(dir, "kept", "probe.js");
  });
  afterEach(() => rmSync(dir, { recursive: true }));
  const build = (entry: string, small = true) => buildScript("probe", entry, projectRoot(), small, file);

  it("is taken as it stands for what it was made of, and for nothing else", async () => {
    await build(ENTRY);
    const mark = readFileSync(file, "latin1").split(" ")[0];
    keep(file, mark, "print(7);");
    assert.equal(await build(ENTRY), "print(7);");
    assert.match(await build(ENTRY, false), /\+ 1/);
    assert.match(await build(ENTRY.replace("3", "5")), /6/);
    assert.match(await build(ENTRY), /4/);
    keep(file, "f".repeat(64), "print(7);");
    assert.match(await build(ENTRY), /4/);
    assert.deepEqual(readdirSync(join(dir, "kept")), ["probe.js"]);
  });

  it("is made anew when its file is damaged", async () => {
    const made = await build(ENTRY);
    const bytes = readFileSync(file);
    for (const damaged of [
      Buffer.alloc(0),
      bytes.subarray(0, 40),
      bytes.subarray(0, -3),
      Buffer.concat([bytes, Buffer.from(";")]),
    ]) {
      writeFileSync(file, damaged);
      assert.equal(await build(ENTRY), made);
      assert.deepEqual(readFileSync(file), bytes);
    }
  });

  it("is none that the interpreter would not run", async () => {
    await assert.rejects(build("print(Math.trunc(1.5));"), { code: "NOT_ESPRUINO" });
    assert.equal(existsSync(file), false);
  });
});

describe("ports", () => {
  const mb7389 = { sensor: "mb7389", port: "uart1" } as const;

  it("of every site type are free and there", () => {
    for (const type of SITE_TYPES) for (const build of type.builds) assert.ok(BOARDS.includes(checkPorts(type, build)));
  });

  it("refuses two sensors on one UART", () => {
    const type = site({ sensors: [mb7389, { sensor: "pms5003", port: "uart1" }] });
    assert.throws(() => checkPorts(type), {
      code: "PORT_TAKEN",
      message: /pms5003 and mb7389 both need uart1 of esp32/,
    });
  });

  it("refuses a sensor on the UART of the serial uplink", () => {
    const type = site({ sensors: [{ sensor: "mb7389", port: "uart2" }] });
    assert.throws(() => checkPorts(type), { code: "PORT_TAKEN" });
  });

  it("lets sensors share an I2C bus", () => {
    const type = site({
      sensors: [
        { sensor: "sht31", port: "i2c1" },
        { sensor: "no2-b43f", port: "i2c1" },
      ],
    });
    assert.equal(checkPorts(type).name, "esp32");
  });

  it("refuses what needs the same address of a bus, however it came to it", () => {
    const refused = (sensors: SiteType["sensors"]) => () => checkPorts(site({ sensors }));
    const on = (sensor: string, options?: { [name: string]: number }, suffix?: string) => ({
      ...{ sensor, port: "i2c1" },
      ...(options === undefined ? {} : { options }),
      ...(suffix === undefined ? {} : { suffix }),
    });
    const taken = (message: RegExp) => ({ code: "PORT_TAKEN", message });
    assert.throws(refused([on("sht31"), on("sht31", { address: 68 })]), taken(/address 0x44/));
    assert.throws(refused([on("sht31"), on("bme280", { address: 0x44 })]), taken(/bme280 and sht31 .* 0x44/));
    assert.throws(refused([on("sps30"), on("tilt", { address: 0x69 })]), taken(/tilt and sps30/));
    assert.throws(refused([on("no2-b43f"), on("tilt", { address: 0x48 })]), taken(/tilt and no2-b43f/));
    assert.throws(refused([on("tilt", { address: 0x48 }), on("no2-b43f")]), taken(/no2-b43f and tilt/));
    assert.doesNotThrow(refused([on("sht31"), on("sht31", { address: 69 }, "-out")]));
  });

  it("lets two parts share a converter by different inputs, and refuses the same input", () => {
    const refused = (sensors: SiteType["sensors"]) => () => checkPorts(site({ sensors }));
    const on = (sensor: string, options: { [name: string]: number } = {}) => ({ sensor, port: "i2c1", options });
    assert.doesNotThrow(refused([on("no2-b43f"), on("ox-b431")]));
    assert.doesNotThrow(refused([on("pressure"), on("no2-b43f", { address: 0x49, we: 2, ae: 3 })]));
    const same = { code: "PORT_TAKEN", message: /ox-b431 and no2-b43f both need i2c1, address 0x48, input 1/ };
    assert.throws(refused([on("no2-b43f"), on("ox-b431", { we: 3, ae: 1 })]), same);
    const zero = { code: "PORT_TAKEN", message: /0x49, input 0/ };
    assert.throws(refused([on("pressure"), on("no2-b43f", { address: 0x49 })]), zero);
  });

  it("refuses a property that two sensors measure, unless a suffix tells them apart", () => {
    const sht31 = { sensor: "sht31", port: "i2c1" };
    const bme280 = { sensor: "bme280", port: "i2c1" };
    assert.throws(() => checkPorts(site({ sensors: [sht31, bme280] })), {
      code: "PROPERTY_TWICE",
      message: /bme280 and sht31 both measure temperature/,
    });
    assert.doesNotThrow(() => checkPorts(site({ sensors: [sht31, { ...bme280, suffix: "-out" }] })));
  });

  it("refuses sensors that draw more together than their switch bears", async () => {
    const board = BOARDS.find(({ name }) => name === "esp32");
    assert.ok(board);
    const behind = (...names: string[]): SiteType =>
      site({ sensors: names.map((sensor) => ({ sensor, port: "uart1", power: "parts" })) });
    for (const type of SITE_TYPES) for (const build of type.builds) await checkSwitches(type, checkPorts(type, build));
    // 220 mA at the start each.
    await checkSwitches(behind("sds011", "sds011"), board);
    await assert.rejects(checkSwitches(behind("sds011", "sds011", "sds011"), board), {
      code: "SWITCH_TOO_WEAK",
      message: /draw 660 mA, the switch "parts" of esp32 bears 500/,
    });
    // A loop of 22 mA at 12 V is 100 mA at 3.3 V, before what the converter takes for itself.
    await assert.rejects(checkSwitches(behind("sds011", "sds011", "pressure"), board), { code: "SWITCH_TOO_WEAK" });
  });

  it("refuses a sensor on a port of another kind, an address twice, an option and a switch that are not there", () => {
    const refused = (sensors: SiteType["sensors"]) => () => checkPorts(site({ sensors }));
    assert.throws(refused([{ sensor: "mb7389", port: "i2c1" }]), { code: "WRONG_PORT" });
    const sht31 = { sensor: "sht31", port: "i2c1" };
    assert.throws(refused([sht31, sht31]), { code: "PORT_TAKEN" });
    assert.throws(refused([{ ...sht31, options: { adress: 69 } }]), { code: "NO_OPTION" });
    assert.throws(refused([{ ...sht31, power: "sun" }]), { code: "NO_SWITCH" });
    assert.doesNotThrow(refused([{ ...sht31, power: "parts" }]));
  });

  it("refuses a port, a sensor and a board that do not exist", () => {
    assert.throws(() => checkPorts(site({ sensors: [{ sensor: "mb7389", port: "uart9" }] })), { code: "NO_PORT" });
    assert.throws(() => checkPorts(site({ sensors: [{ sensor: "sonar", port: "uart1" }] })), {
      code: "NO_SENSOR",
    });
    const build = { board: "abacus", uplink: "serial", supply: "mains" } as const;
    assert.throws(() => checkPorts(site({ builds: [build] })), { code: "NO_BOARD" });
  });
});
