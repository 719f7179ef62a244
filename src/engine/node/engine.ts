/** The engine's methods over all open sessions, wherever it runs. Sessions are followed while they are open. */
import { setTimeout as delay } from "node:timers/promises";
import {
  type EngineEvent,
  type EngineMethod,
  type EngineMethods,
  type EngineParams,
  type EngineResult,
  FIRST_VIEW,
  type SessionInfo,
  type SessionKey,
} from "../../protocol/messages";
import { describeSides } from "../../session/baseline";
import { compareStores } from "../compare-stores";
import { EngineError } from "../errors";
import { answer, isQuery, type QueryMethod } from "../queries";
import { requestPair } from "../request-pair";
import type { Session } from "../session";
import { run } from "../steps";
import { ViewRows } from "../view";
import { exportSession } from "./export";
import { newSession } from "./open";
import { type ReaderEvents, SessionReader } from "./reader";

/** A page asks its first questions one after the other; what can wait begins when there are none for so long. */
const QUIET_MS = 200;
/** Events of a session are at least this far apart. */
const EVENT_MS = 100;

const REHEARSED = ["clientResponse", "path"] as const;

interface Opened {
  session: Session;
  reader: SessionReader;
  ready: Promise<void>;
  announced: NodeJS.Timeout | null;
}

type Handler<M extends EngineMethod> = (params: EngineParams<M>) => EngineResult<M> | Promise<EngineResult<M>>;
/** A session that was closed while it was read has only some of its requests, and nobody follows it. */
function refuseCancelled({ reader, session }: Opened): void {
  if (reader.isClosed) throw new EngineError("failed", `reading ${session.name} was cancelled`);
}

type Handlers = { [M in Exclude<EngineMethod, QueryMethod>]: Handler<M> };

export class Engine {
  private readonly opened = new Map<SessionKey, Opened>();
  /** Questions that are being answered. */
  private answering = 0;
  /** Questions so far. */
  private asked = 0;

  /** `pause` lets what came in meanwhile be answered while a session loads. */
  constructor(
    private readonly emit: (event: EngineEvent) => void,
    private readonly pause: () => Promise<void>,
  ) {}

  async call<M extends EngineMethod>(method: M, params: EngineParams<M>): Promise<EngineResult<M>> {
    this.asked++;
    this.answering++;
    try {
      return await this.answer(method, params);
    } finally {
      this.answering--;
    }
  }

  private async answer<M extends EngineMethod>(method: M, params: EngineParams<M>): Promise<EngineResult<M>> {
    if (isQuery(method)) {
      const asked = params as EngineParams<typeof method>;
      return (await answer(this.session(asked.session), method, asked, this.pause)) as EngineResult<M>;
    }
    return await (this.handlers[method as keyof Handlers] as unknown as Handler<M>)(params);
  }

  /** The only question that needs no row but its own, and no order: answered at once, whatever else is under way. */
  line({ file, line }: EngineParams<"line">): EngineResult<"line"> {
    for (const { session } of this.opened.values()) {
      const found = session.line(file, line);
      if (found) return found;
    }
    return null;
  }

  async close(): Promise<void> {
    for (const key of [...this.opened.keys()]) await this.forget(key);
  }

  private readonly handlers: Handlers = {
    open: (params) => this.open(params),
    close: async ({ session }) => {
      await this.forget(session);
      return null;
    },
    line: (params) => this.line(params),
    compare: async ({ base, sessions }) => {
      const sides = await describeSides(base, sessions);
      const stores = (keys: SessionKey[]) => keys.map((key) => this.session(key).store);
      for (const { spine } of stores([...base, ...sessions])) await run(spine.rowSteps(), this.pause);
      return compareStores(stores(base), stores(sessions), sides);
    },
    pair: ({ base, session, route, quantile, index }) => {
      if (index !== null) this.session(session).check(index);
      const wanted = index === null ? { quantile } : { index };
      return requestPair(this.session(base).store, this.session(session).store, route, wanted);
    },
    export: ({ session, format, file }) => exportSession(this.session(session), format, file),
  };

  private async open({ paths, follow, memory, ...reading }: EngineMethods["open"]["params"]): Promise<SessionInfo> {
    const session = await newSession(paths);
    const known = this.opened.get(session.key);
    if (known) {
      await known.ready;
      refuseCancelled(known);
      return known.session.info();
    }
    let progressed = 0;
    const events: ReaderEvents = {
      progress: async (done, total) => {
        if (done < total && Date.now() - progressed >= EVENT_MS) {
          progressed = Date.now();
          this.emit({ kind: "event", event: "progress", session: session.key, done, total });
        }
        await this.pause();
      },
      changed: () => this.announce(opened),
    };
    const reader = new SessionReader(session, reading, events, memory);
    const opened: Opened = { session, reader, ready: reader.load(paths), announced: null };
    this.opened.set(session.key, opened);
    try {
      await opened.ready;
    } catch (error) {
      this.opened.delete(session.key);
      throw error;
    }
    refuseCancelled(opened);
    if (follow) reader.follow();
    else reader.finish();
    await session.judge(this.pause);
    void this.prepare(opened);
    return session.info();
  }

  /**
   * What later questions are answered sooner by, while nothing is asked: the first picture is not to wait for it. What goes
   * wrong is told to whoever asks.
   */
  private async prepare({ session, reader }: Opened): Promise<void> {
    await this.quiet();
    if (reader.isClosed) return;
    // A folder that cannot be written is no failure.
    await reader.saveIndex().catch(() => undefined);
    const { store } = session;
    const pause = async (): Promise<void> => {
      await this.pause();
      if (this.answering > 0) await this.quiet();
    };
    await run(store.strings.textRanks.steps(), pause).catch(() => undefined);
    // What has been sorted once is compiled: the first rows of the first wish come in half of the time.
    for (const sort of REHEARSED)
      if (!reader.isClosed && !store.memory?.isInUse)
        await run(ViewRows.compute(store, { ...FIRST_VIEW, sort, descending: true }, 0), pause).catch(() => undefined);
  }

  /** Resolves when nothing has been asked for a while. */
  private async quiet(): Promise<void> {
    for (let asked = -1; asked !== this.asked || this.answering > 0; await delay(QUIET_MS)) asked = this.asked;
  }

  private announce(opened: Opened): void {
    opened.announced ??= setTimeout(() => {
      opened.announced = null;
      void this.tell(opened.session);
    }, EVENT_MS);
  }

  private async tell(session: Session): Promise<void> {
    await session.judge(this.pause);
    // It may have been closed meanwhile.
    if (this.opened.get(session.key)?.session === session)
      this.emit({ kind: "event", event: "changed", info: session.info() });
  }

  private session(key: SessionKey): Session {
    const opened = this.opened.get(key);
    if (!opened) throw new EngineError("unknown-session", `no open session ${key}`);
    return opened.session;
  }

  private async forget(key: SessionKey): Promise<void> {
    const opened = this.opened.get(key);
    if (!opened) return;
    this.opened.delete(key);
    if (opened.announced) clearTimeout(opened.announced);
    await opened.reader.close();
  }
}
