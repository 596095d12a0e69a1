import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { SENSORS } from "../../firmware/sensors/list.js";
import { validateParams } from "../../hub/calibration/index.js";
import { projectRoot } from "../../hub/root.js";
import { stalePictures } from "../../hardware/enclosure/render.js";
import { factsOf } from "../../hardware/facts.js";
import { mountOf } from "../../hardware/mounts/index.js";
import { partOf } from "../../hardware/parts.js";
import type { Circuit } from "../../hardware/sheets/circuit.js";
import { netsOf, smallsOf } from "../../hardware/sheets/circuit.js";
import { commandsOf, recordsOf } from "../../hardware/sheets/commission.js";
import { differing } from "../../hardware/sheets/files.js";
import { hubEndName, hubEndOf, hubEndPicture } from "../../hardware/sheets/hub-end.js";
import { postsOf, type Post } from "../../hardware/sheets/of-build.js";
import { costOf, partsList, totalOf } from "../../hardware/sheets/parts-list.js";
import { PAGE_MM, pictureOf } from "../../hardware/sheets/picture.js";
import { drawnSensor, sensorPictures } from "../../hardware/sheets/sensor-picture.js";
import { faultsOf } from "../../hardware/sheets/rules.js";
import { sheetOf } from "../../hardware/sheets/sheet.js";
import { SMALLEST_MM, WIDTH_MM, widthOf } from "../../hardware/sheets/svg.js";
import { SITE_TYPES } from "../../hardware/sites.js";

const posts: Post[] = [];
const mount = ({ type }: Post) => {
  const found = mountOf(type.name);
  assert.ok(found, type.name);
  return found;
};

/** A copy that a test may spoil. */
const copy = (circuit: Circuit): Circuit => structuredClone(circuit);
const terminal = (circuit: Circuit, block: string, pin: string) => {
  const found = circuit.blocks.find(({ name }) => name === block)?.terminals.find((t) => t.pin.startsWith(pin));
  assert.ok(found, `${block} ${pin}`);
  return found;
};

describe("sheets for the field", () => {
  before(async () => {
    for (const type of SITE_TYPES) posts.push(...(await postsOf(type)));
  });

  it("are what the data say: npm run sheets changes nothing", async () => {
    assert.deepEqual(await differing(projectRoot()), []);
  });

  it("have pictures of the printed parts made from their present text", () => {
    assert.deepEqual(stalePictures(), []);
  });

  it("join every pin that a sensor's facts join, to something that fits", () => {
    for (const post of posts) {
      assert.deepEqual(faultsOf(post.circuit), [], post.name);
      for (const { on, facts } of post.fitted) {
        const wired = post.circuit.blocks.filter(({ part }) => part === on.sensor || part === "ADS1115");
        if (on.sensor === "battery") continue;
        const count = wired.reduce((sum, { terminals }) => sum + terminals.length, 0);
        assert.ok(count >= facts.pins.filter(({ to }) => to !== "open").length, `${post.name}: ${on.sensor}`);
      }
    }
  });

  it("see an end that leads nowhere, a wrong supply, two sources, a missing ground", () => {
    const post = posts.find(({ name }) => name === "underpass-esp32-serial");
    assert.ok(post);
    const alone = copy(post.circuit);
    terminal(alone, "mb7389", "5").net = "D99";
    assert.ok(
      faultsOf(alone).some((fault) => fault.includes("alone on D99")),
      faultsOf(alone).join(),
    );
    const high = copy(post.circuit);
    terminal(high, "rs485", "VCC").net = "5V";
    assert.deepEqual(faultsOf(high), ["rs485 VCC bears 3–3.6 V, 5V has 5 V"]);
    const unfed = copy(post.circuit);
    delete terminal(unfed, "mains-5v", "+V").givesV;
    assert.ok(faultsOf(unfed).includes("esp32 5V hangs on 5V, which nothing feeds"));
    const twice = copy(post.circuit);
    terminal(twice, "mb7389", "6").givesV = 5;
    assert.ok(faultsOf(twice).some((fault) => fault.startsWith("5V is fed by")));
    const floating = copy(post.circuit);
    terminal(floating, "mb7389", "7").net = "PE";
    assert.ok(faultsOf(floating).includes("mb7389 has no ground"));
  });

  it("put a divider before an input that bears less than the sensor gives, and none where both have one supply", () => {
    for (const post of posts) {
      const level = post.circuit.blocks.find(({ name }) => name === "mb7389");
      const out = level?.terminals.find(({ pin }) => pin.startsWith("5"));
      if (out === undefined) continue;
      assert.equal(out.inline?.mark, post.build.board === "esp32" ? "10 kΩ" : undefined, post.name);
      const lower = post.circuit.blocks.some(({ smalls = [] }) => smalls.some(({ mark }) => mark === "20 kΩ"));
      assert.equal(lower, post.build.board === "esp32", post.name);
    }
  });

  it("never feed a cell that cannot be charged into a board's charger", () => {
    for (const { circuit, build, name } of posts) {
      if (build.board !== "xiao-ble") continue;
      const bat = circuit.blocks.find((block) => block.kind === "board")?.terminals.find(({ pin }) => pin === "BAT +");
      if (bat !== undefined) assert.equal(bat.inline?.mark, "10 kΩ", name);
    }
  });

  it("draw a converter that two cells share once, with the inputs of both", async () => {
    const type = SITE_TYPES.find(({ name }) => name === "low-emission-post");
    assert.ok(type);
    const sensors = type.sensors.map(({ sensor, port }) => ({ sensor, port }));
    const [post] = await postsOf({ ...type, sensors });
    assert.ok(post);
    const converters = post.circuit.blocks.filter(({ part }) => part === "ADS1115");
    assert.deepEqual(
      converters.map(({ terminals }) => terminals.map(({ pin }) => pin).filter((pin) => /^A\d$/.test(pin))),
      [["A0", "A1", "A2", "A3"]],
    );
    assert.deepEqual(faultsOf(post.circuit), []);
    assert.equal(partsList(post, mount(post)).find(({ part }) => part === "ADS1115")?.count, 1);
  });

  it("put a reservoir beside a modem, on its own rail, and behind a regulator that bears it", () => {
    const modems = posts.filter(({ build }) => build.uplink === "modem");
    assert.ok(modems.length > 0);
    for (const { circuit, name } of modems) {
      const rail = circuit.blocks.find(({ part }) => part === "bg96")?.terminals.find(({ pin }) => pin === "VBAT")?.net;
      const across = circuit.blocks.find(({ smalls = [] }) => smalls.some(({ mark }) => mark === "470 µF"));
      assert.deepEqual(
        across?.terminals.map(({ net }) => net),
        [rail, "GND"],
        name,
      );
      const feeder = circuit.blocks.find(({ terminals }) => terminals.some((t) => t.net === rail && t.givesV === 3.5));
      assert.equal(feeder?.part, "regulator-modem", name);
    }
  });

  it("draw every heater behind its thermostat: from the breaker's side, with earth, or on 24 V in a head", () => {
    for (const post of posts) {
      const { blocks } = post.circuit;
      const ends = (name: string): string[] =>
        blocks.find((block) => block.name === name)?.terminals.map(({ net }) => net) ?? [];
      const count = (part: string): number =>
        partsList(post, mount(post)).find((line) => line.part === part)?.count ?? 0;
      const label = partOf("thermostat").label.en;
      const drawn = (part: string): number =>
        blocks.filter((block) => block.part === part).length +
        (part === "thermostat" ? smallsOf(post.circuit).filter((small) => small.label.en === label).length : 0);
      for (const part of ["heater", "heater-head", "thermostat", "mains-24v"])
        assert.equal(drawn(part), count(part), `${post.name}: ${part}`);
      if (drawn("heater") > 0) {
        assert.deepEqual(ends("thermostat"), ["L", "L heat"]);
        assert.deepEqual(ends("heater"), ["L heat", "N", "PE"]);
      }
    }
    assert.equal(posts.filter(({ circuit }) => circuit.blocks.some(({ part }) => part === "heater")).length, 2);
  });

  it("put each sensor of a head into one head, with its heater, a cable for it and a gland", () => {
    for (const post of posts) {
      const { heads = [] } = mount(post);
      if (heads.length === 0) continue;
      const held = heads.flatMap(({ holds }) => holds);
      assert.equal(new Set(held).size, held.length);
      for (const name of held) {
        const block = post.circuit.blocks.find((one) => one.name === name);
        assert.equal(block?.outside, true, `${post.name}: ${name}`);
      }
      const inHead = (net: string): boolean => post.circuit.blocks.some((b) => b.name === net);
      for (const { name } of heads) assert.ok(inHead(`heater-${name}`), name);
      const lines = partsList(post, mount(post));
      const count = (part: string): number => lines.find((line) => line.part === part)?.count ?? 0;
      for (const part of ["box-head", "cable-head", "heater-head"]) assert.equal(count(part), heads.length, part);
      // Mains, and a cable to each head, whose own gland comes with its box.
      assert.equal(count("gland-m16"), 1 + heads.length);
      // The converters stay in the box: I²C does not leave it but for the probe's own cable.
      for (const block of post.circuit.blocks.filter(({ part }) => part === "ADS1115"))
        assert.notEqual(block.outside, true);
      for (const language of ["en", "ru", "kk"] as const) {
        const text = JSON.stringify(sheetOf([post], mount(post), language));
        for (const { at, label } of heads) assert.ok(text.includes(at[language]) && text.includes(label[language]));
      }
    }
    assert.ok(posts.some((post) => mount(post).heads !== undefined));
  });

  it("list every block of the picture in the parts list, and count small parts as often as they are drawn", () => {
    for (const post of posts) {
      const lines = partsList(post, mount(post));
      for (const { part, name } of post.circuit.blocks)
        if (part !== null)
          assert.ok(
            lines.some((line) => line.part === part),
            `${post.name}: ${name}`,
          );
      assert.equal(new Set(lines.map(({ part }) => part)).size, lines.length, post.name);
      const resistors = lines
        .filter(({ label }) => label.en.startsWith("resistor"))
        .reduce((sum, { count }) => sum + count, 0);
      const drawn = post.circuit.blocks
        .flatMap(({ smalls = [], terminals }) => [...smalls, ...terminals.map(({ inline }) => inline)])
        .filter((small) => small?.label.en.startsWith("resistor"));
      assert.equal(resistors, drawn.length, post.name);
      const { usd } = totalOf(lines);
      assert.equal(
        usd[0],
        lines.reduce((sum, line) => sum + costOf(line)[0], 0),
      );
      assert.ok(usd[0] > 60 && usd[1] < 3000, `${post.name}: ${usd.join()}`);
    }
  });

  it("order a gland that holds each cable, and a cable only for what has none of its own", () => {
    const post = posts.find(({ name }) => name === "underpass-barrier-esp32-serial");
    assert.ok(post);
    const lines = partsList(post, mount(post));
    const counted = ["gland-m12", "gland-m16", "cable-sensor", "cable-float"].map(
      (part) => lines.find((line) => line.part === part)?.count,
    );
    // Echo, float, air probe; mains, data line, pressure probe; the echo's cable, and the float's.
    assert.deepEqual(counted, [3, 3, 1, 1]);
  });

  it("draw what fits on a page: no wider than 180 mm, no letter below 2.3 mm, nothing beyond the edge", () => {
    for (const post of posts) {
      const picture = pictureOf(post, mount(post), partsList(post, mount(post)));
      const [, width, height] = /width="(\d+)mm" height="([\d.]+)mm"/.exec(picture) ?? [];
      assert.equal(Number(width), WIDTH_MM);
      assert.ok(Number(height) <= PAGE_MM, `${post.name} is ${height} mm high`);
      for (const [, size] of picture.matchAll(/font-size="([\d.]+)"/g))
        assert.ok(Number(size) >= SMALLEST_MM, post.name);
      for (const [, x, size, text] of picture.matchAll(
        /<text x="(-?[\d.]+)" y="[\d.]+" font-size="([\d.]+)">([^<]*)</g,
      ))
        assert.ok(Number(x) >= 0 && Number(x) + widthOf(text, { size: Number(size) }) <= WIDTH_MM, text);
      for (const net of netsOf(post.circuit).keys()) assert.ok(picture.includes(`>${net.replace("&", "&amp;")}<`), net);
    }
  });

  it("draw every sensor by each of its ports, soundly, and show it in its README", async () => {
    const pictures = await sensorPictures();
    const drawn = pictures.map(({ sensor, kind }) => `${sensor} ${kind}`);
    assert.deepEqual(
      drawn,
      SENSORS.flatMap(({ name, ports }) => ports.map((kind) => `${name} ${kind}`)),
    );
    for (const { sensor, kind, circuit, file } of pictures) {
      assert.deepEqual(faultsOf(circuit), [], file);
      const { pins, ofBoard } = await factsOf(sensor);
      const own = circuit.blocks.filter(({ part, name }) => part === sensor || name.startsWith("ads1115"));
      const joined = own.flatMap(({ terminals }) => terminals).length;
      const wanted = pins.filter(({ to }) => to !== "open").length;
      assert.ok(ofBoard === true || joined >= wanted, `${file}: ${joined} of ${wanted} pins`);
      const readme = readFileSync(join(projectRoot(), dirname(file), "README.md"), "utf8");
      assert.ok(readme.includes(`](wiring-${kind}.svg)`), `${sensor}/README.md does not show wiring-${kind}.svg`);
    }
  });

  it("draw every sensor legibly: no wider than 180 mm, no letter below 2.3 mm, each net by its name", async () => {
    for (const one of await sensorPictures()) {
      const picture = await drawnSensor(one);
      const [, width, height] = /width="(\d+)mm" height="([\d.]+)mm"/.exec(picture) ?? [];
      assert.ok(Number(width) === WIDTH_MM && Number(height) <= PAGE_MM / 2, `${one.file}: ${height} mm`);
      for (const [, size] of picture.matchAll(/font-size="([\d.]+)"/g))
        assert.ok(Number(size) >= SMALLEST_MM, one.file);
      for (const net of netsOf(one.circuit).keys()) assert.ok(picture.includes(`>${net}<`), `${one.file}: ${net}`);
      const { board } = one;
      assert.ok(picture.includes(`>${board.name}<`), one.file);
    }
  });

  it("put beside a sensor what its wire needs: a receiver, a divider, the resistors of a supervised contact", async () => {
    const pictures = await sensorPictures();
    const marks = (name: string, kind: string): string[] => {
      const blocks = pictures.find((one) => one.sensor === name && one.kind === kind)?.circuit.blocks ?? [];
      const smalls = blocks.flatMap(({ smalls = [], terminals }) => [...smalls, ...terminals.map((t) => t.inline)]);
      const modules = blocks
        .filter((block) => block.kind === "sensor" && block.part !== name)
        .map(({ title }) => title);
      return [...smalls.flatMap((small) => small?.mark ?? []), ...modules].sort();
    };
    assert.deepEqual(marks("mb7389", "uart"), ["10 kΩ", "20 kΩ"]);
    assert.deepEqual(marks("mb7369", "uart"), ["MAX3232"]);
    assert.deepEqual(marks("float", "digital"), []);
    assert.deepEqual(marks("float", "analog"), ["10 kΩ", "2.2 kΩ", "2.2 kΩ"]);
    assert.deepEqual(marks("supply", "analog"), ["100 kΩ", "100 nF", "22 kΩ", "3.3 V Zener"]);
    assert.deepEqual(marks("no2-b43f", "i2c"), ["2.2 kΩ", "2.2 kΩ", "4.7 kΩ", "4.7 kΩ", "ADS1115 (0x48)"]);
    assert.deepEqual(marks("hx711", "clocked"), ["4 × 350 Ω"]);
  });

  it("hang a board at its site only after the bench, which refuses it there, and after the records of that site", () => {
    for (const post of posts) {
      const lines = commandsOf(post);
      const last = (command: string): number => lines.findLastIndex((line) => line.startsWith(`npx aryk ${command} `));
      const order = ["site add", "board add", "bench", "calibration add", "board assign"].map(last);
      assert.ok(!order.includes(-1), `${post.name}: ${order.join()}`);
      assert.deepEqual(
        [...order].sort((a, b) => a - b),
        order,
        post.name,
      );
      assert.equal(order.at(-1), lines.length - 1, post.name);
      assert.ok(lines.filter((line) => line.includes("--site")).length === 0, post.name);
    }
  });

  it("name what is off for the bench test, and have it back on before the lacquer and the desiccant", () => {
    const stepsOf = (type: string, language: "en" | "ru" | "kk" = "en"): string[] => {
      const own = posts.filter((post) => post.type.name === type);
      return sheetOf(own, mount(own[0]), language).flatMap((piece) =>
        piece.kind === "steps" ? piece.items.map(({ text }) => text) : [],
      );
    };
    for (const { name } of SITE_TYPES) {
      const steps = stepsOf(name);
      const at = (text: string): number[] => steps.flatMap((one, i) => (one.includes(text) ? [i] : []));
      const order = ["take off", "npx aryk bench", "rig's wires out", "Put back on", "desiccant", "close the lid"];
      const places = order.flatMap(at);
      assert.deepEqual(
        [...places].sort((a, b) => a - b),
        places,
        name,
      );
      for (const text of order) assert.ok(text === "Put back on" || at(text).length > 0, `${name}: ${text}`);
    }
    const back = (type: string, language?: "ru" | "kk"): string[] =>
      stepsOf(type, language).filter((text) => /Put back on|Верните снятое|шешілгенді қайта/.test(text));
    const [head] = back("underpass-barrier")[0].split(":");
    assert.deepEqual(back("underpass-barrier"), [`${head}: the supercapacitors; the float; loop − and the 150 Ω.`]);
    assert.deepEqual(back("underpass-battery"), [`${head}: the float; the 10 kΩ from the cells.`]);
    // Each of its builds has something else to put back; of the next one's, the usual has nothing.
    assert.deepEqual(back("reservoir"), [
      `[mains] ${head}: the supercapacitors.`,
      `[solar] ${head}: the 10 kΩ from the cells.`,
    ]);
    assert.match(back("underpass-barrier", "ru")[0], /: ионисторы; поплавок; «петля −» и 150 Ом\.$/);
    assert.match(back("underpass-barrier", "kk")[0], /: ионисторлар; қалтқы; «ілмек −» мен 150 Ом\.$/);
  });

  it("check the supercapacitors wherever there are some, and nowhere else", () => {
    for (const { name } of SITE_TYPES) {
      const own = posts.filter(({ type }) => type.name === name);
      const checks = JSON.stringify(sheetOf(own, mount(own[0]), "en")).match(/with the [^|"]*supercapacitors are in/g);
      const bridged = own.filter(({ circuit }) => circuit.blocks.some(({ part }) => part === "bridge-cell"));
      assert.equal(checks?.length ?? 0, new Set(bridged.map(({ build }) => build.supply)).size, name);
    }
  });

  it("draw both ends of a data line: what leaves the post arrives at the hub, on nets of the same names", () => {
    const wired = posts.filter(({ build }) => build.uplink === "serial");
    assert.ok(wired.length >= 3);
    for (const post of posts) {
      const end = hubEndOf(post);
      assert.equal(end !== null, wired.includes(post), post.name);
      if (end === null) continue;
      assert.deepEqual(faultsOf(end), [], hubEndName(post));
      const lines = partsList(post, mount(post));
      for (const { part, name } of end.blocks)
        if (part !== null)
          assert.ok(
            lines.some((line) => line.part === part),
            `${post.name}: ${name}`,
          );
      const pinsOf = (circuit: Circuit): string[] =>
        circuit.blocks.find(({ name }) => name === "cable-line")?.terminals.map(({ pin, net }) => `${pin} ${net}`) ??
        [];
      for (const pair of ["A A~", "B B~"]) for (const one of [end, post.circuit]) assert.ok(pinsOf(one).includes(pair));
      const protections = lines.find(({ part }) => part === "surge-line");
      assert.ok((protections?.count ?? 0) >= 2, post.name);
      for (const net of netsOf(end).keys())
        assert.ok(hubEndPicture(end, post, mount(post), lines).includes(`>${net}<`), net);
    }
  });

  it("speak on the sheet of a wired post on mains of no cells, no antenna, no LoRa, and of the mains nowhere else", () => {
    const textOf = (type: string): string => {
      const own = posts.filter((post) => post.type.name === type);
      const pieces = sheetOf(own, mount(own[0]), "en");
      const parts = pieces.findIndex((piece) => piece.kind === "heading" && piece.text.startsWith("Build"));
      return JSON.stringify(pieces.slice(0, parts));
    };
    for (const word of [/antenna cable/, /\bcells\b/, /µA/, /LoRa/, /USB-UART/, /Web IDE/])
      assert.doesNotMatch(textOf("underpass-barrier"), word);
    for (const word of [/electrician/, /earth tester/, /laboratory supply/, /esptool/])
      assert.doesNotMatch(textOf("underpass-battery"), word);
    for (const word of [/electrician/, /laboratory supply/, /torque key/, /lock/])
      assert.match(textOf("underpass"), word);
  });

  it("give commands that the hub takes", () => {
    for (const post of posts)
      for (const { property, model, params } of recordsOf(post)) validateParams(model, params, property);
  });
});
