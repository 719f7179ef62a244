// Mocha's spec reporter, which also leaves its totals, and what failed, in the file that `npm test` adds up.
const { appendFileSync } = require("node:fs");
const { reporters } = require("mocha");

module.exports = class Totals extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    /** @type {string[]} */
    const failed = [];
    runner.on("fail", (test, error) => failed.push(`${test.fullTitle()}: ${error?.message ?? error}`));
    runner.once("end", () => {
      const { passes, failures, pending } = runner.stats;
      const file = process.env.REQUEST_TIMELINE_TOTALS;
      if (file) appendFileSync(file, `${JSON.stringify({ passes, failures, pending, failed })}\n`);
    });
  }
};
