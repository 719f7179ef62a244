// Every name is this machine's, after a time: preloaded into a client, a resolver that is slow.
const dns = require("node:dns");
dns.lookup = (_name, _options, done) =>
  void setTimeout(done, Number(process.env.SLOW_NAMES_MS), null, [{ address: "127.0.0.1", family: 4 }]);
