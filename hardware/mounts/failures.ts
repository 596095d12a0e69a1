/** What posts suffer from, and what to carry there. */
import type { Failure } from "./mount.js";
import { failure, text } from "./texts.js";

const SERIAL: Failure["uplinks"] = ["serial"];

/** What a post at the end of a line suffers from. */
const LINE: Failure[] = [
  {
    ...failure(
      text(
        "at the end of a line: silent, or only damaged lines at the hub",
        "на линии: молчит или на сервере только повреждённые строки",
        "желі ұшында: үнсіз не серверде тек бүлінген жолдар",
      ),
      text(
        "A and B exchanged, surge protection spent, no 120 Ω at an end, no bias at the adaptor, another baud rate in hub.yaml",
        "перепутаны A и B, сработала грозозащита, нет 120 Ом на конце, нет смещения у преобразователя, другая скорость в hub.yaml",
        "A мен B ауысқан, қорғаныш істен шыққан, ұшында 120 Ом жоқ, түрлендіргіште ығыстыру жоқ, hub.yaml-да басқа жылдамдық",
      ),
      text(
        "surge protection of a line, RS-485 module and adaptor, multimeter",
        "грозозащита линии, модуль и преобразователь RS-485, мультиметр",
        "желі қорғанышы, RS-485 модулі мен түрлендіргіші, мультиметр",
      ),
    ),
    uplinks: SERIAL,
  },
  {
    ...failure(
      text(
        "at the end of a line: silent, and the others at that computer too",
        "на линии: молчит, и другие у того же компьютера тоже",
        "желі ұшында: үнсіз, сол компьютердегі басқалары да",
      ),
      text(
        "adaptor unplugged or dark, its name in hub.yaml, the hub is down",
        "преобразователь вынут или не горит, его имя в hub.yaml, сервер стоит",
        "түрлендіргіш суырылған не жанбайды, hub.yaml-дағы аты, сервер тоқтаған",
      ),
      text("RS-485 adaptor", "преобразователь RS-485", "RS-485 түрлендіргіші"),
    ),
    uplinks: SERIAL,
  },
];

const OVER_THE_AIR: Failure["uplinks"] = ["mqtt", "lora", "modem"];
const FED: Failure["supplies"] = ["mains", "vehicle"];
const ON_CELLS: Failure["supplies"] = ["battery", "solar"];

const GONE = text("silent, its neighbours are well", "молчит, соседи работают", "үнсіз, көршілері жұмыс істейді");
const AGAIN = text(
  "hello again and again, reset: watchdog or power",
  "часто выходит на связь заново, причина: сторож или питание",
  "қайта-қайта іске қосылады, себебі: күзетші не қуат",
);

/** What every box can suffer from: each row for the builds that have what it speaks of. */
export const ANY: Failure[] = [
  ...LINE,
  {
    ...failure(
      text("silent, all of its neighbours too", "молчит, соседи тоже", "үнсіз, көршілері де"),
      text(
        "gateway, access point or provider",
        "шлюз, точка доступа или оператор",
        "шлюз, қатынау нүктесі немесе оператор",
      ),
      text(
        "nothing to this post: go to the gateway",
        "ничего: ехать к шлюзу",
        "бұл бекетке ештеңе емес: шлюзге барыңыз",
      ),
    ),
    uplinks: OVER_THE_AIR,
  },
  {
    ...failure(
      GONE,
      text(
        "feeding circuit or breaker off, fuse, supply, or the post is gone",
        "отключена линия или автомат, предохранитель, блок питания, или пост снят",
        "желі не автомат ажыраған, сақтандырғыш, қуат блогы немесе бекет жоқ",
      ),
      text(
        "the electrician; multimeter, fuse, supply, a whole post",
        "электрик; мультиметр, предохранитель, блок питания, пост целиком",
        "электрик; мультиметр, сақтандырғыш, қуат блогы, бүтін бекет",
      ),
    ),
    supplies: ["mains"],
  },
  {
    ...failure(
      GONE,
      text(
        "vehicle stands for days, fuse of 3 A, converter, antenna under metal",
        "машина стоит днями, предохранитель 3 А, преобразователь, антенна под металлом",
        "көлік күндер бойы тұр, 3 А сақтандырғыш, түрлендіргіш, антенна металл астында",
      ),
      text(
        "multimeter, fuse 3 A, converter, a whole post",
        "мультиметр, предохранитель 3 А, преобразователь, пост целиком",
        "мультиметр, 3 А сақтандырғыш, түрлендіргіш, бүтін бекет",
      ),
    ),
    supplies: ["vehicle"],
  },
  {
    ...failure(
      GONE,
      text(
        "cells, fuse, antenna cable, or the post is gone",
        "элементы, предохранитель, кабель антенны, или пост снят",
        "элементтер, сақтандырғыш, антенна кабелі немесе бекет жоқ",
      ),
      text(
        "multimeter, fuses, cells, antenna, a whole post",
        "мультиметр, предохранители, элементы, антенна, пост целиком",
        "мультиметр, сақтандырғыштар, элементтер, антенна, бүтін бекет",
      ),
    ),
    supplies: ON_CELLS,
  },
  {
    ...failure(
      AGAIN,
      text(
        "water in the box, a loose wire, a supply that fails for moments",
        "вода в корпусе, плохой контакт, питание пропадает на мгновения",
        "корпуста су, босаған сым, қуат сәт сайын үзіледі",
      ),
      text(
        "desiccant, seal, ferrules, supply",
        "осушитель, уплотнение, наконечники, блок питания",
        "ылғал сіңіргіш, тығыздағыш, ұштықтар, қуат блогы",
      ),
    ),
    supplies: FED,
  },
  {
    ...failure(
      AGAIN,
      text(
        "water in the box, a loose wire, cells at their end",
        "вода в корпусе, плохой контакт, батарея на исходе",
        "корпуста су, босаған сым, батарея таусылуға жақын",
      ),
      text(
        "desiccant, seal, ferrules, cells",
        "осушитель, уплотнение, наконечники, элементы",
        "ылғал сіңіргіш, тығыздағыш, ұштықтар, элементтер",
      ),
    ),
    supplies: ON_CELLS,
  },
];

/** What a level sensor that looks down through the air suffers from. */
export const ECHO: Failure[] = [
  failure(
    text("obstacle, always the same", "препятствие, постоянно", "кедергі, үнемі бірдей"),
    text(
      "web, nest, leaf or ice on the face",
      "паутина, гнездо, лист или лёд на датчике",
      "датчик бетінде өрмек, ұя, жапырақ не мұз",
    ),
    text("ladder, soft brush, water", "лестница, мягкая щётка, вода", "саты, жұмсақ щётка, су"),
  ),
  failure(
    text("no echo", "нет эха", "жаңғырық жоқ"),
    text(
      "tilted, aimed at a slope, foam, or the sensor is at its end",
      "наклонён, направлен на откос, пена, или датчик неисправен",
      "қисайған, беткейге қараған, көбік немесе датчик істен шыққан",
    ),
    text("level, sensor, bracket screws", "уровень, датчик, винты кронштейна", "деңгей, датчик, кронштейн бұрандалары"),
  ),
  failure(
    text("electrical or timeout", "электрическая неисправность или нет ответа", "электр ақауы не жауап жоқ"),
    text("cable, water in a plug, sensor", "кабель, вода в разъёме, датчик", "кабель, ағытпада су, датчик"),
    text("sensor with cable, gland", "датчик с кабелем, ввод", "кабелімен датчик, кірме"),
  ),
  failure(
    text(
      "level wanders by centimetres with sun and night",
      "уровень плывёт на сантиметры днём и ночью",
      "деңгей күн мен түнге қарай сантиметрлеп ауытқиды",
    ),
    text(
      "sun on the housing: shade missing or turned",
      "солнце греет корпус: нет козырька или сбит",
      "корпусқа күн түседі: қалқа жоқ не бұрылған",
    ),
    text("sun shield", "козырёк", "қалқа"),
  ),
];

/** What a post on cells suffers from. */
export const CELLS: Failure[] = [
  failure(
    text(
      "battery voltage falls within weeks",
      "напряжение батареи падает за недели",
      "батарея кернеуі бірнеше аптада түседі",
    ),
    text(
      "the modem does not sleep, a sensor's switch stays on, water in the box",
      "модем не засыпает, ключ датчика не отключается, вода в корпусе",
      "модем ұйықтамайды, датчик кілті ажырамайды, корпуста су",
    ),
    text(
      "multimeter for µA, cells, a whole post",
      "микроамперметр, элементы, пост целиком",
      "микроамперметр, элементтер, бүтін бекет",
    ),
  ),
];

/** What a post on a panel suffers from. */
export const PANEL: Failure[] = [
  {
    supplies: ["solar"],
    ...failure(
      text(
        "cell voltage falls from October on",
        "напряжение аккумулятора падает с октября",
        "аккумулятор кернеуі қазаннан түседі",
      ),
      text(
        "panel dirty or shaded, fuse, charger",
        "панель грязная или в тени, предохранитель, контроллер",
        "панель кір не көлеңкеде, сақтандырғыш, контроллер",
      ),
      text(
        "cloth, panel, charger, a charged cell",
        "ткань, панель, контроллер, заряженный аккумулятор",
        "шүберек, панель, контроллер, зарядталған аккумулятор",
      ),
    ),
  },
];
