/** The pointer on the rows: hover, select, open the handler beside a bar, zoom to a request. */
import type { DetailPane } from "../detail/detail-pane";
import type { Viewer } from "../state/viewer";
import type { Keys } from "./keys";
import type { Tooltip } from "./tooltip";
import type { Waterfall } from "./waterfall";

export function listenToPointer(
  waterfall: Waterfall,
  viewer: Viewer,
  detail: DetailPane,
  keys: Keys,
  tooltip: Tooltip,
  changed: () => void,
): void {
  const { element } = waterfall;
  element.addEventListener("pointermove", (event) => {
    const position = waterfall.positionAt(event);
    if (waterfall.hover(position)) changed();
    const overBars = waterfall.timelineX(event) >= 0;
    waterfall.cursorStyle(waterfall.isHandler(event) ? "pointer" : "default");
    tooltip.show(overBars && event.buttons === 0 ? viewer.row(position) : undefined, event.clientX, event.clientY);
  });
  element.addEventListener("pointerleave", () => {
    tooltip.show(undefined, 0, 0);
    if (waterfall.hover(-1)) changed();
  });
  element.addEventListener("click", (event) => {
    if ((event.target as Element).closest("button")) return;
    const position = waterfall.positionAt(event);
    if (position < 0) return;
    const handler = waterfall.isHandler(event);
    const select = viewer.select(position);
    if (viewer.row(position)?.isGroup) keys.fold();
    else if (handler) void select.then(() => detail.open("handler"));
  });
  element.addEventListener("dblclick", (event) => {
    if (waterfall.positionAt(event) >= 0 && waterfall.timelineX(event) >= 0) keys.zoomToSelected();
  });
}
