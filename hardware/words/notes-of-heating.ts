/** Notes of heaters, of the heads that stand away from a box, and of the regulators. */
import type { Said } from "./said.js";

export const NOTES_OF_HEATING: Said[] = [
  [
    "Screwed to the back of the mains side, below the rail, behind the same breaker and the thermostat; 100 mm away from the gas cells. Of protection class II it has no earth: PE stays at its terminal.",
    "Привинчен к задней стенке сетевой половины под рейкой, за тем же дифавтоматом и термостатом; в 100 мм от газовых ячеек. При классе защиты II заземления нет: PE остаётся на клемме.",
    "Желі жағының артқы қабырғасына, рейка астына бұралады, сол дифавтомат пен термостаттан кейін; газ ұяшықтарынан 100 мм. II қорғаныш класында жерге қосу жоқ: PE клеммада қалады.",
  ],
  [
    "Set to 5 °C: heats from −2 °C on, by its tolerance from −6 °C at the latest. Away from the heater, never above it.",
    "Выставить 5 °C: греет от −2 °C, с допуском не позже −6 °C. В стороне от нагревателя, никогда над ним.",
    "5 °C-қа қойылады: −2 °C-тан жылытады, ауытқуымен −6 °C-тан кеш емес. Жылытқыштан аулақ, ешқашан үстінде емес.",
  ],
  [
    "For the heaters of the heads alone: no 230 V leaves the box.",
    "Только для нагревателей головок: 230 В из корпуса не выходит.",
    "Тек бастиек жылытқыштарына: 230 В корпустан шықпайды.",
  ],
  [
    "No PTC: cold it draws several times as much. On a bracket of metal in the head's upper half, 60 mm away from the gas cell.",
    "Не позистор: холодным он берёт в несколько раз больше. На металлическом уголке в верхней половине головки, в 60 мм от газовой ячейки.",
    "Позистор емес: суықта ол бірнеше есе көп алады. Бастиектің жоғарғы жартысында металл бұрышта, газ ұяшығынан 60 мм.",
  ],
  [
    "Floor downward or on the adaptor: the elbows and the cell's face go through it.",
    "Дном вниз или на переходник: через дно проходят колена и лицо ячейки.",
    "Түбі төмен не өткізгіште: түбінен иіндер мен ұяшық беті өтеді.",
  ],
  [
    "I²C does not go through it: of its 400 pF (NXP UM10204, table 10) two such cables would leave nothing, so the converters stay in the box and the cells' voltages come along the cable. Two wires are ground, the fan's and the cell's, and two are the heater's: they meet in the box only. Shield to ground in the box only.",
    "I²C по нему не идёт: из его 400 пФ (NXP UM10204, таблица 10) два таких кабеля не оставили бы ничего, поэтому преобразователи в корпусе, а по кабелю идут напряжения ячеек. Две жилы – земля вентилятора и земля ячейки, две – нагреватель: они сходятся только в корпусе. Экран к земле только в корпусе.",
    "I²C онымен жүрмейді: оның 400 пФ-ынан (NXP UM10204, 10-кесте) мұндай екі кабель ештеңе қалдырмас еді, сондықтан түрлендіргіштер корпуста, кабельмен ұяшық кернеулері келеді. Екі сым – желдеткіш пен ұяшықтың жері, екеуі – жылытқыш: олар тек корпуста түйіседі. Экран жерге тек корпуста қосылады.",
  ],
  [
    "No leak around it: air that is drawn in there has not passed the filter.",
    "Без подсоса вокруг: воздух оттуда не прошёл фильтр.",
    "Айналасынан ауа кірмесін: ол ауа сүзгіден өтпеген.",
  ],
  [
    "Feeds the board's 3V3 pin: unplug it before USB is plugged in. A limit at its input would stop it when radio and sensor draw at once: they want up to 200 mA there.",
    "Питает вывод 3V3 платы: отключите его, прежде чем подключать USB. Предел на входе остановил бы его, когда радио и датчик работают вместе: там нужно до 200 мА.",
    "Платаның 3V3 шығысын қоректендіреді: USB қоспас бұрын ажыратыңыз. Кірістегі шек радио мен датчик бірге істегенде оны тоқтатар еді: онда 200 мА-ге дейін керек.",
  ],
  [
    "Feeds the board's 3V3 pin: unplug it before USB is plugged in. The smaller TPS63900 gives 400 mA, a modem that sends wants 500 alone.",
    "Питает вывод 3V3 платы: отключите его, прежде чем подключать USB. Меньший TPS63900 даёт 400 мА, а передающему модему одному нужно 500.",
    "Платаның 3V3 шығысын қоректендіреді: USB қоспас бұрын ажыратыңыз. Кішірек TPS63900 400 мА береді, жіберетін модемнің өзіне 500 керек.",
  ],
  ["opens when warm; set to 5 °C", "размыкает при нагреве; выставить 5 °C", "жылынғанда ажыратады; 5 °C-қа қойыңыз"],
  [
    "over the thermostat: opens when warm, set to 5 °C",
    "через термостат: размыкает при нагреве, выставить 5 °C",
    "термостат арқылы: жылынғанда ажыратады, 5 °C-қа қойыңыз",
  ],
  [
    "of a heater of class II: stays at the terminal",
    "у нагревателя класса II остаётся на клемме",
    "II класты жылытқышта клеммада қалады",
  ],
  [
    "not to GND: the heaters' current has wires of its own",
    "не к GND: у тока нагревателей свои жилы",
    "GND-ге емес: жылытқыш тогының өз сымдары бар",
  ],
];
