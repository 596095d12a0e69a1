/** Life and care of sensors. */
import type { Said } from "./said.js";

export const CARE: Said[] = [
  [
    "Inspect every half year for webs, dirt, and a drip of water on the face.",
    "Раз в полгода осмотреть: паутина, грязь, капля воды на торце.",
    "Жарты жылда бір қараңыз: өрмек, кір, бетіндегі су тамшысы.",
  ],
  [
    "No wearing part. Clean the filter cap yearly; solvents and fresh silicone shift the humidity for good.",
    "Изнашиваемых частей нет. Раз в год чистить колпачок фильтра; растворители и свежий силикон навсегда сдвигают влажность.",
    "Тозатын бөлігі жоқ. Сүзгі қалпағын жыл сайын тазалаңыз; еріткіш пен жаңа силикон ылғалдылықты біржола ауытқытады.",
  ],
  [
    "Lift it by hand twice a year, before the thaw and before the autumn rains: the page must show it.",
    "Поднимать дважды в год, перед оттепелью и перед осенними дождями: страница должна это показать.",
    "Жылына екі рет көтеріңіз, жылымық пен күзгі жаңбыр алдында: бет мұны көрсетуі тиіс.",
  ],
  [
    "Yearly: out of the water it must say 0 ± 0.5 % of its range; clean the membrane by rinsing only; change the desiccant.",
    "Ежегодно: вне воды показывает 0 ± 0,5 % диапазона; мембрану только ополаскивать; сменить осушитель.",
    "Жыл сайын: судан тыс 0 ± 0,5 % шек көрсетуі тиіс; мембрананы тек шайыңыз; ылғал сіңіргішті ауыстырыңыз.",
  ],
  [
    "Write its value down after mounting, and tell the hub: uprightDeg.",
    "После установки запишите его значение и сообщите серверу: uprightDeg.",
    "Орнатқан соң мәнін жазып алып, серверге айтыңыз: uprightDeg.",
  ],
  ["As the board.", "Как у платы.", "Платадағыдай."],
  [
    "The maker says a mean of three years of running. Read for 45 s in 300 s the laser outlives the dust: change the counter yearly in the city's air, or when its figures part from those of the post beside it.",
    "Изготовитель называет в среднем три года работы. При опросе 45 с из 300 с лазер переживёт пыль: в городском воздухе менять счётчик ежегодно или когда показания разойдутся с соседним постом.",
    "Өндіруші орта есеппен үш жыл жұмыс дейді. 300 с-тан 45 с оқылса, лазер шаңнан ұзақ шыдайды: қала ауасында санағышты жыл сайын не көрсеткіші көрші бекеттен алшақтағанда ауыстырыңыз.",
  ],
  [
    "It loses 20–40 % of its sensitivity a year. Co-locate every six months; order the next cell with the last record.",
    "Теряет 20–40 % чувствительности в год. Каждые полгода ставить рядом с эталоном; следующую ячейку заказывать с последней записью.",
    "Жылына сезімталдығының 20–40 %-ын жоғалтады. Жарты жылда бір эталон қасына қойыңыз; келесі ұяшыққа соңғы жазбамен бірге тапсырыс беріңіз.",
  ],
  [
    "The maker counts ten years of running; that holds only with the weekly cleaning of its fan.",
    "Изготовитель считает десять лет работы; верно лишь при еженедельной чистке вентилятора.",
    "Өндіруші он жыл жұмыс деп есептейді; желдеткіші апта сайын тазаланғанда ғана.",
  ],
  [
    "Keep solvents, flux and fresh silicone away from its hole.",
    "Не подпускать к отверстию растворители, флюс и свежий силикон.",
    "Тесігіне еріткіш, флюс, жаңа силикон жақындатпаңыз.",
  ],
  [
    "Look at the antenna's plug once a year.",
    "Раз в год проверять разъём антенны.",
    "Антенна ағытпасын жылына бір қараңыз.",
  ],
  [
    "Empty the funnel each month from April to October. In frost it measures nothing; snow tips when it melts.",
    "С апреля по октябрь ежемесячно чистить воронку. В мороз не измеряет; снег считается, когда тает.",
    "Сәуірден қазанға дейін шұңғыманы ай сайын тазалаңыз. Аязда өлшемейді; қар ерігенде саналады.",
  ],
  [
    "Wipe the face at every visit; change it when its readings scatter in an empty container.",
    "При каждом посещении протирать торец; менять, когда в пустом контейнере показания разбросаны.",
    "Әр барғанда бетін сүртіңіз; бос контейнерде көрсеткіші шашыраса ауыстырыңыз.",
  ],
  [
    "Check the gap when a lid was bent or changed.",
    "Проверить зазор, если крышку погнули или сменили.",
    "Қақпақ майысса не ауыстырылса, саңылауын тексеріңіз.",
  ],
  [
    "Check the tare with the container empty after every emptying; it drifts with temperature.",
    "После каждого вывоза проверять тару на пустом контейнере; она плывёт с температурой.",
    "Әр босатқан соң бос контейнерде тараны тексеріңіз; температураға қарай ауытқиды.",
  ],
];
