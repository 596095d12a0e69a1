/** Parts that are not made for the cold that they can meet, by name: what then, said on the sheet to whoever stands there. */
import { text } from "./mounts/common.js";
import type { SiteTypeName } from "./sites.js";
import type { Text } from "./text.js";

export interface ColdException {
  /** Name in hardware/parts, or folder of the sensor. */
  part: string;
  /** Only at these; absent: wherever it is. */
  sites?: SiteTypeName[];
  /** What happens below its limit, and what the technician does about it. */
  means: Text;
}

export const COLD_EXCEPTIONS: ColdException[] = [
  {
    part: "breaker-6a",
    means: text(
      "Below its limit it may fail to trip: nobody opens the box in such frost with the feeding circuit on. Press its test button at the first visit after.",
      "Ниже предела может не сработать: в такой мороз корпус под напряжением не открывают. При первом визите после нажмите кнопку «Тест».",
      "Шегінен төменде ажыратпауы мүмкін: мұндай аязда қорап кернеу астында ашылмайды. Кейінгі алғашқы келгенде «Тест» түймесін басыңыз.",
    ),
  },
  {
    part: "sps30",
    sites: ["mobile-eco-post"],
    means: text(
      "A vehicle has no 230 V to heat with: below its limit the counts prove nothing, and a fan stuck by frost is a fault of the morning. Park it indoors in frost.",
      "На машине нечем греть: ниже предела показания ничего не доказывают, а застывший вентилятор – утренняя неисправность. В мороз ставьте машину в помещение.",
      "Көлікте жылытатын 230 В жоқ: шегінен төмендегі көрсеткіштер ештеңені дәлелдемейді, қатып қалған желдеткіш – таңғы ақау. Аязда көлікті жабық жерге қойыңыз.",
    ),
  },
  {
    part: "pressure",
    sites: ["underpass-barrier", "water-intake"],
    means: text(
      "Water that flows is never so cold, but ice crushes the membrane: where its tube can freeze through, take the probe out before the frost and write that down at the hub.",
      "Текущая вода так не остывает, но лёд раздавит мембрану: где труба может промёрзнуть, достаньте зонд до морозов и отметьте это на сервере.",
      "Ағын су олай суымайды, бірақ мұз мембрананы жаншиды: құбыр қатып қалатын жерде зондты аязға дейін шығарып, серверге жазыңыз.",
    ),
  },
  {
    part: "rain",
    sites: ["canal"],
    means: text(
      "Counts nothing in frost; snow in its funnel counts when it melts. Rain is believed above its limit only. Nothing to do but to clear the funnel in spring.",
      "В мороз ничего не считает; снег в воронке считается, когда тает. Дождю верят только выше предела. Весной очистите воронку, больше ничего не нужно.",
      "Аязда ештеңе санамайды; шұңғымадағы қар ерігенде саналады. Жаңбырға шегінен жоғарыда ғана сенеді. Көктемде шұңғыманы тазалау ғана керек.",
    ),
  },
  {
    part: "float",
    sites: ["underpass-barrier", "underpass-battery"],
    means: text(
      "Water is ice long before, and a float that is frozen in does not rise: lift it by its hook after each such frost, the hub must show water.",
      "Вода замерзает гораздо раньше, вмёрзший поплавок не всплывёт: после такого мороза поднимите его крючком, сервер должен показать воду.",
      "Су одан көп бұрын қатады, қатып қалған қалтқы көтерілмейді: ондай аяздан кейін оны ілмекпен көтеріңіз, сервер суды көрсетуі керек.",
    ),
  },
  {
    part: "a02yyuw",
    sites: ["underground-container"],
    means: text(
      "The shaft is warmer than the air, how much nobody has measured. Below its limit it gives no echo or a wrong one: in such frost the container is emptied by its timetable.",
      "Шахта теплее воздуха, насколько – никто не измерял. Ниже предела эха нет или оно неверно: в такой мороз контейнер опорожняют по графику.",
      "Шахта ауадан жылы, қаншаға екенін ешкім өлшеген жоқ. Шегінен төменде жаңғырық жоқ не қате: мұндай аязда контейнер кестемен босатылады.",
    ),
  },
  {
    part: "a02yyuw",
    sites: ["eco-station"],
    means: text(
      "Under a roof out of doors it can be as cold as the air. Below its limit it gives no echo or a wrong one: in such frost go by the weight. Do not replace it by another kind: that needs another image.",
      "Под навесом бывает так же холодно, как снаружи. Ниже предела эха нет или оно неверно: в такой мороз смотрите на вес. Датчиком другого типа не заменять: нужна другая прошивка.",
      "Шатыр астында сырттағыдай суық болуы мүмкін. Шегінен төменде жаңғырық жоқ не қате: мұндай аязда салмаққа қараңыз. Басқа түрге ауыстырмаңыз: оған басқа прошивка керек.",
    ),
  },
];
