/** Faults of sensors of the air, and of a vehicle's position. */
import type { Said } from "./said.js";

export const FAULTS_OF_AIR: Said[] = [
  ["no particles at all in any pack", "ни в одном пакете нет частиц", "ешбір пакетте бөлшек жоқ"],
  [
    "cable out of its socket, 5 V missing, RX and TX exchanged, or the counter is dead",
    "кабель вышел из гнезда, нет 5 В, RX и TX перепутаны, или счётчик неисправен",
    "кабель ұясынан шыққан, 5 В жоқ, RX пен TX ауысқан не санағыш бұзылған",
  ],
  ["the counter with its cable", "счётчик с кабелем", "кабелімен санағыш"],
  ["particles come and go", "частицы то есть, то нет", "бөлшектер бірде бар, бірде жоқ"],
  [
    "long or wet cable, a supply that sags when the fan starts",
    "длинный или мокрый кабель, питание проседает при пуске вентилятора",
    "ұзын не дымқыл кабель, желдеткіш қосылғанда қуат түседі",
  ],
  ["a cable, the 5 V supply", "кабель, блок питания 5 В", "кабель, 5 В қуат блогы"],
  [
    "every pack says the counter's own error",
    "в каждом пакете ошибка самого счётчика",
    "әр пакетте санағыштың өз қатесі",
  ],
  [
    "its fan stands still (spider, dust, ice) or its laser is out",
    "вентилятор стоит (паук, пыль, лёд) или не светит лазер",
    "желдеткіші тұр (өрмекші, шаң, мұз) не лазері сөнген",
  ],
  ["the counter", "счётчик", "санағыш"],
  ["a figure at the end of its scale", "значение на краю шкалы", "шкала шетіндегі мән"],
  ["an insect or water in the chamber", "насекомое или вода в камере", "камерада жәндік не су"],
  ["the counter, a fly screen", "счётчик, сетка от насекомых", "санағыш, жәндік торы"],
  [
    "no voltages from the cell; other parts on the same wires may be silent too",
    "нет напряжений ячейки; могут молчать и другие на тех же проводах",
    "ұяшық кернеуі жоқ; сол сымдардағы басқалары да үнсіз болуы мүмкін",
  ],
  [
    "the converter's plug, its address, a pull-up missing",
    "разъём преобразователя, его адрес, нет подтяжки",
    "түрлендіргіш ағытпасы, мекенжайы, тарту резисторы жоқ",
  ],
  ["an ADS1115 module with its cable", "модуль ADS1115 с кабелем", "кабелімен ADS1115 модулі"],
  [
    "one or both electrodes without a voltage",
    "на одном или обоих электродах нет напряжения",
    "бір не екі электродта кернеу жоқ",
  ],
  [
    "a wire off between cell board and converter, no V+, the cell out of its socket or dry",
    "отошёл провод между платой ячейки и преобразователем, нет V+, ячейка вышла из гнезда или высохла",
    "ұяшық платасы мен түрлендіргіш арасындағы сым шыққан, V+ жоқ, ұяшық ұясынан шыққан не кепкен",
  ],
  [
    "the cell's board with a cell that has been under bias for a day",
    "плата с ячейкой, сутки бывшей под смещением",
    "бір тәулік ығыстыруда тұрған ұяшығы бар плата",
  ],
  [
    "cable out of its socket, 5 V missing, SEL on ground, or no new figures: the sensor was started again",
    "кабель вышел из гнезда, нет 5 В, SEL на земле, или нет новых значений: датчик перезапускался",
    "кабель ұясынан шыққан, 5 В жоқ, SEL жерде не жаңа мән жоқ: датчик қайта қосылған",
  ],
  [
    "long cable beside a radio or a pump; on I²C above 20 cm",
    "длинный кабель рядом с радио или насосом; на I²C больше 20 см",
    "радио не сорғы жанындағы ұзын кабель; I²C-де 20 см-ден артық",
  ],
  ["a shorter cable", "кабель короче", "қысқарақ кабель"],
  ["on I²C no particles at all", "на I²C частиц нет вовсе", "I²C-де бөлшек мүлде жоқ"],
  [
    "SEL not on ground when power came, a pull-up missing",
    "SEL не был на земле при включении, нет подтяжки",
    "қуат қосылғанда SEL жерде болмаған, тарту резисторы жоқ",
  ],
  [
    "its fan is blocked, its laser out of range, or it lost its supply during the round",
    "вентилятор заклинил, лазер вне нормы, или питание пропало во время опроса",
    "желдеткіші тұрып қалған, лазері нормадан тыс не сұрау кезінде қуаты үзілген",
  ],
  [
    "no temperature, humidity or pressure",
    "нет температуры, влажности и давления",
    "температура, ылғалдылық, қысым жоқ",
  ],
  [
    "plug off, SDO open, a pull-up missing",
    "разъём отошёл, SDO не подключён, нет подтяжки",
    "ағытпа шыққан, SDO бос, тарту резисторы жоқ",
  ],
  ["a BME280 with its cable", "BME280 с кабелем", "кабелімен BME280"],
  ["every pack says the sensor's own error", "в каждом пакете ошибка самого датчика", "әр пакетте датчиктің өз қатесі"],
  [
    "a BMP280 was sold as a BME280, or a quantity is switched off",
    "вместо BME280 продан BMP280, или одна величина отключена",
    "BME280 орнына BMP280 сатылған не бір шама өшірулі",
  ],
  ["a BME280 whose humidity was seen", "BME280, влажность которого видели", "ылғалдылығы көрілген BME280"],
  ["a value beyond what there is", "значение, какого не бывает", "болмайтын мән"],
  [
    "the part is broken or was soldered too hot",
    "деталь неисправна или перегрета при пайке",
    "бөлшек бұзылған не дәнекерлегенде қызып кеткен",
  ],
  ["a BME280", "датчик BME280", "BME280 датчигі"],
  ["no sentence at all", "ни одного сообщения NMEA", "бірде-бір NMEA хабары жоқ"],
  [
    "no supply, a broken wire, another baud rate",
    "нет питания, обрыв провода, другая скорость",
    "қуат жоқ, сым үзілген, жылдамдығы басқа",
  ],
  ["only damaged sentences", "только повреждённые сообщения NMEA", "тек бүлінген NMEA хабарлары"],
  ["a bad earth, another baud rate", "плохая земля, другая скорость", "нашар жер, басқа жылдамдық"],
  ["it does not know where it is", "не знает, где находится", "қайда екенін білмейді"],
  [
    "no sky (garage, tunnel), antenna off, or just started",
    "нет неба (гараж, тоннель), антенна отошла или только включён",
    "аспан көрінбейді (гараж, тоннель), антенна шыққан не жаңа қосылған",
  ],
  ["antenna", "антенна", "антеннаның өзі"],
  ["a place that is none", "места, которого нет", "жоқ орын"],
  ["too few satellites", "мало спутников", "спутник аз"],
];
