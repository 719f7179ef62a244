/** The call stack as V8 knows it, asynchronous callers included. */

/** A frame of the stack. Lines and columns are 1-based, in the script. */
export interface Frame {
  /** Path or URL of the script. */
  script: string;
  function: string | null;
  line: number;
  column: number;
  /** Where the function of the frame begins. */
  enclosingLine: number;
  enclosingColumn: number;
}

/** Deeper frames are a framework's inside, or Node's. */
const DEEPEST = 40;

/** Whether the script is the user's own: neither Node's nor a package's nor this hook. */
export const isOwnScript = (script: string): boolean =>
  script !== "" &&
  script !== __filename &&
  !script.startsWith("node:") &&
  !/[\\/]node_modules[\\/]/.test(script) &&
  (script.startsWith("file:") || script.startsWith("/") || /^[A-Za-z]:[\\/]/.test(script));

/** The user's frames, innermost first, of the stack that this is called on. */
export const userFrames = (): Frame[] => stackFrames().filter((frame) => isOwnScript(frame.script));

/** All frames, innermost first, of the stack that this is called on. The user's own settings are kept. */
export function stackFrames(): Frame[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  let sites: NodeJS.CallSite[] = [];
  try {
    Error.stackTraceLimit = DEEPEST;
    Error.prepareStackTrace = (_, all) => {
      sites = all;
      return "";
    };
    const holder = { stack: "" };
    Error.captureStackTrace(holder, stackFrames);
    void holder.stack;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
  }
  return sites.map(frameOf);
}

function frameOf(site: NodeJS.CallSite): Frame {
  const line = site.getLineNumber() ?? 1;
  const column = site.getColumnNumber() ?? 1;
  return {
    script: site.getFileName() ?? "",
    function: site.getFunctionName(),
    line,
    column,
    enclosingLine: site.getEnclosingLineNumber() ?? line,
    enclosingColumn: site.getEnclosingColumnNumber() ?? column,
  };
}
