// Mocha's spec reporter, closed by the one plain line that a script can read.
const Mocha = require("mocha");
const { reporters, Runner } = Mocha.default ?? Mocha;

module.exports = class Plain extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      process.on("exit", () => console.log(`${passes} passed, ${failures} failed, ${pending} skipped`));
    });
  }
};
