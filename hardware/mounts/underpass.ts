import type { Text } from "../text.js";
import type { Check, Failure, Mount } from "./mount.js";
import { FLOAT, NONE, WITH_PROBE } from "./second.js";
import type { Second } from "./second.js";
import { underpassSteps } from "./underpass-steps.js";
import { ANY, CELLS, CELLS_CHECKS, ECHO, LEAVE, check, failure, lookingDown, text } from "./common.js";

const IN_THE_CITY = text(
  "102 places that flood (56 mended in 2022, 46 in 2023–2024)",
  "102 места подтопления (56 устранены в 2022, 46 в 2023–2024)",
  "су басатын 102 орын (56-сы 2022 жылы, 46-сы 2023–2024 жылдары жөнделді)",
);

/** What differs with what feeds the post. */
interface Fed {
  checks: Check[];
  failures: Failure[];
}
const MAINS: Fed = { checks: [], failures: [] };
/** A pack keeps the radio silent for half a minute at SF9, a minute at SF10, four at SF12: water is told of too late. */
const LINK: Check = check(
  "data rate of its messages at the network server: DR3 (SF9) or faster; else another gateway or another place of the antenna",
  "скорость его сообщений на сетевом сервере: DR3 (SF9) или быстрее; иначе другой шлюз или другое место антенны",
  "желілік сервердегі хабарларының жылдамдығы: DR3 (SF9) не жылдамырақ; әйтпесе басқа шлюз не антеннаға басқа орын",
  { min: 3, unit: "DR" },
);
const BATTERY: Fed = { checks: [...CELLS_CHECKS, LINK], failures: CELLS };

/** Closure is at 150 mm of water; the echo sees none below the offset and its noise floor, 35 mm at 3.5 m. */
const SEES_CLOSURE: Check[] = [
  check(
    "offset to the lowest point, surveyed; if it is more, hang the post over the lowest point or build underpass-barrier: alone it would not see 150 mm of water",
    "превышение над нижней точкой, измерено; если больше – повесить пост над нижней точкой или строить underpass-barrier: один он не увидит 150 мм воды",
    "төменгі нүктеге дейінгі айырма, өлшенген; артық болса, бекетті ең төменгі нүктенің үстіне іліңіз не underpass-barrier құрыңыз: ол жалғыз 150 мм суды көрмейді",
    { min: 0, max: 110, unit: "mm" },
  ),
  check(
    "lowPointOffsetMm + noiseFloorMm of the record: the least water that the post sees; again whenever a record is changed",
    "lowPointOffsetMm + noiseFloorMm в записи: наименьшая вода, которую пост видит; снова при каждом изменении записи",
    "жазбадағы lowPointOffsetMm + noiseFloorMm: бекет көретін ең аз су; жазба өзгерген сайын қайта",
    { max: 145, unit: "mm" },
  ),
];
const OFFSET_WITH_SECOND = check(
  "offset to the lowest point, surveyed",
  "превышение над нижней точкой, измерено",
  "төменгі нүктеге дейінгі айырма, өлшенген",
  { min: 0, max: 600, unit: "mm" },
);

/** Heights: MB7389's range and error (1 % of it); FloodNet hangs its sensors at about 2.7 m. Tilt: 3° are 4 mm at 3 m. */
const underpass = (site: string, label: Text, inTheCity: Text, float: Second, fed: Fed): Mount => ({
  site,
  label,
  inTheCity,
  heightMm: [2500, 3500],
  above: text(
    "the gutter or the road's edge straight below",
    "лотка или края проезжей части точно под датчиком",
    "датчиктің дәл астындағы науадан не жол жиегінен",
  ),
  offset: text(
    "With a level or a water hose, from the road straight below the sensor to the LOWEST point of the carriageway, to 5 mm. Alarms count from the lowest point: without this figure every alarm comes too late. FloodNet's posts stand 240 mm above theirs, half of them more. Water that stands lower than this figure and noiseFloorMm together is not seen at all.",
    "Нивелиром или водяным уровнем от дороги под датчиком до НИЖНЕЙ точки проезжей части, до 5 мм. Тревоги считаются от нижней точки: без этого числа каждая тревога опоздает. Посты FloodNet стоят выше своей нижней точки на 240 мм, половина и более. Вода ниже этого числа вместе с noiseFloorMm не видна вовсе.",
    "Нивелирмен не су деңгейімен датчик астындағы жолдан жолдың ЕҢ ТӨМЕНГІ нүктесіне дейін, 5 мм дәлдікпен. Дабыл ең төменгі нүктеден есептеледі: бұл сансыз әр дабыл кешігеді. FloodNet бекеттері өз төменгі нүктесінен 240 мм жоғары, жартысы одан да көп. Осы сан мен noiseFloorMm қосындысынан төмен тұрған су мүлде көрінбейді.",
  ),
  tiltMaxDeg: 3,
  deadZoneMm: 300,
  shielding: text(
    "Sun shield 20 mm above the sensor, open at the sides; the probe of air temperature, where there is one, in its radiation shield, 300 mm away from concrete that the sun warms.",
    "Козырёк в 20 мм над датчиком, открытый с боков; датчик температуры воздуха, если он есть, в экране, в 300 мм от бетона, нагреваемого солнцем.",
    "Датчиктен 20 мм жоғары, бүйірі ашық қалқа; ауа температурасының датчигі, болса, экранда, күн қыздыратын бетоннан 300 мм қашықта.",
  ),
  extras: [
    { part: "bracket", count: 1 },
    { part: "locknut-34", count: 2 },
    { part: "anchors", count: 2 },
    { part: "sun-shield", count: 1 },
    ...float.extras,
  ],
  settings: [
    ...lookingDown(text("the road straight below", "дороги по отвесу", "тік сызықпен жолға")),
    {
      name: "lowPointOffsetMm",
      unit: "mm",
      text: text(
        "how much lower the lowest point lies than the road below the sensor",
        "насколько нижняя точка ниже дороги под датчиком",
        "ең төменгі нүкте датчик астындағы жолдан қанша төмен",
      ),
    },
    {
      name: "noiseFloorMm",
      unit: "mm",
      text: text(
        "on the first day the larger of 30 mm and 1 % of the height; after two weeks three times the scatter of dry nights, if that is more: then a new record",
        "в первый день большее из 30 мм и 1 % высоты; через две недели три разброса сухих ночей, если это больше: тогда новая запись",
        "бірінші күні 30 мм мен биіктіктің 1 %-ының үлкені; екі аптадан кейін құрғақ түндердегі шашыраудың үш еселенгені, артық болса: сонда жаңа жазба",
      ),
    },
    ...float.settings,
  ],
  steps: underpassSteps(float),
  checks: [
    check("height of the face", "высота торца датчика", "датчик бетінің биіктігі", {
      min: 2500,
      max: 3500,
      unit: "mm",
    }),
    check("tilt, the larger of two", "наклон, больший из двух", "көлбеу, екеуінің үлкені", { max: 3, unit: "°" }),
    ...(float === NONE ? SEES_CLOSURE : [OFFSET_WITH_SECOND]),
    check(
      "distance by tape less distance by sensor",
      "расстояние рулеткой минус датчиком",
      "рулетка мен датчик қашықтығының айырмасы",
      {
        min: -30,
        max: 30,
        unit: "mm",
      },
    ),
    check(
      "spread of seven echoes over a dry road",
      "разброс семи эхо над сухой дорогой",
      "құрғақ жол үстіндегі жеті жаңғырық шашырауы",
      {
        max: 20,
        unit: "mm",
      },
    ),
    check(
      "depth shown with the board at 150 mm, less the offset to the lowest point",
      "глубина при щите на 150 мм минус превышение над нижней точкой",
      "тақта 150 мм-де тұрғандағы тереңдіктен төменгі нүктеге дейінгі айырманы алып тастағанда",
      { min: 120, max: 180, unit: "mm" },
    ),
    ...float.checks,
    ...fed.checks,
    ...LEAVE,
  ],
  failures: [
    ...ECHO,
    failure(
      text(
        "suspect again and again at one hour of the day",
        "подозрение каждый день в один час",
        "күн сайын бір сағатта күмәнді",
      ),
      text(
        "parked cars or people under the sensor",
        "стоянка машин или люди под датчиком",
        "датчик астында көлік тұрады не адам жүреді",
      ),
      text(
        "nothing; move it over the gutter, ask for a no-parking sign",
        "ничего; перенести к лотку, запросить знак «стоянка запрещена»",
        "ештеңе; науаға қарай жылжытыңыз, тұруға тыйым белгісін сұраңыз",
      ),
    ),
    ...float.failures,
    ...fed.failures,
    ...ANY,
  ],
});

export const UNDERPASS = underpass(
  "underpass",
  text("underpass", "проезд под путепроводом", "жолөткел асты"),
  IN_THE_CITY,
  NONE,
  MAINS,
);

export const UNDERPASS_BARRIER = underpass(
  "underpass-barrier",
  text("underpass with a barrier", "проезд под путепроводом со шлагбаумом", "тосқауылы бар жолөткел асты"),
  text(
    "those of the 102 where a barrier depends on it",
    "те из 102, где от поста зависит шлагбаум",
    "102 орынның тосқауыл бекетке байланыстылары",
  ),
  WITH_PROBE,
  MAINS,
);

export const UNDERPASS_BATTERY = underpass(
  "underpass-battery",
  text("underpass without mains", "проезд под путепроводом без сети", "желісіз жолөткел асты"),
  text("those of the 102 without mains", "те из 102, где нет сети 230 В", "102 орынның 230 В желісі жоқтары"),
  FLOAT,
  BATTERY,
);
