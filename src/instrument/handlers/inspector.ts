/**
 * V8's own knowledge of functions and scripts, through an inspector session of this thread. Commands are answered within
 * the call. No command that slows the program down is left on.
 */
import { Session } from "node:inspector";
import { pathOf } from "./script-path";

export interface Script {
  /** A path is a file: URL here, other than on the stack. */
  url: string;
  /** As the script's last line or its compiler gave it: a URL, `data:` included; empty where there is none. */
  sourceMap: string;
}

/** 0-based, in the script. */
export interface ScriptPosition {
  scriptId: string;
  line: number;
  column: number;
}

interface RemoteObject {
  objectId?: string;
  value?: { scriptId: string; lineNumber: number; columnNumber: number };
}

interface InternalProperties {
  internalProperties?: { name: string; value?: RemoteObject }[];
}

/** The function to look at, for the moment that the inspector takes. */
const SHOWN = Symbol.for("request-timeline.function");
/** Wrappers around wrappers: bound functions and proxies are followed no further. */
const MOST_WRAPPERS = 5;
/** Telling of all scripts takes 20 to 35 µs each: not more often than this. */
const SCRIPTS_EVERY_MS = 1_000;

export class Inspector {
  private readonly session = new Session();
  private readonly scripts = new Map<string, Script>();
  private readonly byPath = new Map<string, Script>();
  private listed = Number.NEGATIVE_INFINITY;

  constructor() {
    this.session.connect();
    this.session.on("Debugger.scriptParsed", ({ params }) => {
      if (this.scripts.has(params.scriptId)) return;
      const script = { url: params.url, sourceMap: params.sourceMapURL ?? "" };
      this.scripts.set(params.scriptId, script);
      this.byPath.set(pathOf(script.url), script);
    });
  }

  /** Where the function's code begins, bound functions and proxies unwrapped; null for native code. */
  locate(code: object): ScriptPosition | null {
    Object.defineProperty(globalThis, SHOWN, { value: code, configurable: true });
    const shown = this.ask<{ result: RemoteObject }>("Runtime.evaluate", {
      expression: `globalThis[Symbol.for("${SHOWN.description}")]`,
      objectGroup: "request-timeline",
    });
    delete (globalThis as Record<symbol, unknown>)[SHOWN];
    try {
      return this.position(shown?.result, MOST_WRAPPERS);
    } finally {
      this.ask("Runtime.releaseObjectGroup", { objectGroup: "request-timeline" });
    }
  }

  /** The script; null where it is not known, or not yet. */
  script(scriptId: string): Script | null {
    const known = this.scripts.get(scriptId);
    if (known || !this.listScripts()) return known ?? null;
    return this.scripts.get(scriptId) ?? null;
  }

  /** The script of a path or URL; of several the last, which is what a loader has made of the others. */
  scriptOf(url: string): Script | null {
    const path = pathOf(url);
    return this.byPath.get(path) ?? (this.listScripts() ? this.byPath.get(path) : null) ?? null;
  }

  /** Learns of all scripts that there are now; false where it did so just before. */
  listScripts(): boolean {
    if (performance.now() - this.listed < SCRIPTS_EVERY_MS) return false;
    this.ask("Debugger.enable", {});
    this.ask("Debugger.disable", {});
    this.listed = performance.now();
    return true;
  }

  private position(object: RemoteObject | undefined, wrappers: number): ScriptPosition | null {
    if (!object?.objectId || wrappers === 0) return null;
    const properties =
      this.ask<InternalProperties>("Runtime.getProperties", { objectId: object.objectId, ownProperties: true })
        ?.internalProperties ?? [];
    const named = (name: string): RemoteObject | undefined => properties.find((one) => one.name === name)?.value;
    const location = named("[[FunctionLocation]]")?.value;
    if (location) return { scriptId: location.scriptId, line: location.lineNumber, column: location.columnNumber };
    return this.position(named("[[TargetFunction]]") ?? named("[[Target]]"), wrappers - 1);
  }

  private ask<T>(method: string, parameters: object): T | undefined {
    let answer: T | undefined;
    this.session.post(method, parameters, (error: Error | null, result?: object) => {
      if (!error) answer = result as T;
    });
    return answer;
  }
}
