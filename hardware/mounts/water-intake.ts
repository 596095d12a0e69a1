import type { Mount } from "./mount.js";
import {
  ANCHORS,
  ANY,
  ASSEMBLE,
  CLOSE,
  COMMISSION,
  LEAVE,
  LIMITS_CHECK,
  check,
  failure,
  step,
  text,
} from "./common.js";

export const WATER_INTAKE: Mount = {
  site: "water-intake",
  label: text("water intake", "водозабор", "су тарту құрылысы"),
  inTheCity: text(
    "27 for irrigation (12 rebuilt, 15 new)",
    "27 поливных (12 восстановлено, 15 новых)",
    "суаруға арналған 27 (12-сі қалпына келген, 15-і жаңа)",
  ),
  heightMm: [50, 300],
  above: text(
    "the bottom, the probe's membrane; always below the lowest water",
    "дна, мембрана зонда; всегда ниже низшей воды",
    "түптен, зонд мембранасы; әрдайым ең төменгі судан төмен",
  ),
  offset: text(
    "The staff gauge's zero is levelled to a bench mark; the probe's height is found from it in still water: level by staff less head.",
    "Ноль рейки нивелируется к реперу; высота зонда находится по ней в спокойной воде: уровень по рейке минус столб над зондом.",
    "Рейка нөлі реперге нивелирленеді; зонд биіктігі тынық суда содан табылады: рейка деңгейінен зонд үстіндегі су бағанын алыңыз.",
  ),
  tiltMaxDeg: 10,
  deadZoneMm: 0,
  shielding: text(
    "The probe in a stilling tube with a mesh foot; its vented cable ends in the box's dry air.",
    "Зонд в успокоительной трубе с сеткой; кабель с капилляром заканчивается в сухом воздухе корпуса.",
    "Зонд торлы табаны бар тыныштандыру құбырында; капиллярлы кабель ұшы корпустың құрғақ ауасында.",
  ),
  extras: [
    { part: "tube-stilling", count: 1 },
    { part: "clamps-tube", count: 3 },
    { part: "anchors", count: 2 },
    { part: "radiation-shield", count: 1 },
    { part: "boost-12v", count: 1 },
  ],
  settings: [
    {
      name: "probeHeightMm",
      unit: "mm",
      text: text(
        "height of the probe's membrane above the zero; below the zero it is negative",
        "высота мембраны зонда над нулём; ниже нуля – со знаком минус",
        "зонд мембранасының нөлден биіктігі; нөлден төмен болса – минус таңбасымен",
      ),
    },
    {
      name: "vented",
      unit: "true | false",
      text: text(
        "whether the cable has an air tube; without one the post needs a barometer",
        "есть ли в кабеле воздушная трубка; без неё посту нужен барометр",
        "кабельде ауа түтігі бар ма; болмаса бекетке барометр керек",
      ),
    },
  ],
  steps: [
    ...ASSEMBLE,
    ANCHORS,
    step(
      "Fix the tube upright in the forebay, away from the screen's rake; lower the probe until its mark stands at the tube's rim, and clamp the cable there.",
      "Закрепите трубу вертикально в аванкамере, в стороне от решёткоочистки; опустите зонд до метки у края трубы и зажмите кабель.",
      "Құбырды аванкамерада тік бекітіңіз, тор тазалағыштан алыс; зондты белгісі құбыр жиегіне жеткенше түсіріп, кабельді қысыңыз.",
    ),
    step(
      "Never seal the probe's cable in its gland so tightly that its air tube is pinched.",
      "Не пережимайте вводом воздушную трубку кабеля зонда.",
      "Зонд кабелінің ауа түтігін кірмеде қысып тастамаңыз.",
      text(
        "A pinched tube makes the level follow the weather by 100 mm.",
        "С пережатой трубкой уровень гуляет с погодой на 100 мм.",
        "Түтік қысылса, деңгей ауа райымен 100 мм ауытқиды.",
      ),
    ),
    step(
      "Pull the probe out of the water and put it back: head must fall to zero and return within 10 mm.",
      "Выньте зонд из воды и верните: столб должен упасть до нуля и вернуться с точностью 10 мм.",
      "Зондты судан шығарып, қайта салыңыз: баған нөлге түсіп, 10 мм дәлдікпен қайтуы тиіс.",
    ),
    ...COMMISSION,
    ...CLOSE,
  ],
  checks: [
    check("loop current, probe in air", "ток петли, зонд в воздухе", "тізбек тогы, зонд ауада", {
      min: 3.9,
      max: 4.1,
      unit: "mA",
    }),
    check("loop current, probe in place", "ток петли, зонд на месте", "тізбек тогы, зонд орнында", {
      min: 4,
      max: 20,
      unit: "mA",
    }),
    check("membrane above the bottom", "мембрана над дном", "мембрана түптен", { min: 50, max: 300, unit: "mm" }),
    check(
      "level by staff gauge less level at the hub",
      "уровень по рейке минус на сервере",
      "рейка мен сервер деңгейінің айырмасы",
      {
        min: -20,
        max: 20,
        unit: "mm",
      },
    ),
    LIMITS_CHECK,
    ...LEAVE,
  ],
  failures: [
    failure(
      text(
        "electrical: loop below 3.6 or above 21 mA",
        "электрическая: ток ниже 3,6 или выше 21 мА",
        "электр: ток 3,6-дан төмен не 21 мА-дан жоғары",
      ),
      text(
        "cable cut, probe wet inside, no 12 V",
        "обрыв кабеля, вода в зонде, нет 12 В",
        "кабель үзілген, зондқа су кірген, 12 В жоқ",
      ),
      text(
        "probe with cable, converter, multimeter",
        "зонд с кабелем, преобразователь, мультиметр",
        "кабелімен зонд, түрлендіргіш, мультиметр",
      ),
    ),
    failure(
      text("level creeps up week by week", "уровень понемногу завышается", "деңгей апта сайын жоғарылайды"),
      text("silt on the membrane", "ил на мембране", "мембранада лай"),
      text(
        "soft brush, water; never a tool",
        "мягкая щётка, вода; никаких инструментов",
        "жұмсақ щётка, су; құрал қолданбаңыз",
      ),
    ),
    failure(
      text("level follows the weather", "уровень следует за погодой", "деңгей ауа райына ереді"),
      text("air tube pinched or wet", "воздушная трубка пережата или сырая", "ауа түтігі қысылған не дымқыл"),
      text(
        "gland, desiccant, filter of the vent",
        "ввод, осушитель, фильтр капилляра",
        "кірме, ылғал сіңіргіш, капилляр сүзгісі",
      ),
    ),
    ...ANY,
  ],
};
