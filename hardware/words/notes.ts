/** Notes of parts: boards, lines, mains, boxes, wires. */
import type { Said } from "./said.js";

export const NOTES: Said[] = [
  [
    "Never sleeps in Espruino's ESP32 build: mains or a vehicle only.",
    "В сборке Espruino для ESP32 не спит: только сеть или автомобиль.",
    "Espruino-ның ESP32 құрамасында ұйықтамайды: тек желі не көлік.",
  ],
  [
    "Such modules drive the line for a 0 alone; its 1 is the adaptor's bias, which the polarity's step measures. Its 120 Ω joined (jumper, or a resistor across A and B).",
    "Такие модули активно передают только 0; 1 держит смещение преобразователя, его измеряют на шаге о полярности. 120 Ом модуля подключены (перемычка или резистор между A и B).",
    "Мұндай модульдер желіні тек 0 үшін қоздырады; 1-ді түрлендіргіштің ығысуы ұстайды, ол полярлық қадамында өлшенеді. Модульдің 120 Ом-ы қосулы (тұйықтағыш не A мен B арасындағы резистор).",
  ],
  [
    "Its link in /dev/serial/by-id goes into hub.yaml.",
    "Его ссылка из /dev/serial/by-id вносится в hub.yaml.",
    "Оның /dev/serial/by-id сілтемесі hub.yaml файлына жазылады.",
  ],
  [
    "Earth it by the shortest wire. One in the box; the other stands beside the hub, and both are renewed after a strike.",
    "Заземлите кратчайшим проводом. Одна в корпусе, другая у сервера; после удара молнии меняют обе.",
    "Ең қысқа сыммен жерлендіріңіз. Бірі корпуста, екіншісі сервер жанында; найзағайдан кейін екеуі де ауыстырылады.",
  ],
  [
    "One pair for A and B, the other for 0 V. Its shield is earthed at the hub and nowhere else.",
    "Одна пара для A и B, другая для 0 В. Экран заземлён у сервера и больше нигде.",
    "Бір жұп A мен B үшін, екіншісі 0 В үшін. Экраны тек сервер жағында жерленеді.",
  ],
  [
    "Its lower limit is −30 °C: the box's own warmth covers the rest.",
    "Его нижний предел −30 °C: остальное даёт тепло самого корпуса.",
    "Төменгі шегі −30 °C: қалғанын корпустың өз жылуы береді.",
  ],
  [
    "An electrician connects it. What is before it (cable, surge protection) stays live when it is off: the box is opened with the feeding circuit off, or by the electrician with the mains half covered. Made for −25 °C: below that it may fail to trip, and the box needs a visit, not trust.",
    "Подключает электрик. То, что до него (кабель, УЗИП), при отключении остаётся под напряжением: корпус открывают при отключённой питающей линии либо электрик при закрытой сетевой половине. Рассчитан до −25 °C: ниже может не сработать, нужен осмотр, а не доверие.",
    "Электрик қосады. Оған дейінгілер (кабель, қорғаныш) ол ажыратулы кезде де кернеуде: корпусты қоректендіру желісі ажыратылғанда не желі жағы жабық кезде электрик ашады. −25 °C-қа дейін есептелген: одан суықта іске қосылмауы мүмкін, сенім емес, тексеру керек.",
  ],
  [
    "Its window turns red when it is spent: on the half-yearly visit.",
    "Окно краснеет, когда он отработал: смотреть раз в полгода.",
    "Істен шықса терезесі қызарады: жарты жылдық барғанда қараңыз.",
  ],
  [
    "In the lead of the cells or of the 5 V rail.",
    "В проводе батареи или цепи 5 В.",
    "Батарея не 5 В тізбегінің сымында.",
  ],
  [
    "Laid and connected by an electrician, its own fuse of 10 A at most and a lock in the feeding board.",
    "Прокладывает и подключает электрик; в питающем щите свой предохранитель не более 10 А и замок.",
    "Электрик тартып қосады; қоректендіру қалқанында өз сақтандырғышы (10 А-ден аспайды) мен құлпы бар.",
  ],
  [
    "The second PE is for the surge protection of cables: PE, +V and −V alone cross to the other half.",
    "Вторая PE – для грозозащиты кабелей: в другую половину переходят только PE, +V и −V.",
    "Екінші PE – кабель қорғаныштары үшін: екінші жаққа тек PE, +V, −V өтеді.",
  ],
  [
    "An electrician's work. Surge protection of type 2 wants 6 mm² of copper to earth (IEC 60364-5-53, 534).",
    "Работа электрика. УЗИП класса II требует 6 мм² меди к земле (IEC 60364-5-53, 534).",
    "Электрик жұмысы. II класс қорғанышына жерге дейін 6 мм² мыс керек (IEC 60364-5-53, 534).",
  ],
  [
    "Nobody but an electrician takes it off, and only with the feeding circuit off and locked.",
    "Снимает только электрик и только при отключённой и запертой питающей линии.",
    "Тек электрик шешеді, қоректендіру желісі ажыратылып құлыпталғанда ғана.",
  ],
  [
    "Some ten seconds: enough to finish a write to flash. Filled through 10 Ω; a Schottky diode across it lets the current out.",
    "Около десяти секунд: хватает закончить запись во флеш. Заряд через 10 Ом, ток наружу – через диод Шоттки параллельно ему.",
    "Шамамен он секунд: флешке жазуды аяқтауға жетеді. 10 Ом арқылы толады, ток оған қатар Шоттки диоды арқылы шығады.",
  ],
  [
    "Mains in one half, 5 V in the other, a partition between them.",
    "Сеть в одной половине, 5 В в другой, между ними перегородка.",
    "Бір жағында желі, екіншісінде 5 В, арасында қалқа.",
  ],
  [
    "Lacquered after the bench test; sockets and terminals are covered meanwhile.",
    "Лакируется после стенда; разъёмы и клеммы на это время закрыть.",
    "Стенд сынағынан кейін лакталады; ағытпалар мен клеммалар сол кезде жабылады.",
  ],
  [
    "Count its rows before ordering: boards with 2 × 15 pins do not fit.",
    "Перед заказом сосчитайте ряды: платы 2 × 15 не подходят.",
    "Тапсырыс алдында қатарын санаңыз: 2 × 15 шығысты плата сыймайды.",
  ],
  [
    "In the lower wall. Without it a box that cools draws water in past its seals.",
    "В нижней стенке. Без него остывающий корпус втягивает воду через уплотнения.",
    "Төменгі қабырғада. Онсыз салқындаған корпус тығыздағыштан су тартады.",
  ],
  [
    "One cable to a gland. In the lower wall only.",
    "Один кабель на ввод. Только в нижней стенке.",
    "Бір кірмеге бір кабель. Тек төменгі қабырғада.",
  ],
  [
    "For cables of 7–10 mm (mains, data line, pressure probe) and for sensors with a plug.",
    "Для кабелей 7–10 мм (сеть, линия данных, зонд давления) и датчиков с разъёмом.",
    "7–10 мм кабельдерге (желі, дерек желісі, қысым зонды) және ағытпалы датчиктерге.",
  ],
  [
    "Shield to ground at the board's end only. A drip loop below each gland.",
    "Экран к GND только у платы. Под каждым вводом петля для стока.",
    "Экран тек плата жағында GND-ге. Әр кірме астында су ағатын ілмек.",
  ],
  [
    "Over every joint outside of the box, and over the pins at a sensor's back.",
    "На каждое соединение вне корпуса и на выводы с тыла датчика.",
    "Корпустан тыс әр жалғауға және датчик артындағы шығыстарға.",
  ],
  [
    "Where a net of the picture joins more than two ends, they meet here; 3V3 and the bus on the board for modules.",
    "Здесь сходятся цепи схемы, где концов больше двух; 3V3 и шина – на монтажной плате.",
    "Сызбадағы ұшы екіден көп тізбектер осында түйіседі; 3V3 пен шина – модуль тақтасында.",
  ],
  [
    "The colours are a custom, the nets of the picture are the rule.",
    "Цвета – обычай, цепи на схеме – правило.",
    "Түстер – әдет, сызбадағы тізбектер – ереже.",
  ],
  [
    "No bare strands in a screw terminal: they work loose in the cold.",
    "В винтовой клемме нет голых жил: на морозе они ослабевают.",
    "Бұрандалы клеммада жалаңаш тал болмасын: суықта босайды.",
  ],
  [
    "Renewed whenever the box was open.",
    "Меняется всякий раз, когда корпус открывали.",
    "Корпус ашылған сайын ауыстырылады.",
  ],
  ["One outside, one inside the lid.", "Одна снаружи, одна внутри крышки.", "Бірі сыртта, бірі қақпақ ішінде."],
  [
    "Stiff: a hand's push must not move the face by more than 5 mm.",
    "Жёсткий: от нажима рукой торец не смещается более чем на 5 мм.",
    "Қатты: қолмен итергенде датчик беті 5 мм-ден артық жылжымайды.",
  ],
  [
    "Two to a sensor, above and below the plate. Try it on the sensor when you buy it: pipe threads of several kinds are called ¾″.",
    "Две на датчик, над пластиной и под ней. При покупке примерьте на датчик: ¾″ называют трубные резьбы разных видов.",
    "Датчикке екеу, тақтаның үсті мен астында. Сатып аларда датчикке кигізіп көріңіз: ¾″ деп әртүрлі құбыр бұрандалары аталады.",
  ],
  [
    "One set to the bracket, one to the box, one to the clamps of a tube. Ask for the plan of the reinforcement before drilling a bridge.",
    "Комплект на кронштейн, комплект на корпус, комплект на хомуты трубы. Прежде чем сверлить мост, запросите схему арматуры.",
    "Кронштейнге бір жинақ, корпусқа бір жинақ, құбыр қамыттарына бір жинақ. Көпірді бұрғыламас бұрын арматура сызбасын сұраңыз.",
  ],
  [
    "Sun on the housing of an ultrasonic sensor makes it read centimetres too far.",
    "Солнце на корпусе ультразвукового датчика завышает расстояние на сантиметры.",
    "Ультрадыбыс датчигінің корпусына түскен күн қашықтықты сантиметрлеп арттырады.",
  ],
  [
    "For temperature and humidity of the air; in the shade, on a pole its north side.",
    "Для температуры и влажности воздуха; в тени, на опоре – с севера.",
    "Ауа температурасы мен ылғалдылығына; көлеңкеде, тіреуде – солтүстік жағында.",
  ],
  [
    "Only where the box is of metal or the access point is more than 30 m away: else leave it out, with its hole.",
    "Только если корпус металлический или до точки доступа больше 30 м: иначе не ставьте, и отверстия не делайте.",
    "Корпус металл болса не қатынау нүктесі 30 м-ден алыс болса ғана: әйтпесе қоймаңыз, тесігін де жасамаңыз.",
  ],
  [
    "The box hangs 2.5 m above the road and more. Joined to the float's leads in resin.",
    "Корпус висит в 2,5 м над дорогой и выше. С выводами поплавка соединяется в смоле.",
    "Корпус жолдан 2,5 м және одан биік. Қалтқы сымдарымен шайырда қосылады.",
  ],
  [
    "For a pressure probe or a float; never in front of an ultrasonic sensor.",
    "Для зонда давления или поплавка; никогда перед ультразвуковым датчиком.",
    "Қысым зондына не қалтқыға; ультрадыбыс датчигінің алдына ешқашан қойылмайды.",
  ],
  [
    "Three to a tube, each on an anchor M8.",
    "Три на трубу, каждый на анкере M8.",
    "Құбырға үшеу, әрқайсысы M8 анкерінде.",
  ],
  [
    "So that the module lies flat in a box that hangs on a wall.",
    "Чтобы модуль лежал горизонтально в корпусе, висящем на стене.",
    "Қабырғада ілінген корпуста модуль көлденең жатуы үшін.",
  ],
  [
    "Fuse of 50 mA in its lead to the probe. On cells it runs only while the probe is asked.",
    "В проводе к зонду предохранитель 50 мА. От батареи работает, только пока опрашивают зонд.",
    "Зондқа баратын сымда 50 мА сақтандырғыш. Батареяда зонд сұралғанда ғана жұмыс істейді.",
  ],
  [
    "No holes in lamp posts: their owner's rule.",
    "Опоры освещения не сверлят: правило владельца.",
    "Жарық бағандары бұрғыланбайды: иесінің ережесі.",
  ],
  [
    "Inlet and outlet 100 mm apart, both downward; the fan's two openings never share one space.",
    "Вход и выход в 100 мм, оба вниз; два отверстия вентилятора никогда не в одном объёме.",
    "Кіріс пен шығыс арасы 100 мм, екеуі де төмен; желдеткіштің екі тесігі бір қуыста болмайды.",
  ],
  [
    "On the mains side, behind the same breaker; 100 mm away from the gas cells.",
    "На сетевой стороне, за тем же автоматом; в 100 мм от газовых ячеек.",
    "Желі жағында, сол автоматтың артында; газ ұяшықтарынан 100 мм.",
  ],
  [
    "Inside, before anything else is in the box: all walls, floor and lid, cut out around glands, elbows, cells and the ends of the rail.",
    "Внутри, пока корпус пуст: все стенки, дно и крышка, с вырезами вокруг вводов, колен, ячеек и концов рейки.",
    "Ішінде, корпус бос кезде: барлық қабырға, түбі мен қақпағы, кірмелер, иіндер, ұяшықтар мен рейка ұштары айналасы кесіледі.",
  ],
  [
    "On a terminal that is live with the ignition off only if the vehicle is driven daily: 0.2 A empties a battery in two weeks.",
    "К клемме, живой при выключенном зажигании, только если машина ездит ежедневно: 0,2 А разряжают аккумулятор за две недели.",
    "От алдыру өшкенде де қуатты клеммаға көлік күн сайын жүрсе ғана: 0,2 А аккумуляторды екі аптада босатады.",
  ],
  ["Within 200 mm of the battery.", "Не далее 200 мм от аккумулятора.", "Аккумулятордан 200 мм ішінде."],
  [
    "The container's own galvanising is painted where it was drilled.",
    "Место сверления оцинкованного контейнера закрасить.",
    "Контейнердің бұрғыланған мырышталған жері боялады.",
  ],
];
