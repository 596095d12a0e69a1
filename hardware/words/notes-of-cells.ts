/** Notes of parts of posts on cells, and of their radios. */
import type { Said } from "./said.js";

export const NOTES_OF_CELLS: Said[] = [
  [
    "Fed at its 3V3 pin, never at BAT: its charger must not see a cell that cannot be charged.",
    "Питается через вывод 3V3, никогда через BAT: её зарядное не должно видеть незаряжаемый элемент.",
    "3V3 шығысынан қоректенеді, BAT-тан ешқашан: зарядтағышы зарядталмайтын элементті көрмеуі тиіс.",
  ],
  [
    "One firmware for all: sys get ver must say 1.0.5 or later.",
    "Одна прошивка для всех: sys get ver должен показать 1.0.5 или новее.",
    "Бәріне бір прошивка: sys get ver 1.0.5 не жаңарағын көрсетуі тиіс.",
  ],
  ["Upright, clear of metal by 200 mm.", "Вертикально, металл не ближе 200 мм.", "Тік, металлдан 200 мм алыс."],
  [
    "Dangerous goods, class 9. Two are joined through a diode each, so that one cannot charge the other.",
    "Опасный груз, класс 9. Два соединяются каждый через свой диод, чтобы один не заряжал другой.",
    "Қауіпті жүк, 9-класс. Екеуі әрқайсысы өз диоды арқылы қосылады: бірі екіншісін зарядтамауы үшін.",
  ],
  [
    "Keeps one cell from charging the other.",
    "Не даёт одному элементу заряжать другой.",
    "Бір элементтің екіншісін зарядтауына жол бермейді.",
  ],
  [
    "A cold cell alone collapses under a radio's pulse. Behind the diodes, before the fuse.",
    "Холодный элемент без него проседает от импульса радио. После диодов, до предохранителя.",
    "Суық элемент онсыз радио импульсінен құлайды. Диодтардан кейін, сақтандырғышқа дейін.",
  ],
  [
    "Feeds the board's 3V3 pin: unplug it before USB is plugged in.",
    "Питает вывод 3V3 платы: отключите его, прежде чем подключать USB.",
    "Платаның 3V3 шығысын қоректендіреді: USB қоспас бұрын ажыратыңыз.",
  ],
  [
    "Between the 3.5 V rail and the sensors that sleep too lightly.",
    "Между цепью 3,5 В и датчиками, которые спят слишком чутко.",
    "3,5 В тізбегі мен тым сақ ұйықтайтын датчиктердің арасында.",
  ],
  [
    "The only thing on BAT: from the board's charger (4.2 V) it lets no more than 60 µA into a cell of 3.6 V.",
    "Единственное на BAT: от зарядного платы (4,2 В) пропускает в элемент 3,6 В не более 60 мкА.",
    "BAT-тағы жалғыз нәрсе: плата зарядтағышынан (4,2 В) 3,6 В элементке 60 мкА-ден артық өткізбейді.",
  ],
  ["Pulled before USB is plugged in.", "Вынимается до подключения USB.", "USB қосылғанша суырылады."],
  [
    "Light grey: a dark box is 20 K hotter in July.",
    "Светло-серый: тёмный корпус в июле горячее на 20 К.",
    "Ашық сұр: қара корпус шілдеде 20 К ыстық.",
  ],
  [
    "Never charged below 0 °C: the charger's thermistor forbids it.",
    "Ниже 0 °C не заряжается: запрещает термистор контроллера.",
    "0 °C-тан төмен зарядталмайды: контроллер термисторы тыйым салады.",
  ],
  [
    "Must stop below 0 °C: checked with ice on the bench.",
    "Должен останавливаться ниже 0 °C: проверяется льдом на стенде.",
    "0 °C-тан төмен тоқтауы тиіс: стендте мұзбен тексеріледі.",
  ],
  [
    "Faces south, 65° from level: the December sun stands at 23°, and snow does not stay.",
    "На юг, 65° от горизонта: декабрьское солнце стоит на 23°, и снег не держится.",
    "Оңтүстікке, көлденеңнен 65°: желтоқсан күні 23°-та, қар тұрмайды.",
  ],
  [
    "LTE-M and NB-IoT only; the provider must grant PSM, or the battery lasts weeks.",
    "Только LTE-M и NB-IoT; оператор должен разрешить PSM, иначе батареи хватит на недели.",
    "Тек LTE-M және NB-IoT; оператор PSM беруі тиіс, әйтпесе батарея аптаға жетеді.",
  ],
  [
    "On plastic, or on a lid of metal that the maker allows.",
    "На пластике или на металлической крышке, если изготовитель это допускает.",
    "Пластикте не өндіруші рұқсат еткен металл қақпақта.",
  ],
  [
    "Ask the provider in writing whether PSM is granted, and for how long.",
    "Письменно спросите оператора, разрешён ли PSM и на какой срок.",
    "Операторден PSM беріле ме, қанша уақытқа – жазбаша сұраңыз.",
  ],
  [
    "Look up the order of its legs in the maker's sheet: not all makers keep the same.",
    "Порядок ножек смотрите в листе изготовителя: он не у всех одинаков.",
    "Аяқтарының ретін өндіруші парағынан қараңыз: бәрінде бірдей емес.",
  ],
];
