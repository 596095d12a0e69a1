/** Of the half of a box that carries 230 V: who may open it, how it is shut off, what the electrician checks. */
import type { Check, Step } from "./mount.js";
import { check, step, text } from "./texts.js";

const MAINS: Step["supplies"] = ["mains"];

/** In the box, before anything is wired in it. */
export const MAINS_LAYOUT: Step[] = [
  step(
    "The box as its picture shows (below, half its size): on its back, glands towards you, middle of the rail 75 mm from the upper wall. On the rail from the left: terminals L, N, PE; surge protection of 230 V; breaker; 5 V supply, and beside it the supply of 24 V or the thermostat where the picture has one; then the partition; fuse; terminals 5 V and GND; surge protection of each cable that comes from outside; carrier with the board. The board for modules on its spacers below the rail, right of the partition. Mains cable in the leftmost gland, all others right of the partition. Only PE and the 5 V supply's +V and −V cross, each in a sleeve, below the rail, where the partition has its slot; the fuse stands right of it.",
    "Корпус по его схеме (ниже, в половину размера): на спине, вводами к себе, середина рейки в 75 мм от верхней стенки. На рейке слева направо: клеммы L, N, PE; УЗИП 230 В; дифавтомат; блок питания 5 В, рядом с ним блок 24 В или термостат, если он есть на схеме; затем перегородка; предохранитель; клеммы 5 В и GND; грозозащита каждого кабеля снаружи; клеммная плата с платой. Монтажная плата на стойках под рейкой, правее перегородки. Кабель 230 В в крайнем левом вводе, остальные правее перегородки. Переходят только PE и +V, −V блока питания 5 В, каждый в трубке, под рейкой, через паз перегородки; предохранитель правее неё.",
    "Корпус өз сызбасындағыдай (төменде, жарты өлшемде): шалқасынан, кірмелері өзіңізге қарай, рейка ортасы жоғарғы қабырғадан 75 мм. Рейкада солдан: L, N, PE клеммалары; 230 В асқын кернеу қорғанышы; дифавтомат; 5 В қуат блогы, сызбада болса, жанында 24 В блогы не термостат; содан кейін қалқа; сақтандырғыш; 5 В және GND клеммалары; сырттан келетін әр кабельдің қорғанышы; платасы бар клеммалы тақта. Модуль тақтасы рейканың астында, қалқаның оң жағында, тіректе. 230 В кабелі ең сол жақ кірмеде, қалғандары қалқаның оң жағында. Тек PE мен 5 В қуат блогының +V, −V сымдары өтеді, әрқайсысы түтікте, рейка астында, қалқаның ойығынан; сақтандырғыш оның оң жағында.",
    undefined,
    MAINS,
  ),
];

/** The wires of both halves, and what keeps fingers off one of them. */
export const MAINS_WIRES: Step[] = [
  step(
    "Mains half, in this order from the cable: terminals, surge protection, breaker, 5 V supply; L brown, N blue, PE green and yellow. The wires to the surge protection, there and on to PE, are together no longer than 0.5 m. Behind the supply the fuse, then the terminals 5 V and GND, and from these one wire to each part; supercapacitors through their resistor and diode. An electrician does it, or looks at it before it is ever switched on.",
    "Сетевая половина, в этом порядке от кабеля: клеммы, УЗИП, дифавтомат, блок питания 5 В; L коричневый, N синий, PE жёлто-зелёный. Провода к УЗИП и от него к PE вместе не длиннее 0,5 м. За блоком питания предохранитель, затем клеммы 5 В и GND, от них по проводу к каждой детали; ионисторы через свой резистор и диод. Делает электрик или проверяет до первого включения.",
    "Желі жағы, кабельден бастап осы ретпен: клеммалар, асқын кернеу қорғанышы, дифавтомат, 5 В қуат блогы; L қоңыр, N көк, PE сары-жасыл. Қорғанышқа баратын және одан PE-ге дейінгі сымдар қосылып 0,5 м-ден аспайды. Қуат блогынан кейін сақтандырғыш, одан 5 В және GND клеммалары, олардан әр бөлшекке бір сым; ионисторлар өз резисторы мен диоды арқылы. Электрик жасайды не алғаш қосар алдында тексереді.",
    undefined,
    MAINS,
  ),
  step(
    "Partition between the halves, and the cover over everything that carries 230 V: held by screws, no gap that a finger passes, the cut-out over the breaker's lever and test button and the protection's window, so that both are used and seen with the cover on; the sign 230 V on the cover and outside on the lid.",
    "Перегородка между половинами и крышка надо всем, что под 230 В: на винтах, без щели для пальца, с вырезом над рычагом и кнопкой «Тест» дифавтомата и окном УЗИП: ими пользуются, не снимая крышки; знак 230 В на ней и снаружи на крышке корпуса.",
    "Екі жақтың арасына қалқа, 230 В-тың бәрінің үстіне жапқыш: бұрандамен бекітіледі, саусақ өтетін саңылау жоқ, дифавтоматтың тетігі мен «Тест» түймесі және қорғаныш терезесі үстінде ойығы бар: жапқышты алмай қолданылады; 230 В белгісі жапқышта және корпус қақпағының сыртында.",
    text(
      "WHO MAY OPEN THE BOX: with the feeding circuit off and locked, the technician; with it on, the electrician alone, the cover on its screws. The breaker in the box is not enough: cable, terminals and surge protection before it stay live.",
      "КТО ОТКРЫВАЕТ КОРПУС: при отключённой и запертой питающей линии – техник; при включённой – только электрик, крышка сетевой половины на винтах. Автомата в корпусе мало: кабель, клеммы и УЗИП до него остаются под напряжением.",
      "КОРПУСТЫ КІМ АШАДЫ: қоректендіру желісі ажыратылып құлыпталса – техник; қосулы болса – тек электрик, желі жағының жапқышы бұрандада. Корпустағы автомат жеткіліксіз: оған дейінгі кабель, клеммалар, қорғаныш кернеуде қалады.",
    ),
    MAINS,
  ),
];

/** On the desk nothing hangs on the mains. */
export const ON_THE_DESK: Step[] = [
  step(
    "On the desk the 5 V come from a laboratory supply (5.0 V, limit 1 A), both right of the partition: its plus in the fuse holder in the place of the wire that comes from +V, its minus at a GND terminal. The cover stays on, and the mains half is not connected before it hangs.",
    "На столе 5 В даёт лабораторный источник (5,0 В, предел 1 А), правее перегородки: плюс в держатель предохранителя вместо провода от +V, минус на клемму GND. Крышку не снимают, сетевую половину до установки на месте не подключают.",
    "Үстелде 5 В зертханалық қуат көзінен (5,0 В, шегі 1 А), қалқаның оң жағында: плюсі сақтандырғыш ұстағышында +V сымының орнында, минусы GND клеммасында. Жапқыш алынбайды, желі жағы орнына ілінгенше қосылмайды.",
    text(
      "A desk with open 230 V needs an electrician beside it all the time.",
      "У стола с открытыми 230 В всё время должен стоять электрик.",
      "Ашық 230 В тұрған үстел жанында әрдайым электрик болуы керек.",
    ),
    MAINS,
  ),
];

export const OFF_THE_DESK: Step[] = [
  step(
    "The laboratory supply's wires out; the wire from +V back into the fuse holder.",
    "Провода лабораторного источника снять; провод от +V вернуть в держатель предохранителя.",
    "Зертханалық көз сымдарын алып, +V сымын сақтандырғыш ұстағышына қайта қойыңыз.",
    undefined,
    MAINS,
  ),
];

export const CONNECT: Step[] = [
  step(
    "Connect the supply last: the electrician joins the mains cable with the feeding circuit off and locked, screws the cover on, and switches on, the breaker in the box last.",
    "Питание подключите последним: электрик присоединяет кабель при отключённой и запертой питающей линии, привинчивает крышку сетевой половины и включает, автомат в корпусе последним.",
    "Қуатты соңында қосыңыз: электрик қоректендіру желісі ажыратылып құлыпталғанда кабельді жалғап, желі жағының жапқышын бұрап, қосады, корпустағы автоматты ең соңында.",
    undefined,
    MAINS,
  ),
  step("Connect the supply last.", "Питание подключите последним.", "Қуатты соңында қосыңыз.", undefined, [
    "battery",
    "solar",
    "vehicle",
  ]),
];

/** Before the technician leaves, where mains feed the post: all of it is the electrician's. */
export const MAINS_CHECKS: Check[] = [
  check(
    "by the electrician: cover and partition of the mains half on their screws, sign 230 V inside and outside, surge protection's window green",
    "электрик: крышка и перегородка сетевой половины на винтах, знак 230 В внутри и снаружи, окно УЗИП зелёное",
    "электрик: желі жағының жапқышы мен қалқасы бұрандада, 230 В белгісі ішінде және сыртында, қорғаныш терезесі жасыл",
    undefined,
    MAINS,
  ),
  check(
    "by the electrician, mains half covered: 5 V at the board, under load (the supply has a screw for it; turned with the feeding circuit off)",
    "электрик, сетевая половина закрыта: 5 В на плате, под нагрузкой (у блока питания есть винт подстройки; вращать при отключённой линии)",
    "электрик, желі жағы жабық: платадағы 5 В, жүктемемен (қуат блогында реттеу бұрандасы бар; желі ажыратулы кезде бұралады)",
    { min: 4.75, max: 5.25, unit: "V" },
    MAINS,
  ),
  check(
    "by the electrician, before the feeding circuit is on: protective earth, resistance",
    "электрик, до включения питающей линии: сопротивление заземления",
    "электрик, қоректендіру желісі қосылғанша: жерге қосу кедергісі",
    { max: 10, unit: "Ω" },
    MAINS,
  ),
  check(
    "by the electrician, mains half covered: residual-current breaker trips at its test button",
    "электрик, сетевая половина закрыта: дифавтомат отключается кнопкой «Тест»",
    "электрик, желі жағы жабық: дифавтомат «Тест» түймесінен ажырайды",
    undefined,
    MAINS,
  ),
];
