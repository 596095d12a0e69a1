import type { Mount } from "./mount.js";
import {
  ANY,
  ASSEMBLE,
  CELLS,
  CELL_CHECKS,
  CLOSE,
  COMMISSION,
  ECHO,
  LEAVE,
  check,
  failure,
  step,
  text,
} from "./common.js";
import { WASTE_CHECKS, WASTE_FAILURES, WASTE_SETTINGS, WASTE_STEPS } from "./waste.js";

export const UNDERGROUND_CONTAINER: Mount = {
  site: "underground-container",
  label: text(
    "underground container, dry or wet stream",
    "заглублённый контейнер, сухая или влажная фракция",
    "жерасты контейнері, құрғақ не ылғалды фракция",
  ),
  inTheCity: text("3,500 of 3 m³ at 772 sites", "3500 по 3 м³ на 772 площадках", "772 алаңда 3 м³-тен 3500"),
  heightMm: [1500, 3000],
  above: text("the floor of the empty bag or tub", "дна пустого мешка или бака", "бос қап не бак түбінен"),
  offset: text(
    "Full mark at the lower edge of the chute: waste above it hangs in the pillar and is not seen.",
    "Отметка «полный» – нижний край шахты: отходы выше висят в тумбе и не видны.",
    "«Толы» белгісі – науа төменгі жиегі: одан жоғарғысы бағанда ілініп, көрінбейді.",
  ),
  tiltMaxDeg: 5,
  deadZoneMm: 30,
  shielding: text(
    "Under the platform's frame, beside the chute, out of the fall of waste; antenna above ground under a plastic cap: a steel platform swallows every radio.",
    "Под рамой платформы, сбоку от шахты, вне падения отходов; антенна над землёй под пластиковым колпаком: стальная платформа глушит радио.",
    "Платформа рамасы астында, науа бүйірінде, қоқыс түспейтін жерде; антенна жер үстінде, пластик қалпақ астында: болат платформа радионы жұтады.",
  ),
  extras: [{ part: "rivets", count: 1 }],
  settings: WASTE_SETTINGS,
  steps: [
    ...ASSEMBLE,
    ...WASTE_STEPS,
    step(
      "Lock the platform's prop before anybody reaches below it. Gas: open for ten minutes first.",
      "Зафиксируйте упор платформы, прежде чем лезть под неё. Газ: сначала проветрите десять минут.",
      "Астына түспес бұрын платформа тірегін бекітіңіз. Газ: алдымен он минут желдетіңіз.",
    ),
    step(
      "Contact at the lid: a reed that the magnet OPENS (form B): shut lid = open contact; magnet and reed 5 mm apart.",
      "Контакт на крышке: геркон, который магнит РАЗМЫКАЕТ (форма B): крышка закрыта – контакт разомкнут; магнит и геркон в 5 мм.",
      "Қақпақтағы түйіспе: магнит АЖЫРАТАТЫН геркон (B түрі): қақпақ жабық – түйіспе ажыратулы; магнит пен геркон арасы 5 мм.",
      text(
        "Closed all the time it would take more from the cells than all the rest.",
        "Замкнутый постоянно, он взял бы у батареи больше всего остального.",
        "Үнемі тұйық болса, батареядан қалғанының бәрінен көп алар еді.",
      ),
    ),
    ...COMMISSION,
    ...CLOSE,
  ],
  checks: [
    check("face above the floor", "торец над дном", "датчик беті түбінен", { min: 1500, max: 3000, unit: "mm" }),
    ...WASTE_CHECKS,
    check(
      "stream on the label, and told to the hub, 1 dry, 2 wet: npx aryk site set <site> stream=<1 | 2>",
      "фракция на табличке и сообщена серверу, 1 сухая, 2 влажная: npx aryk site set <site> stream=<1 | 2>",
      "фракция тақтайшада жазылған әрі серверге айтылған, 1 құрғақ, 2 ылғалды: npx aryk site set <site> stream=<1 | 2>",
    ),
    ...CELL_CHECKS,
    check(
      "lid opened and closed: both at the hub",
      "крышку открыли и закрыли: оба события на сервере",
      "қақпақ ашылып жабылды: екеуі де серверде",
    ),
    check("signal with the platform closed", "сигнал при закрытой платформе", "платформа жабық кездегі сигнал", {
      min: -115,
      unit: "dBm",
    }),
    ...LEAVE,
  ],
  failures: [
    ...WASTE_FAILURES,
    failure(
      text("silent since the platform was closed", "молчит после закрытия платформы", "платформа жабылғалы үнсіз"),
      text(
        "antenna under steel, or its cable crushed",
        "антенна под сталью или кабель раздавлен",
        "антенна болат астында не кабелі мыжылған",
      ),
      text("antenna with cable, cap", "антенна с кабелем, колпак", "кабелімен антенна, қалпақ"),
    ),
    ...ECHO.slice(0, 3),
    ...CELLS,
    ...ANY,
  ],
};
