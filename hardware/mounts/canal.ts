import type { Mount } from "./mount.js";
import {
  ANY,
  ASSEMBLE,
  CLOSE,
  COMMISSION,
  ECHO,
  ECHO_CABLE,
  LEAVE,
  ANCHORS,
  ECHO_HEAD,
  LIMITS_CHECK,
  lookingDown,
  PANEL,
  check,
  failure,
  step,
  text,
} from "./common.js";

export const CANAL: Mount = {
  site: "canal",
  label: text("canal, aryk", "канал, арык", "канал, арық"),
  inTheCity: text(
    "376 km of aryks, 8 river reaches, 64 sub-drains; posts where they overflow",
    "376 км арыков, 8 участков рек, 64 дренажа; посты там, где они переполняются",
    "376 км арық, 8 өзен учаскесі, 64 дренаж; бекеттер тасып кететін жерде",
  ),
  heightMm: [800, 3000],
  above: text(
    "the bank's edge no less than 500 mm below the face, the bed no more than 4.5 m",
    "бровка не менее чем в 500 мм ниже торца, дно не далее 4,5 м",
    "жиек датчик бетінен кемінде 500 мм төмен, түбі 4,5 м-ден алыс емес",
  ),
  offset: text(
    "Zero is the bed at the deepest point of the section; the bank's edge is levelled as well, because overflow counts from it.",
    "Ноль – дно в глубочайшей точке сечения; нивелируется и бровка, от неё считается перелив.",
    "Нөл – қиманың ең терең нүктесіндегі түбі; жиек те нивелирленеді, тасу содан есептеледі.",
  ),
  tiltMaxDeg: 3,
  deadZoneMm: 300,
  shielding: text(
    "Sun shield above the sensor; the box on the bank's side, out of reach of flood and shovel.",
    "Козырёк над датчиком; корпус со стороны берега, вне досягаемости паводка и лопаты.",
    "Датчик үстінде қалқа; корпус жаға жағында, су тасқыны мен күректен алыс.",
  ),
  extras: [
    { part: "bracket", count: 1 },
    { part: "locknut-34", count: 2 },
    { part: "anchors", count: 2 },
    { part: "sun-shield", count: 1 },
    { part: "radiation-shield", count: 1 },
  ],
  settings: lookingDown(
    text(
      "the zero of the level (above), as it was levelled",
      "нуля уровня (выше), по нивелировке",
      "деңгей нөліне (жоғарыда), нивелирлеу бойынша",
    ),
  ),
  steps: [
    ECHO_CABLE,
    ...ASSEMBLE,
    ANCHORS,
    ECHO_HEAD,
    step(
      "Choose a straight stretch, three widths away from bends, gates and gratings; a footbridge is best.",
      "Выберите прямой участок, в трёх ширинах от поворотов, затворов и решёток; лучше мостик.",
      "Бұрылыс, қақпа, тордан үш ен қашық түзу бөлік таңдаңыз; көпірше ең дұрысы.",
    ),
    step(
      "Hang the sensor over the deepest third, plumb to 3°; no branch may reach under it by August.",
      "Датчик над глубочайшей третью, отвесно до 3°; ни одна ветка к августу не должна оказаться под ним.",
      "Датчик ең терең үштен бірінің үстінде, 3°-қа дейін тік; тамызға дейін астына бұтақ жетпесін.",
    ),
    step(
      "Rain gauge: rim level, 1 m above the ground, twice the height of any obstacle away from it.",
      "Осадкомер: кромка горизонтально, 1 м над землёй, от препятствий на две их высоты.",
      "Жауын өлшегіш: жиегі тегіс, жерден 1 м, кедергіден оның екі биіктігіндей алыс.",
    ),
    ...COMMISSION,
    ...CLOSE,
  ],
  checks: [
    check("face above the bank's edge", "торец над бровкой", "датчик беті жиектен", { min: 500, unit: "mm" }),
    check("face above the bed", "торец над дном", "датчик беті түбінен", { max: 4500, unit: "mm" }),
    check("tilt, the larger of two", "наклон, больший из двух", "көлбеу, екеуінің үлкені", { max: 3, unit: "°" }),
    check(
      "level by staff less level at the hub",
      "уровень по рейке минус на сервере",
      "рейка мен сервер деңгейінің айырмасы",
      {
        min: -20,
        max: 20,
        unit: "mm",
      },
    ),
    check(
      "ten tips by hand counted at the hub",
      "десять опрокидываний вручную на сервере",
      "қолмен он аударым серверде",
      {
        min: 10,
        max: 10,
        unit: "tips",
      },
    ),
    LIMITS_CHECK,
    ...LEAVE,
  ],
  failures: [
    ...ECHO,
    failure(
      text(
        "level high, no rain, neighbours low",
        "уровень высокий, дождя нет, у соседей низкий",
        "деңгей жоғары, жауын жоқ, көршілерде төмен",
      ),
      text(
        "aryk blocked with litter below the post",
        "арык забит мусором ниже поста",
        "арық бекеттен төмен қоқыспен бітелген",
      ),
      text("rake; call the road crew", "грабли; вызвать дорожную службу", "тырма; жол қызметін шақырыңыз"),
    ),
    failure(
      text("no rain counted while it rains", "дождь идёт, счёт стоит", "жауын жауып тұр, санақ тұр"),
      text(
        "funnel blocked, bucket stuck, reed",
        "воронка забита, ковш застрял, геркон",
        "шұңғыма бітелген, шөміш тұрып қалған, геркон",
      ),
      text("brush, bucket, reed contact", "щётка, ковш, геркон", "щётка, шөміш, геркон"),
    ),
    ...PANEL,
    ...ANY,
  ],
};
