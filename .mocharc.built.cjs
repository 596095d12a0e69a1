// The tests as `npm test` runs them (test/proof): as they were built just now, so that neither they nor the many processes
// that they start are compiled again.
module.exports = { ...require("./.mocharc.json"), "node-option": [], extension: ["js"] };
