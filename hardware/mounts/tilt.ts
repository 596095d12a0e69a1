/** Where an accelerometer is fitted. */
import type { Step } from "./mount.js";
import { check, step, text } from "./texts.js";

/** What it says as mounted is no fault of the post: the hub counts from there. */
export const TILT_STEP: Step = {
  ...step(
    "Fix the LIS3DH in the box on its angle, flat, component side up, when the box stands as it will hang: against the back of a box that hangs on a wall it would stand on edge.",
    "Закрепите LIS3DH в корпусе на уголке: горизонтально, деталями вверх, когда корпус стоит так, как будет висеть; на задней стенке висящего корпуса он стоял бы ребром.",
    "LIS3DH модулін корпустағы бұрыштамаға бекітіңіз: корпус ілінетін қалпында тұрғанда көлденең, бөлшектері жоғары; қабырғада ілінген корпустың артқы бетінде ол қырынан тұрар еді.",
    text(
      "Its third axis is the one that is compared with the plumb line. It feels the box lean, and nothing else: of a bracket that came loose beside it it knows nothing.",
      "С отвесом сравнивается его третья ось. Он чувствует наклон корпуса и только его: о кронштейне, ослабшем рядом, он ничего не знает.",
      "Тік сызықпен оның үшінші осі салыстырылады. Ол тек корпустың қисаюын сезеді: жанында босаған кронштейнді білмейді.",
    ),
  ),
  sensors: ["tilt"],
};
export const TILT_CHECK = check(
  "the value of tilt; tell the hub, which counts from it: npx aryk site set <site> uprightDeg=<value>",
  "значение tilt; сообщите серверу, он считает от него: npx aryk site set <site> uprightDeg=<значение>",
  "tilt мәні; серверге айтыңыз, ол содан есептейді: npx aryk site set <site> uprightDeg=<мән>",
  { max: 10, unit: "°" },
);
