/** What all posts that look into a container share. */
import type { Check, Failure, Setting, Step } from "./mount.js";
import { check, failure, step, text } from "./common.js";

export const WASTE_SETTINGS: Setting[] = [
  {
    name: "mountHeightMm",
    unit: "mm",
    text: text(
      "from the sensor's face to the empty container's floor",
      "от торца датчика до дна пустого контейнера",
      "датчик бетінен бос контейнер түбіне дейін",
    ),
  },
  {
    name: "tank",
    unit: "mm",
    text: text(
      "shape of the inside: box (height, length, width) up to the mark that counts as full",
      "форма внутри: короб (высота, длина, ширина) до отметки «полный»",
      "ішкі пішіні: жәшік (биіктік, ұзындық, ен) «толы» белгісіне дейін",
    ),
  },
];

export const WASTE_STEPS: Step[] = [
  step(
    "Fit it while the container is EMPTY: only then can the floor be measured.",
    "Устанавливайте на ПУСТОЙ контейнер: только тогда можно измерить дно.",
    "БОС контейнерге орнатыңыз: сонда ғана түбін өлшеуге болады.",
  ),
  step(
    "Ask the driver to empty it once while you watch: nothing of the lifting gear may touch sensor, box or antenna.",
    "Попросите водителя опорожнить его при вас: захват не должен касаться датчика, корпуса и антенны.",
    "Жүргізушіден көзіңізше бір рет босатуды сұраңыз: көтергіш датчикке, корпусқа, антеннаға тимеуі тиіс.",
  ),
];

export const WASTE_CHECKS: Check[] = [
  check("fill shown with the empty container", "заполнение при пустом контейнере", "бос контейнердегі толу", {
    max: 5,
    unit: "%",
  }),
  check(
    "fill shown with a board at the full mark",
    "заполнение при щите на отметке «полный»",
    "тақта «толы» белгісінде тұрғандағы толу",
    {
      min: 90,
      max: 105,
      unit: "%",
    },
  ),
  check(
    "emptied in the driver's sight: nothing touched",
    "опорожнён при водителе: ничего не задето",
    "жүргізуші көзінше босатылды: ештеңеге тимеді",
  ),
];

export const WASTE_FAILURES: Failure[] = [
  failure(
    text(
      "full at once, and stays so after emptying",
      "сразу полный, и после вывоза тоже",
      "бірден толы, шығарғаннан кейін де",
    ),
    text(
      "dirt, bag or ice on the sensor; blocked inlet",
      "грязь, пакет или лёд на датчике; забит люк",
      "датчикте кір, пакет не мұз; тесік бітелген",
    ),
    text("cloth, brush, gloves", "ткань, щётка, перчатки", "шүберек, щётка, қолғап"),
  ),
  failure(
    text("fill jumps up and down by 20 %", "заполнение скачет на 20 %", "толу 20 %-ға секіреді"),
    text(
      "loose bottles scatter the echo; sensor tilted",
      "рыхлые бутылки рассеивают эхо; датчик наклонён",
      "бос бөтелкелер жаңғырықты шашады; датчик қисайған",
    ),
    text("level; aim at the heap's middle", "уровень; направить в середину кучи", "деңгей; үйінді ортасына бағыттаңыз"),
  ),
];
