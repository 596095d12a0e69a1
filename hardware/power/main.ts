/** `npm run power`: the energy budget of every way of building every site type; fails when one misses its target. */
import { LORA_BYTES } from "./mix.js";
import { allSubjects } from "./subjects.js";
import { airTimeText, budgetText, figuresText, totalsOf } from "./table.js";

const subjects = await allSubjects();
for (const subject of subjects) console.log(budgetText(subject).join("\n") + "\n");
console.log(`A pack of ${LORA_BYTES} bytes on the air, by spreading factor: ${airTimeText()}\n`);
console.log("Figures (~ is assumed):");
console.log(figuresText(subjects).join("\n") + "\n");
const totals = totalsOf(subjects);
console.log(JSON.stringify(totals));
if (totals.met < totals.targets) process.exitCode = 1;
