// The tests as `npm test` runs them: as they were built just now, so that neither they nor the many processes that they
// start are compiled again. What stands in build without its source is left out.
const { readdirSync } = require("node:fs");

module.exports = {
  ...require("./.mocharc.json"),
  "node-option": [],
  extension: ["js"],
  spec: readdirSync("test", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .sort()
    .map((file) => `build/test/${file.replace(/\.ts$/, ".js")}`),
};
