/** What carries the packs away: the line to the hub, a LoRaWAN module, a modem. Wi-Fi is on the board. */
import { partOf } from "../parts.js";
import type { Board } from "../boards.js";
import type { Build } from "../sites.js";
import type { Block, Small, Terminal } from "./circuit.js";
import { between, resistor } from "./circuit.js";
import { GND, type Rails } from "./supply-blocks.js";

function radio(name: string, part: string, title: string, terminals: Terminal[], lines: string[] = []): Block {
  return { name, title, lines, part, kind: "radio", terminals, open: [] };
}

function pinsOf(board: Board, port: string): { rx: string; tx: string } {
  const { rx, tx } = board.uarts[port].options;
  return { rx: String(rx), tx: String(tx) };
}

function line(board: Board, rails: Rails): Block[] {
  const { rx, tx } = pinsOf(board, board.serialUplink);
  return [
    radio(
      "rs485",
      "rs485",
      "RS-485 MAX3485",
      [
        { pin: "VCC", net: rails.low, needsV: [3, 3.6] },
        { pin: "GND", net: GND },
        { pin: "DI (in)", net: tx },
        { pin: "RO (out)", net: rx },
        { pin: "A", net: "A" },
        { pin: "B", net: "B" },
      ],
      ["120 Ω A–B"],
    ),
    radio("surge-line", "surge-line", "SPD RS-485", [
      { pin: "A", net: "A" },
      { pin: "B", net: "B" },
      { pin: "PE", net: "PE", note: "the shortest wire" },
      { pin: "A line", net: "A~" },
      { pin: "B line", net: "B~" },
    ]),
    {
      ...radio("cable-line", "cable-line", "→ HUB (RS-485)", [
        { pin: "A", net: "A~", note: "one pair for A and B" },
        { pin: "B", net: "B~" },
        {
          pin: "0 V",
          net: GND,
          inline: resistor("100 Ω"),
          note: "both wires of the other pair; the shield is cut back here",
        },
      ]),
      outside: true,
    },
  ];
}

function lora(board: Board, rails: Rails): Block[] {
  const { rx, tx } = pinsOf(board, board.radio);
  const module = radio(
    "rn2483",
    "rn2483",
    "RN2483 (LoRaWAN)",
    [
      { pin: "VDD", net: rails.low, needsV: [2.1, 3.6] },
      { pin: "GND", net: GND },
      { pin: "UART_TX", net: rx },
      { pin: "UART_RX", net: tx },
    ],
    [`u.FL → ${partOf("antenna-868").label.en}`],
  );
  return [{ ...module, open: ["RESET", "CTS", "RTS", "GPIO"] }];
}

/**
 * The power key is pulled to ground to act, and let go else (Quectel, BG96 Hardware Design V1.4, turning on by PWRKEY, by
 * an open collector): a pin alone would hold it down.
 */
function powerKey(pin: string): Block[] {
  const transistor = radio("npn", "npn", "BC547B (NPN)", [
    { pin: "B base", net: pin, inline: resistor("4.7 kΩ") },
    { pin: "C collector", net: "PWRKEY" },
    { pin: "E emitter", net: GND },
  ]);
  return [transistor, between("power key at rest", resistor("47 kΩ"), pin, GND)];
}

const RESERVOIR: Small = {
  mark: "470 µF",
  label: {
    en: "capacitor 470 µF, 6.3 V, tantalum (manganese dioxide), at most 100 mΩ, at the modem's VBAT",
    ru: "конденсатор 470 мкФ, 6,3 В, танталовый (диоксид марганца), не более 100 мОм, у VBAT модема",
    kk: "470 мкФ, 6,3 В танталды (марганец диоксиді) конденсаторы, ең көбі 100 мОм, модемнің VBAT жанында",
  },
};

function modem(board: Board, rails: Rails): Block[] {
  const { rx, tx } = pinsOf(board, board.radio);
  const key = board.switches["modem"];
  const start: Terminal[] = key === undefined ? [] : [{ pin: "PWRKEY", net: "PWRKEY" }];
  const module = radio(
    "bg96",
    "bg96",
    "BG96 (LTE-M)",
    [
      { pin: "VBAT", net: rails.low, needsV: [3.3, 4.3] },
      { pin: "GND", net: GND },
      { pin: "TXD", net: rx },
      { pin: "RXD", net: tx },
      ...start,
    ],
    ["I/O 3.3 V (carrier's shifters)", `u.FL → ${partOf("antenna-lte").label.en}`, "SIM"],
  );
  return [
    { ...module, open: ["RTS", "CTS", "STATUS", ...(key === undefined ? ["PWRKEY: carrier's auto-start"] : [])] },
    // The regulator answers a pulse late by some 50 µs: of 0.5 A that is 50 mV here. Quectel (BG96 Hardware Design V1.4,
    // power supply) asks for 100 µF of low resistance at VBAT. Not of polymer: that leaks ten times as much.
    {
      ...between("modem's reservoir", RESERVOIR, rails.low, GND),
      terminals: [
        { pin: "+", net: rails.low },
        { pin: "−", net: GND },
      ],
    },
    ...(key === undefined ? [] : powerKey(key.pin)),
  ];
}

/** The blocks of a build's uplink; none for Wi-Fi. */
export function radioBlocks(build: Build, board: Board, rails: Rails): Block[] {
  switch (build.uplink) {
    case "mqtt":
      return [];
    case "serial":
      return line(board, rails);
    case "lora":
      return lora(board, rails);
    case "modem":
      return modem(board, rails);
  }
}
