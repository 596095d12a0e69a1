/** How box, bracket and probes are fixed to what carries them. */
import { step, text } from "./texts.js";

/** Into concrete. A stud anchor M8 wants a hole of its own width; its paper counts where it says otherwise. */
export const ANCHORS = step(
  "Anchors M8: four to the bracket, four to the box, one to each clamp of a tube. Ask for the plan of the reinforcement; no nearer than 80 mm to an edge. Hole 8 mm wide, 65 mm deep, square to the wall; blow and brush the dust out, twice; drive the anchor in, and set it with its own nut and washer against the concrete, by the torque key: 20 N·m, or what the anchors' own paper says. Then the plate, the box's foot or the clamp over it, a wide washer, and a second, locking nut: plastic with 4 N·m. Steel in the way: another hole, 100 mm off.",
  "Анкеры M8: четыре на кронштейн, четыре на корпус, по одному на хомут трубы. Запросите схему арматуры; не ближе 80 мм к краю. Отверстие 8 мм, глубина 65 мм, под прямым углом; дважды продуть и прочистить щёткой; забить анкер и затянуть его собственной гайкой с шайбой по бетону динамометрическим ключом: 20 Н·м или как в паспорте анкеров. Затем на него пластина, лапа корпуса или хомут, широкая шайба и вторая, самоконтрящаяся гайка: пластик – 4 Н·м. Попали в арматуру: другое отверстие, в 100 мм.",
  "M8 анкерлері: кронштейнге төртеу, корпусқа төртеу, құбырдың әр қамытына біреу. Арматура сызбасын сұраңыз; шетінен 80 мм-ден жақын емес. Тесік 8 мм, тереңдігі 65 мм, қабырғаға тік; шаңын екі рет үрлеп, щёткамен тазалаңыз; анкерді қағып, өз сомынымен, шайбасымен бетонға динамометрлік кілтпен тартыңыз: 20 Н·м не анкер паспортындағыдай. Содан кейін үстіне тақта, корпус табаны не қамыт, кең шайба және екінші, өздігінен бекитін сомын: пластик – 4 Н·м. Арматураға тисе: 100 мм әрі басқа тесік.",
  text(
    "Dust in the hole is what anchors come out by.",
    "Анкеры вылезают из-за пыли в отверстии.",
    "Анкер тесіктегі шаңнан суырылады.",
  ),
);

/** Of a MaxBotix sensor: thread ¾ inch, into the head of hardware/enclosure/bracket.scad. */
export const ECHO_HEAD = step(
  "Sensor into the hole of the bracket's head, face down, a ¾″ locknut above and one below the plate, by hand and an eighth of a turn. Head under the arm on its three screws with springs; arm into the socket of the wall plate, bolt M6 through both; sun shield on its four screws. The cable is tied to the arm, with a drip loop.",
  "Датчик в отверстие головки кронштейна, торцом вниз, контргайки ¾″ над пластиной и под ней, рукой и ещё на восьмую оборота. Головка под консолью на трёх винтах с пружинами; консоль в гнездо стенной пластины, болт M6 насквозь; козырёк на четырёх винтах. Кабель подвязан к консоли, с петлёй для стока воды.",
  "Датчик кронштейн басының тесігіне, беті төмен, ¾″ бекіткіш сомындар тақтаның үстінде және астында, қолмен және тағы сегізден бір айналым. Бас консоль астында серіппелі үш бұрандада; консоль қабырға тақтасының ұясына, екеуінен M6 болты өтеді; қалқа төрт бұрандада. Кабель консольге байланады, су ағатын ілмегімен.",
);
