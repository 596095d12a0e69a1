import type { Mount } from "./mount.js";
import { ANY, ASSEMBLE, CLOSE, COMMISSION, ECHO, LEAVE, check, failure, step, text } from "./common.js";
import { WASTE_CHECKS, WASTE_FAILURES, WASTE_SETTINGS, WASTE_STEPS } from "./waste.js";

export const ECO_STATION: Mount = {
  site: "eco-station",
  label: text("eco-station, one stream", "экостанция, одна фракция", "экостанция, бір фракция"),
  inTheCity: text(
    "3 by 2025, 10 by 2030; one post to a stream",
    "3 к 2025, 10 к 2030; пост на каждую фракцию",
    "2025 жылға 3, 2030 жылға 10; әр фракцияға бір бекет",
  ),
  heightMm: [800, 2500],
  above: text("the floor of the empty bin", "дна пустого бака", "бос бак түбінен"),
  offset: text(
    "Full mark at the lower edge of the inlet; the stream's name is written on box and label.",
    "Отметка «полный» – нижний край люка; имя фракции на корпусе и табличке.",
    "«Толы» белгісі – тесіктің төменгі жиегі; фракция аты корпус пен тақтайшада.",
  ),
  tiltMaxDeg: 5,
  deadZoneMm: 30,
  shielding: text(
    "Under the roof; not in the fall of what is thrown in.",
    "Под крышей; не в потоке вбрасываемого.",
    "Шатыр астында; тасталған зат түспейтін жерде.",
  ),
  extras: [{ part: "rivets", count: 1 }],
  settings: [
    ...WASTE_SETTINGS,
    {
      name: "emptyCounts",
      property: "weight",
      unit: "",
      text: text("weight-raw, the bin empty", "weight-raw при пустом баке", "бос бактағы weight-raw"),
    },
    {
      name: "loadedCounts, loadedKg",
      property: "weight",
      unit: "kg",
      text: text(
        "weight-raw with a known weight of 50 kg or more in it, and that weight",
        "weight-raw с известным грузом от 50 кг в баке, и этот вес",
        "бакта белгілі 50 кг-нан ауыр жүк бар кездегі weight-raw және сол салмақ",
      ),
    },
  ],
  steps: [
    ...ASSEMBLE,
    ...WASTE_STEPS,
    step(
      "One box to a stream; two sensors of neighbouring bins at least 500 mm apart, or they hear each other.",
      "Один корпус на фракцию; датчики соседних баков не ближе 500 мм, иначе слышат друг друга.",
      "Әр фракцияға бір корпус; көрші бак датчиктері 500 мм-ден жақын емес, әйтпесе бірін-бірі естиді.",
    ),
    step(
      "Load cell under the bin's frame, on a level floor, stop screws 1 mm below the frame so that a falling bin cannot break it.",
      "Тензодатчик под рамой бака на ровном полу, упоры в 1 мм ниже рамы, чтобы удар бака его не сломал.",
      "Тензодатчик бак рамасы астында, тегіс еденде, тірек бұрандалары рамадан 1 мм төмен: құлаған бак сындырмасын.",
    ),
    ...COMMISSION,
    ...CLOSE,
  ],
  checks: [
    check("face above the floor", "торец над дном", "датчик беті түбінен", { min: 800, max: 2500, unit: "mm" }),
    ...WASTE_CHECKS,
    check(
      "weight at the hub less weight put in",
      "вес на сервере минус положенный",
      "сервердегі салмақ пен салынған салмақ айырмасы",
      {
        min: -2,
        max: 2,
        unit: "kg",
      },
    ),
    ...LEAVE,
  ],
  failures: [
    ...WASTE_FAILURES,
    failure(
      text("two bins always show the same", "два бака всегда одинаковы", "екі бак үнемі бірдей"),
      text(
        "boards swapped at the hub, or the sensors hear each other",
        "платы перепутаны на сервере, или датчики слышат друг друга",
        "платалар серверде ауысқан не датчиктер бірін-бірі естиді",
      ),
      text("the labels; a board between the bins", "таблички; щит между баками", "тақтайшалар; бактар арасына қалқан"),
    ),
    ...ECHO.slice(0, 3),
    ...ANY,
  ],
};
