/** Every name that package.json and the code share, once. test/unit/extension/ids.test.ts proves that both agree. */

export const EXTENSION_ID = "request-timeline.request-timeline";

export const COMMANDS = {
  record: "requestTimeline.record",
  stop: "requestTimeline.stop",
  openTimeline: "requestTimeline.openTimeline",
  openSession: "requestTimeline.openSession",
  exportReport: "requestTimeline.exportReport",
  exportAs: "requestTimeline.exportAs",
  import: "requestTimeline.import",
  openHandler: "requestTimeline.openHandler",
  revealLog: "requestTimeline.revealLog",
  refresh: "requestTimeline.refresh",
  instrumentTerminals: "requestTimeline.instrumentTerminals",
  copyEnvironment: "requestTimeline.copyEnvironment",
  revealInTimeline: "requestTimeline.revealInTimeline",
  openSlice: "requestTimeline.openSlice",
  openNamedSource: "requestTimeline.openNamedSource",
  compareWithBaseline: "requestTimeline.compareWithBaseline",
  setBaseline: "requestTimeline.setBaseline",
} as const;

/** For links and tree items only: hidden in the palette, because they mean nothing without arguments. */
export const INTERNAL_COMMANDS: readonly string[] = [
  COMMANDS.openHandler,
  COMMANDS.revealLog,
  COMMANDS.openNamedSource,
];

export const SETTINGS = {
  sessionFolder: "requestTimeline.sessionFolder",
  nodePath: "requestTimeline.nodePath",
  zone: "requestTimeline.zone",
  logFormat: "requestTimeline.accessLogFormat",
  sessionMemory: "requestTimeline.sessionMemory",
  budgets: "requestTimeline.budgets",
} as const;

/** Keys of when-clauses. */
export const CONTEXT_KEYS = {
  recording: "requestTimeline.recording",
  /** The active editor shows a log, of whatever format. */
  log: "requestTimeline.log",
  /** The active tab is a log that no extension has as a document. */
  largeLog: "requestTimeline.largeLog",
} as const;

/** `viewItem` of tree items. */
export const TREE_ITEMS = {
  session: "requestTimeline.session",
  recordingSession: "requestTimeline.session.recording",
  request: "requestTimeline.request",
} as const;

export const VIEW_CONTAINER = "requestTimeline";
export const SESSIONS_VIEW = "requestTimeline.sessions";
export const TIMELINE_PANEL = "requestTimeline.timeline";
export const TASK_TYPE = "requestTimeline";
export const PROBLEM_MATCHER = "requestTimeline";
export const LOG_LANGUAGE = "request-timeline-log";

/** File in the sessions folder that lies there while a schedule is not done: package.json activates by it. */
export const SCHEDULE_MARKER = "schedule-unfinished";

/** Scheme of documents that show a file as a commit has it. */
export const COMMIT_SCHEME = "request-timeline-commit";
/** Scheme of documents that show some lines of a large log. */
export const SLICE_SCHEME = "request-timeline-slice";
