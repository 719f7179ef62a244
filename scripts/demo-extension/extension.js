const { commands } = require("vscode");

exports.activate = () => commands.executeCommand("requestTimeline.openTimeline");
