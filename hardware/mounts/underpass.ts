import type { Text } from "../text.js";
import type { Check, Failure, Mount } from "./mount.js";
import { FLOAT, NONE, WITH_PROBE } from "./second.js";
import type { Second } from "./second.js";
import {
  ANY,
  ASSEMBLE,
  CELLS,
  CELLS_CHECKS,
  CLOSE,
  COMMISSION,
  ECHO,
  ECHO_CABLE,
  LEAVE,
  LINE,
  LOOKING_DOWN,
  MAINS_CHECKS,
  check,
  failure,
  step,
  text,
} from "./common.js";

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
const MAINS: Fed = { checks: MAINS_CHECKS, failures: LINE };
/** A pack keeps the radio silent for half a minute at SF9, a minute at SF10, four at SF12: water is told of too late. */
const LINK: Check = check(
  "data rate of its messages at the network server: DR3 (SF9) or faster; else another gateway or another place of the antenna",
  "скорость его сообщений на сетевом сервере: DR3 (SF9) или быстрее; иначе другой шлюз или другое место антенны",
  "желілік сервердегі хабарларының жылдамдығы: DR3 (SF9) не жылдамырақ; әйтпесе басқа шлюз не антеннаға басқа орын",
  { min: 3, unit: "DR" },
);
const BATTERY: Fed = { checks: [...CELLS_CHECKS, LINK], failures: CELLS };

/** Closure is at 150 mm of water; the echo sees none below the offset and its noise floor, 35 mm at 3.5 m. */
const OFFSET_ALONE: Check = check(
  "offset to the lowest point, surveyed; if it is more, hang the post over the lowest point or build underpass-barrier: alone it would not see 150 mm of water",
  "превышение над нижней точкой, измерено; если больше – повесить пост над нижней точкой или строить underpass-barrier: один он не увидит 150 мм воды",
  "төменгі нүктеге дейінгі айырма, өлшенген; артық болса, бекетті ең төменгі нүктенің үстіне іліңіз не underpass-barrier құрыңыз: ол жалғыз 150 мм суды көрмейді",
  { min: 0, max: 110, unit: "mm" },
);
const OFFSET_WITH_SECOND: Check = check(
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
    { part: "anchors", count: 2 },
    { part: "sun-shield", count: 1 },
    ...float.extras,
  ],
  settings: [
    ...LOOKING_DOWN,
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
        "the largest of 30 mm, 1 % of the height, and three times the scatter of dry nights",
        "наибольшее из 30 мм, 1 % высоты и трёх разбросов сухих ночей",
        "30 мм, биіктіктің 1 %-ы және құрғақ түндердегі шашыраудың үш еселенгені: ең үлкені",
      ),
    },
    ...float.settings,
  ],
  steps: [
    ECHO_CABLE,
    ...ASSEMBLE,
    step(
      "Choose the place on the wall above the lowest point, outside the traffic's gauge, 2.5–3.5 m above the gutter, where the owner of the bridge allows two anchors.",
      "Выберите место на стене над нижней точкой, вне габарита движения, 2,5–3,5 м над лотком, где владелец моста разрешил анкеры.",
      "Қабырғадан ең төменгі нүктенің үстінен, көлік габаритінен тыс, наудан 2,5–3,5 м биікте, көпір иесі анкерге рұқсат еткен орын таңдаңыз.",
      text(
        "Further up the error grows with the distance; further down a lorry or a hand reaches it.",
        "Выше растёт ошибка, ниже достанет грузовик или рука.",
        "Жоғарырақта қате өседі, төменірекке жүк көлігі не қол жетеді.",
      ),
    ),
    step(
      "Arm out so that nothing (wall, pipe, kerb, sign) comes nearer than 300 mm to the plumb line.",
      "Вынесите кронштейн так, чтобы к отвесу ничего (стена, труба, бордюр, знак) не было ближе 300 мм.",
      "Кронштейнді тік сызыққа ештеңе (қабырға, құбыр, жиектас, белгі) 300 мм-ден жақын болмайтындай шығарыңыз.",
      text(
        "The beam spreads; an edge inside it is taken for water.",
        "Луч расходится; край в нём примется за воду.",
        "Сәуле жайылады; ішіндегі қыр су деп қабылданады.",
      ),
    ),
    step(
      "Set the sensor plumb with a digital level, both ways, to 3°; tighten; push by hand: the reading must not move by more than 5 mm.",
      "Выставьте датчик по цифровому уровню в двух направлениях, до 3°; затяните; нажмите рукой: показание не должно уйти более чем на 5 мм.",
      "Датчикті сандық деңгеймен екі бағытта 3°-қа дейін тік қойыңыз; тартыңыз; қолмен итеріңіз: көрсеткіш 5 мм-ден артық жылжымасын.",
    ),
    step(
      "Hang the box on the wall beside the bracket, its lower wall at least 2.5 m above the road; cables go in from below, and the sensor's reaches without a joint.",
      "Повесьте корпус на стену рядом с кронштейном, нижней стенкой не ниже 2,5 м над дорогой; кабели входят снизу, кабель датчика без сращивания.",
      "Корпусты кронштейн жанындағы қабырғаға іліңіз, төменгі қабырғасы жолдан кемінде 2,5 м; кабельдер астынан кіреді, датчик кабелі жалғаусыз жетеді.",
      text(
        "Water in the box ends the post, and the flood that it is there for.",
        "Вода в корпусе – конец поста, а с ним и данных о подтоплении.",
        "Корпусқа су кірсе, бекет те, су басу дерегі де тоқтайды.",
      ),
    ),
    ...float.steps,
    step(
      "Survey the offset to the lowest point (below), measure height and tilt, write all three down.",
      "Измерьте превышение над нижней точкой (ниже), высоту и наклон, запишите все три.",
      "Төменгі нүктеге дейінгі айырманы (төменде), биіктік пен көлбеуді өлшеп, үшеуін де жазыңыз.",
    ),
    ...COMMISSION,
    step(
      "Tell the board its dry road: npx aryk board set <board> zeroMm=<distance that the page shows over the dry road>.",
      "Сообщите плате расстояние до сухой дороги: npx aryk board set <board> zeroMm=<расстояние на странице над сухой дорогой>.",
      "Платаға құрғақ жолға дейінгі қашықтықты айтыңыз: npx aryk board set <board> zeroMm=<құрғақ жол үстінде бетте көрінген қашықтық>.",
      text(
        "By it the board measures more often when water comes, also when it was started in a flood.",
        "По нему плата измеряет чаще, когда приходит вода, даже если её включили во время подтопления.",
        "Соған қарап су келгенде плата жиірек өлшейді, су басу кезінде қосылса да.",
      ),
    ),
    step(
      "Ring the duty officer: a test at <site>, from … to …. When the first alarm stands on the page, shelve it for 30 minutes; ring again when you have finished.",
      "Позвоните дежурному: испытание на <площадка>, с … до …. Когда на странице появится первая тревога, отложите её на 30 минут; закончив, позвоните снова.",
      "Кезекшіге қоңырау шалыңыз: <орны>, сынақ, … бастап … дейін. Бетте алғашқы дабыл шыққанда, оны 30 минутқа кейінге қалдырыңыз; бітірген соң қайта қоңырау шалыңыз.",
      text(
        "Only an alarm that stands can be shelved, and a higher level breaks the shelf: what you do here can still call people.",
        "Отложить можно только поднятую тревогу, а более высокий уровень снимает отсрочку: сообщения всё равно могут уйти людям.",
        "Тек көтерілген дабылды кейінге қалдыруға болады, ал жоғарырақ деңгей оны бұзады: хабар адамдарға бәрібір кетуі мүмкін.",
      ),
    ),
    ...float.trial,
    step(
      "Hold a board of 300 × 300 mm flat, 150 mm above the road below the sensor, until the page shows its depth: a dry post sees it within 5 minutes. Two rounds with it raise a closure, with a large offset danger to life.",
      "Держите щит 300 × 300 мм ровно под датчиком, в 150 мм над дорогой, пока страница не покажет его глубину: сухой пост увидит его в течение 5 минут. Два измерения с ним поднимут закрытие, при большом превышении – опасность для жизни.",
      "300 × 300 мм тақтаны датчик астында, жолдан 150 мм биікте, бет оның тереңдігін көрсеткенше тегіс ұстаңыз: құрғақ бекет оны 5 минут ішінде көреді. Онымен екі өлшеу жабуды, айырма үлкен болса өмірге қауіпті көтереді.",
    ),
    step(
      "Take the board away and wait for “water gone” (15 minutes); the duty officer presses “Confirm all clear”. Do not leave before.",
      "Уберите щит и дождитесь «вода ушла» (15 минут); дежурный нажимает «Подтвердить отбой». Раньше не уходите.",
      "Тақтаны алып, «су кетті» дегенді күтіңіз (15 минут); кезекші «Аяқталғанын растау» дегенді басады. Оған дейін кетпеңіз.",
      text(
        "The alarm stays until somebody confirms: a test that is left standing is a closed road.",
        "Тревога стоит, пока её не подтвердят: забытое испытание – это закрытая дорога.",
        "Дабыл расталғанша тұрады: ұмытылған сынақ – жабық жол.",
      ),
    ),
    ...CLOSE,
  ],
  checks: [
    check("height of the face", "высота торца датчика", "датчик бетінің биіктігі", {
      min: 2500,
      max: 3500,
      unit: "mm",
    }),
    check("tilt, the larger of two", "наклон, больший из двух", "көлбеу, екеуінің үлкені", { max: 3, unit: "°" }),
    float === NONE ? OFFSET_ALONE : OFFSET_WITH_SECOND,
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
