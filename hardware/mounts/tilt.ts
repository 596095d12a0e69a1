/** Where an accelerometer is fitted. */
import { check, step, text } from "./texts.js";

/** Where an accelerometer is fitted. What it says as mounted is no fault of the post: the hub counts from there. */
export const TILT_STEP = step(
  "Fix the LIS3DH flat in the box, component side up, the box as it will hang.",
  "Закрепите LIS3DH в корпусе горизонтально, деталями вверх, в том положении, в каком корпус будет висеть.",
  "LIS3DH модулін корпус ілінетін қалпында көлденең, бөлшектері жоғары қаратып бекітіңіз.",
  text(
    "Its third axis is the one that is compared with the plumb line.",
    "С отвесом сравнивается его третья ось.",
    "Тік сызықпен оның үшінші осі салыстырылады.",
  ),
);
export const TILT_CHECK = check(
  "the value of tilt; tell the hub, which counts from it: npx aryk site set <site> uprightDeg=<value>",
  "значение tilt; сообщите серверу, он считает от него: npx aryk site set <site> uprightDeg=<значение>",
  "tilt мәні; серверге айтыңыз, ол содан есептейді: npx aryk site set <site> uprightDeg=<мән>",
  { max: 10, unit: "°" },
);
