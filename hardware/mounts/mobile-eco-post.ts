import type { Mount } from "./mount.js";
import { AIR_CHECKS, AIR_FAILURES, AIR_SETTINGS, AIR_STEPS } from "./air.js";
import { ANY, ASSEMBLE, CLOSE, COMMISSION, LEAVE, check, failure, step, text } from "./common.js";

export const MOBILE_ECO_POST: Mount = {
  site: "mobile-eco-post",
  label: text("mobile eco-post", "передвижной экопост", "жылжымалы экобекет"),
  inTheCity: text(
    "not stated; among the 100 eco-posts",
    "не указано; в числе 100 экопостов",
    "көрсетілмеген; 100 экобекеттің қатарында",
  ),
  heightMm: [1800, 2800],
  above: text(
    "the road, inlet on the vehicle's roof, at the front",
    "дороги, забор на крыше спереди",
    "жолдан, ауа тартқыш шатырдың алдында",
  ),
  offset: text(
    "Write down on which side the vehicle's exhaust is and how far from the inlet: at least 2 m, and never behind it.",
    "Запишите, с какой стороны выхлоп и как далеко от забора: не менее 2 м, и забор не позади него.",
    "Көлік түтіні қай жақта, ауа тартқыштан қанша алыс екенін жазыңыз: кемінде 2 м, артында емес.",
  ),
  tiltMaxDeg: 10,
  deadZoneMm: 0,
  shielding: text(
    "Inlet turned backward and downward, behind a plate: wind of driving must not blow into the fan. GNSS antenna on top with free sky.",
    "Забор назад и вниз, за щитком: встречный поток не должен дуть в вентилятор. Антенна ГНСС сверху, небо открыто.",
    "Ауа тартқыш артқа және төмен, қалқан артында: қозғалыс желі желдеткішке соқпасын. ГНСС антеннасы үстінде, аспан ашық.",
  ),
  extras: [
    { part: "bracket", count: 1 },
    { part: "radiation-shield", count: 1 },
    { part: "air-inlet", count: 1 },
  ],
  settings: AIR_SETTINGS,
  steps: [
    ...ASSEMBLE,
    ...AIR_STEPS,
    step(
      "Fuse of 3 A within 200 mm of the battery's terminal; cable through a grommet; converter in the cab.",
      "Предохранитель 3 А не далее 200 мм от клеммы; кабель через втулку; преобразователь в кабине.",
      "3 А сақтандырғыш клеммадан 200 мм ішінде; кабель төлке арқылы; түрлендіргіш кабинада.",
    ),
    step(
      "Standing still for ten minutes with the engine off: position must stay within 20 m.",
      "Десять минут на месте с выключенным двигателем: положение в пределах 20 м.",
      "Қозғалтқыш өшік, он минут тұру: орны 20 м ішінде қалуы тиіс.",
    ),
    ...COMMISSION,
    ...CLOSE,
  ],
  checks: [
    ...AIR_CHECKS,
    check("inlet to exhaust", "от забора до выхлопа", "ауа тартқыштан түтінге дейін", { min: 2000, unit: "mm" }),
    check("position less the map's", "положение минус карта", "орын мен карта айырмасы", { max: 20, unit: "m" }),
    check(
      "current with the ignition off after 15 minutes",
      "ток через 15 минут после зажигания",
      "от алдыру өшкен соң 15 минуттан кейінгі ток",
      {
        max: 250,
        unit: "mA",
      },
    ),
    ...LEAVE,
  ],
  failures: [
    ...AIR_FAILURES,
    failure(
      text("no-fix", "нет координат", "координат жоқ"),
      text(
        "antenna under metal or snow, cable",
        "антенна под металлом или снегом, кабель",
        "антенна металл не қар астында, кабель",
      ),
      text("GNSS module with antenna", "модуль ГНСС с антенной", "антеннасымен ГНСС модулі"),
    ),
    failure(
      text("NO₂ high whenever the vehicle stands", "NO₂ высокий на каждой стоянке", "көлік тұрған сайын NO₂ жоғары"),
      text("it measures its own exhaust", "измеряет свой выхлоп", "өз түтінін өлшеп тұр"),
      text(
        "longer bracket; turn the inlet away",
        "длиннее кронштейн; отвернуть забор",
        "ұзынырақ кронштейн; ауа тартқышты бұрыңыз",
      ),
    ),
    ...ANY,
  ],
};
