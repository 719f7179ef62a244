/** What the asynchronous steps of one request show of its way through a framework into user code. */
import { type Frame, isOwnScript } from "./frames";

/** A step's stack costs some 40 µs. */
const MOST_STEPS = 64;
const PACKAGE = /^.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/;

/** A package's function calls one of the user's. */
interface Call {
  called: Frame;
  package: string;
  caller: string;
}

export class Trace {
  /** The function that the framework came to last: middleware comes before the handler, and goes on after it. */
  handler: Frame | null = null;
  private steps = 0;
  private framework: string | null = null;
  /** The user's functions so far, each with the framework's one that called it. */
  private readonly callers = new Map<string, string>();

  /** Takes in the stack, innermost first, of an asynchronous step; false once it has seen enough. */
  step(frames: readonly Frame[]): boolean {
    const calls = frames.flatMap((_, i) => callAt(frames, i) ?? []);
    // The outermost call into user code is the framework's; further in, other packages call back, too.
    this.framework ??= calls.at(-1)?.package ?? null;
    const entered = calls.filter((call) => call.package === this.framework);
    const [innermost] = entered;
    if (innermost && !this.callers.has(keyOf(innermost.called))) this.handler = innermost.called;
    // A function that goes on after a pause seems to be called by whatever awaits it.
    for (const { called, caller } of entered)
      if (!this.callers.has(keyOf(called))) this.callers.set(keyOf(called), caller);
    if (this.handler && this.passesOn(this.handler, frames)) this.handler = null;
    return ++this.steps < MOST_STEPS;
  }

  /** Whether what called the function runs again further in: then it is middleware. */
  private passesOn(called: Frame, frames: readonly Frame[]): boolean {
    const keys = frames.map(keyOf);
    const caller = keys.indexOf(this.callers.get(keyOf(called))!);
    return caller >= 0 && caller < keys.indexOf(keyOf(called));
  }
}

function callAt(frames: readonly Frame[], at: number): Call | null {
  const called = frames[at]!;
  if (!isOwnScript(called.script)) return null;
  // Node's and V8's own functions may stand in between.
  const caller = frames.slice(at + 1).find(({ script }) => script !== "" && !script.startsWith("node:"));
  const name = caller && PACKAGE.exec(caller.script)?.[1];
  return name ? { called, package: name, caller: keyOf(caller) } : null;
}

/** Of the function that a frame is in. */
const keyOf = ({ script, enclosingLine, enclosingColumn }: Frame): string =>
  `${script}:${enclosingLine}:${enclosingColumn}`;
