/** The one object that VS Code gives a page. The fixture page of the tests gives a fake one. */
import type { FromPage } from "../../src/protocol/messages";

export interface HostApi {
  postMessage(message: FromPage): void;
  getState(): unknown;
  setState(state: unknown): void;
  /** False in a report's file: there is no editor to open or record anything with. */
  readonly hasEditor?: boolean;
}

declare global {
  /** May be called once in the life of a page. */
  function acquireVsCodeApi(): HostApi;
}
