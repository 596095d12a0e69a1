/** Of a post at the end of a data line: both ends of it, and what is measured before the post is switched on. */
import type { Check, Step } from "./mount.js";
import { check, step, text } from "./texts.js";

const SERIAL: Step["uplinks"] = ["serial"];

export const LINE_STEPS: Step[] = [
  {
    ...step(
      "Data line. At the post: one pair to A line and B line of its surge protection, both wires of the other pair to 0 V behind the 100 Ω; the shield is cut back and insulated here. At the hub (its own picture below): the pairs to the second surge protection and the adaptor; that protection's PE and the line's shield to the earth bar by the shortest wire.",
      "Линия данных. У поста: одна пара к A line и B line грозозащиты, оба провода другой пары к 0 В за 100 Ом; экран здесь обрезан и изолирован. У сервера (отдельная схема ниже): пары ко второй грозозащите и преобразователю; её PE и экран линии – к шине заземления кратчайшим проводом.",
      "Дерек желісі. Бекет жағында: бір жұп қорғаныштың A line және B line шығыстарына, екінші жұптың екі сымы 100 Ом артындағы 0 В-қа; экран мұнда кесіліп оқшауланады. Сервер жағында (төмендегі жеке сызба): жұптар екінші қорғаныш пен түрлендіргішке; оның PE-сі мен желі экраны жерлендіру шинасына ең қысқа сыммен.",
      text(
        "A shield that is earthed at both ends carries what flows between the two earths.",
        "По экрану, заземлённому с двух концов, течёт ток между землями.",
        "Екі ұшынан жерленген экранмен екі жердің арасындағы ток жүреді.",
      ),
    ),
    uplinks: SERIAL,
  },
  {
    ...step(
      "Polarity, at the adaptor's terminals, the adaptor in its USB socket and the post still off: A is the wire that is positive of the other. Makers print the letters either way: trust the meter, and exchange the two wires at ONE end where it says so. Less than 0.2 V: an adaptor without bias, take another.",
      "Полярность, на клеммах преобразователя: он вставлен в USB, пост ещё выключен; A – провод, положительный относительно другого. Изготовители обозначают их по-разному: верьте прибору и, если надо, поменяйте провода на ОДНОМ конце. Меньше 0,2 В: преобразователь без смещения, возьмите другой.",
      "Полярлық, түрлендіргіш клеммаларында: ол USB-ге салынған, бекет әлі өшірулі; A – екіншісіне қарағанда оң сым. Өндірушілер әріптерді әртүрлі қояды: аспапқа сеніңіз, керек болса екі сымды БІР ұшында ауыстырыңыз. 0,2 В-тан аз: түрлендіргіште ығыстыру жоқ, басқасын алыңыз.",
      text(
        "Without bias the line is neither 1 nor 0 between two lines, and noise reads as data.",
        "Без смещения линия между строками ни 1, ни 0, и помехи читаются как данные.",
        "Ығыстырусыз екі жолдың арасында желі 1 де, 0 де емес, кедергі дерек болып оқылады.",
      ),
    ),
    uplinks: SERIAL,
  },
];

export const LINE_CHECKS: Check[] = [
  {
    ...check(
      "before the supply is on: line joined at both ends, adaptor out of USB: resistance from A to B (120 Ω at each end)",
      "до включения питания: линия подключена с двух концов, преобразователь вынут из USB: сопротивление между A и B (по 120 Ом на концах)",
      "қуат қосылғанша: желі екі ұшында жалғанған, түрлендіргіш USB-ден алынған: A мен B арасындағы кедергі (әр ұшында 120 Ом)",
      { min: 55, max: 80, unit: "Ω" },
    ),
    uplinks: SERIAL,
  },
  {
    ...check(
      "at the adaptor, nothing being sent: voltage of A less that of B",
      "на преобразователе, передачи нет: напряжение A минус B",
      "түрлендіргіште, ештеңе жіберілмей тұрғанда: A кернеуінен B-ні алғанда",
      { min: 0.2, max: 5, unit: "V" },
    ),
    uplinks: SERIAL,
  },
];
