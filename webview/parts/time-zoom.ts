/** Wheel and drag on the timeline, through d3-zoom: its transform is a picture of the domain, never the truth. */
import { type D3ZoomEvent, scaleLinear, select, ZoomTransform, zoom, zoomIdentity } from "d3";
import { bounds, domainOf } from "../state/page-state";
import type { Viewer } from "../state/viewer";
import { panned } from "../time/scale";

const MOST_ZOOM = 1e9;
/** A click may wander this far without becoming a drag. CSS pixels. */
const CLICK = 4;

export class TimeZoom {
  readonly #zoom = zoom<HTMLCanvasElement, unknown>()
    .scaleExtent([1, MOST_ZOOM])
    .clickDistance(CLICK)
    .filter((event: MouseEvent) =>
      event.type === "wheel" ? event.ctrlKey || event.metaKey || event.altKey : event.button === 0 && !event.shiftKey,
    )
    .on("zoom", (event: D3ZoomEvent<HTMLCanvasElement, unknown>) => this.#zoomed(event));
  readonly #target;
  #width = 1;
  #shown = "";

  constructor(
    private readonly viewer: Viewer,
    canvas: HTMLCanvasElement,
  ) {
    this.#target = select(canvas);
    this.#target.call(this.#zoom).on("dblclick.zoom", null);
    canvas.addEventListener("wheel", (event) => this.#pan(event), { passive: false });
  }

  update(width: number): void {
    const { state } = this.viewer;
    const [from, to] = bounds(state);
    const [left, right] = domainOf(state);
    const shown = `${width} ${from} ${to} ${left} ${right}`;
    if (shown === this.#shown || width <= 0) return;
    this.#shown = shown;
    this.#width = width;
    const k = (to - from) / (right - left);
    const x = (-(left - from) / (to - from)) * width * k;
    this.#zoom.extent([
      [0, 0],
      [width, 1],
    ]);
    this.#zoom.translateExtent([
      [0, Number.NEGATIVE_INFINITY],
      [width, Number.POSITIVE_INFINITY],
    ]);
    this.#target.property("__zoom", k === 1 ? zoomIdentity : new ZoomTransform(k, x, 0));
  }

  #zoomed(event: D3ZoomEvent<HTMLCanvasElement, unknown>): void {
    const whole = scaleLinear(bounds(this.viewer.state), [0, this.#width]);
    const [from, to] = event.transform.rescaleX(whole).domain() as [number, number];
    this.#shown = "";
    this.viewer.setDomain([from, to]);
  }

  /** Shift and wheel, or a wheel that goes sideways: earlier and later. */
  #pan(event: WheelEvent): void {
    const sideways = event.deltaX || (event.shiftKey ? event.deltaY : 0);
    if (!sideways || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const { state } = this.viewer;
    const domain = domainOf(state);
    const micros = (sideways / this.#width) * (domain[1] - domain[0]);
    this.viewer.setDomain(panned(domain, micros, bounds(state)));
  }
}
