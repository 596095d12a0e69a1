/** What a technician takes along, by what the post is built of: nobody carries a µA meter to a post on mains. */
import { text } from "../mounts/common.js";
import type { Text } from "../text.js";
import type { Post } from "./of-build.js";

interface Tool {
  text: Text;
  /** For which posts; absent: for all. `parts` are the lines of their parts lists. */
  when?: (post: Post, parts: string[]) => boolean;
}

const withPart =
  (part: string) =>
  (_: Post, parts: string[]): boolean =>
    parts.includes(part);
const onMains = ({ build }: Post): boolean => build.supply === "mains";
const onCells = ({ build }: Post): boolean => build.supply === "battery" || build.supply === "solar";
const looksDown = ({ type }: Post): boolean => type.derived.some((name) => /^(water|fill)/.test(name));

const TOOLS: Tool[] = [
  {
    text: text(
      "laptop with Node, a built checkout of Aryk and a shell at the hub (ssh, as the account that its data belong to); a login at the hub's page as technician (npx aryk person add <name> technician), phone with that page; USB cable",
      "ноутбук с Node, собранной копией Aryk и оболочкой на сервере (ssh, под учётной записью, которой принадлежат его данные); вход на страницу сервера как technician (npx aryk person add <имя> technician), телефон с этой страницей; кабель USB",
      "Node, құрастырылған Aryk көшірмесі және сервер қабықшасы (ssh, деректердің иесі болып табылатын есептік жазбамен) бар ноутбук; сервер бетіне technician ретінде кіру (npx aryk person add <аты> technician), сол беті ашық телефон; USB кабелі",
    ),
  },
  {
    text: text(
      "esptool, a console program (picocom, PuTTY: 115200 baud)",
      "esptool, программа консоли (picocom, PuTTY: 115200 бод)",
      "esptool, консоль бағдарламасы (picocom, PuTTY: 115200 бод)",
    ),
    when: ({ board }) => board.network === "Wifi",
  },
  {
    text: text("Chrome (Espruino Web IDE)", "Chrome (Espruino Web IDE)", "Chrome шолғышы (Espruino Web IDE)"),
    when: ({ board }) => board.network !== "Wifi",
  },
  {
    text: text("USB-UART adaptor of 3.3 V", "адаптер USB-UART на 3,3 В", "3,3 В USB-UART адаптері"),
    when: ({ build }) => build.uplink === "lora",
  },
  {
    text: text(
      "the bench rig (hardware/bench/README.md)",
      "стенд (hardware/bench/README.md)",
      "стенд (hardware/bench/README.md)",
    ),
  },
  {
    text: text(
      "soldering iron, ferrule pliers up to 6 mm², wire stripper, screwdrivers, Torx and hex keys, adjustable spanner, drill with step bit to 16.5 mm and countersink",
      "паяльник, обжимные клещи до 6 мм², стриппер, отвёртки, ключи Torx и шестигранные, разводной ключ, дрель со ступенчатым сверлом до 16,5 мм и зенкером",
      "дәнекерлегіш, 6 мм²-ге дейінгі ұштық қысқышы, сым тазартқыш, бұрағыштар, Torx және алтықырлы кілттер, жылжымалы кілт, 16,5 мм-ге дейін сатылы бұрғысы мен зенкері бар дрель",
    ),
  },
  { text: text("multimeter", "мультиметр", "мультиметр (вольт, ом)"), when: (post) => !onCells(post) },
  {
    text: text("multimeter with a µA range", "мультиметр с пределом мкА", "мкА шегі бар мультиметр"),
    when: onCells,
  },
  {
    text: text(
      "laboratory supply 5 V 1 A; the electrician: insulated tools, two-pole voltage tester, earth tester, lock and sign for the feeding board",
      "лабораторный источник 5 В 1 А; электрик: изолированный инструмент, двухполюсный указатель напряжения, измеритель заземления, замок и плакат на питающий щит",
      "5 В 1 А зертханалық қуат көзі; электрик: оқшауланған құрал, екі полюсті кернеу көрсеткіші, жерлендіру өлшегіші, қоректендіру қалқанына құлып пен белгі",
    ),
    when: onMains,
  },
  {
    text: text(
      "hammer drill with bit 8 mm (reach 100 mm), blow-out pump, brush 8 mm, hammer, spanner 13 mm, torque key 2–25 N·m",
      "перфоратор с буром 8 мм (вылет 100 мм), насос для продувки, ёрш 8 мм, молоток, ключ 13 мм, динамометрический ключ 2–25 Н·м",
      "8 мм бұрғысы бар перфоратор (ұзындығы 100 мм), үрлегіш сорғы, 8 мм щётка, балға, 13 мм кілт, 2–25 Н·м динамометрлік кілт",
    ),
    when: withPart("anchors"),
  },
  { text: text("rivet pliers", "заклёпочник", "тойтарғыш"), when: withPart("rivets") },
  { text: text("band tool", "инструмент для ленты", "қамыт таспасын тартқыш"), when: withPart("strap") },
  {
    text: text(
      "digital level, laser or tape measure",
      "цифровой уровень, лазерная или обычная рулетка",
      "сандық деңгей, лазерлі не жай рулетка",
    ),
  },
  {
    text: text(
      "plumb line, marking paint, water level (hose) or levelling instrument, flat board of 300 × 300 mm and four blocks that bring its upper side to 150 mm",
      "отвес, краска для отметок, водяной уровень (шланг) или нивелир, ровный щит 300 × 300 мм и четыре бруска, чтобы его верх был на 150 мм",
      "тіктеуіш, белгі бояуы, су деңгейі (түтік) не нивелир, 300 × 300 мм тегіс тақта және үстін 150 мм-ге көтеретін төрт бөрене",
    ),
    when: looksDown,
  },
  {
    text: text(
      "stiff wire of 1 m that ends in a hook, bucket and 10 l of water",
      "жёсткая проволока 1 м с крючком, ведро и 10 л воды",
      "ұшы ілмек 1 м қатты сым, шелек және 10 л су",
    ),
    when: ({ fitted }) => fitted.some(({ on }) => on.sensor === "float"),
  },
  {
    text: text(
      "at height: ladder or platform, helmet, harness, vest, cones",
      "на высоте: лестница или вышка, каска, страховка, жилет, конусы",
      "биікте: саты не мұнара, дулыға, сақтандыру белдігі, кеудеше, конустар",
    ),
  },
];

/** Tools for a type of post; `parts` are the parts of all its builds. */
export function toolsOf(posts: Post[], parts: string[], language: keyof Text): string {
  const wanted = TOOLS.filter(({ when }) => when === undefined || posts.some((post) => when(post, parts)));
  return wanted.map((tool) => tool.text[language]).join("; ");
}
