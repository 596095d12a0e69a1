// The tests as `npm test` runs them (test/proof): as they were built just now, so that neither they nor the many processes
// that they start are compiled again. Without options for node, mocha needs no second process either.
const { "node-option": tsx, ...rest } = require("./.mocharc.json");
module.exports = { ...rest, extension: ["js"] };
