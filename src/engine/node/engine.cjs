// dist/engine.js, the script of the engine's thread: the engine is in the command line's bundle (src/cli/index.ts).
require("./cli.js");
