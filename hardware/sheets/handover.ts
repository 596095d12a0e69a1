/** Who answers for what before a post counts as watching: signed on paper, and what of it stands in the hub's registry. */
import { text } from "../mounts/common.js";
import type { Text } from "../text.js";
import { heading, paragraph, table, type Piece } from "./doc.js";
import type { Post } from "./of-build.js";
import { WORDS } from "./words.js";

interface Signature {
  who: Text;
  what: Text;
  when?: (post: Post) => boolean;
}

const SIGNATURES: Signature[] = [
  {
    who: text("owner of the place", "владелец места", "орын иесі"),
    what: text(
      "may be fixed and drilled there, by the plan of the reinforcement; who may come to it, and how; who may close the lane or the way below it, when, and with which signs",
      "разрешено крепить и сверлить, по схеме арматуры; кто и как имеет доступ; кто, когда и какими знаками вправе закрыть полосу или проход под постом",
      "арматура сызбасы бойынша бекітуге, бұрғылауға рұқсат; кім, қалай келе алады; бекет астындағы жолақты не өткелді кім, қашан, қандай белгімен жаба алады",
    ),
  },
  {
    who: text("technician", "техник", "техник (қоюшы)"),
    what: text(
      "built by this sheet; bench sheet passed (the hub keeps it: npx aryk bench <board> --last); settings as measured; every row of the checklist within its limit",
      "собрано по этому листу; стенд пройден (лист хранит сервер: npx aryk bench <board> --last); настройки – по измеренному; все строки проверки в пределах",
      "осы парақ бойынша құрастырылды; стенд сынағынан өтті (парағы серверде: npx aryk bench <board> --last); баптаулар өлшенгенге сай; тексерудің бәрі шегінде",
    ),
  },
  {
    who: text("electrician", "электрик", "электрик (желі)"),
    what: text(
      "feeding circuit with fuse and lock; the rows of the checklist that are the electrician's; when the next test of earth and breaker is due",
      "питающая линия с предохранителем и замком; строки проверки для электрика; дата следующей проверки заземления и дифавтомата",
      "сақтандырғышы мен құлпы бар қоректендіру желісі; тексерудегі электрик жолдары; жерлендіру мен дифавтоматтың келесі сынақ күні",
    ),
    when: ({ build }) => build.supply === "mains",
  },
  {
    who: text("duty officer", "дежурный", "кезекші"),
    what: text(
      "the test's alarms are confirmed and none is shelved; from now on an alarm of this site is real",
      "тревоги испытания подтверждены, отложенных нет; с этого момента тревога площадки настоящая",
      "сынақ дабылдары расталған, кейінге қалдырылғаны жоқ; енді бұл орынның дабылы шын",
    ),
    when: ({ type }) => type.rules.includes("flood"),
  },
  {
    who: text("keeper of the hub", "ответственный за сервер", "серверге жауапты"),
    what: text(
      "the registry says the same as this sheet: npx aryk site list, npx aryk board list, npx aryk calibration list <site>, npx aryk board show <board>; npx aryk backup <folder>",
      "в реестре то же, что в листе: npx aryk site list, npx aryk board list, npx aryk calibration list <site>, npx aryk board show <board>; npx aryk backup <папка>",
      "тізілімде парақтағыдай: npx aryk site list, npx aryk board list, npx aryk calibration list <site>, npx aryk board show <board>; npx aryk backup <папка>",
    ),
  },
];

const TITLE = text("Handover", "Передача", "Тапсыру");
const WHO = text("who", "кто", "кім");
const WHAT = text("signs that", "подписывает, что", "неге қол қояды");
const SIGNED = text("name, date, signature", "имя, дата, подпись", "аты-жөні, күні, қолы");
const REGISTRY = text(
  "Into the hub's registry go: the site with its type, name and place; one calibration record for each row of the settings; the board, assigned to the site; the site's and the board's own settings that steps and checklist name. On paper stay, under the site's name: this sheet, the permission, the photographs, the papers that came with sensors. A copy of the checklist lies in the lid.",
  "В реестр сервера идут: площадка с типом, именем и местом; по записи калибровки на каждую строку настроек; плата, привязанная к площадке; настройки площадки и платы, названные в шагах и проверке. На бумаге, под именем площадки: этот лист, разрешение, фотографии, паспорта датчиков. Копия проверки лежит в крышке.",
  "Сервер тізіліміне енеді: түрі, аты, орны бар алаң; баптаулардың әр жолына калибрлеу жазбасы; орнына тіркелген плата; қадамдар мен тексеруде аталған орын және плата баптаулары. Қағазда, орын атымен қалады: осы парақ, рұқсат, суреттер, датчик паспорттары. Тексеру көшірмесі қақпақта жатады.",
);

/** The section behind the checklist. */
export function handoverOf(posts: Post[], language: keyof Text): Piece[] {
  const rows = SIGNATURES.filter(({ when }) => when === undefined || posts.some(when)).map(({ who, what }) => [
    who[language],
    what[language],
    "",
  ]);
  return [
    heading(2, TITLE[language]),
    paragraph(WORDS.signed[language]),
    table(
      [WHO, WHAT, SIGNED].map((word) => word[language]),
      rows,
    ),
    paragraph(REGISTRY[language]),
  ];
}
