/**
 * What a document embeds, from the tree that an HTML parser makes of it. As in a browser that runs no script: what a
 * script would add is not found; of `picture` and `srcset` one candidate is taken; audio, video and fonts that a
 * style sheet does not name are left out.
 */
import { type DefaultTreeAdapterTypes, parse } from "parse5";
import type { ResourceKind } from "../../model/record";
import { styleReferences } from "./css";
import { chooseSource } from "./srcset";

export interface Reference {
  url: string;
  kind: ResourceKind;
}

export interface DocumentReferences {
  /** Value of the first `base` element with an address. */
  base: string | null;
  /** In the order of the document. */
  references: Reference[];
  /** Documents that stand in the document itself (`srcdoc`). */
  inline: string[];
}

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

export function documentReferences(html: string): DocumentReferences {
  const found: DocumentReferences = { base: null, references: [], inline: [] };
  // A stack of our own: markup of strangers can nest deeper than calls may.
  const stack: Node[] = [parse(html)];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if ("tagName" in node) collect(node, found);
    if ("childNodes" in node) for (let i = node.childNodes.length - 1; i >= 0; i--) stack.push(node.childNodes[i]!);
  }
  return found;
}

const attribute = (element: Element, name: string): string | null => {
  const value = element.attrs.find((item) => item.name === name)?.value.trim();
  return value === undefined || value === "" ? null : value;
};

const textOf = (element: Element): string =>
  element.childNodes.map((child) => ("value" in child ? child.value : "")).join("");

/** Presentational backgrounds, as pages of 1999 have them. */
const HAS_BACKGROUND = new Set(["body", "table", "thead", "tbody", "tfoot", "tr", "td", "th"]);

function collect(element: Element, found: DocumentReferences): void {
  const add = (url: string | null, kind: ResourceKind) => {
    if (url !== null) found.references.push({ url, kind });
  };
  const style = (css: string) => {
    const { imports, images } = styleReferences(css);
    for (const url of imports) add(url, "style");
    for (const url of images) add(url, "image");
  };
  const get = (name: string) => attribute(element, name);
  switch (element.tagName) {
    case "base":
      found.base ??= get("href");
      break;
    case "img":
      add(imageOf(element), "image");
      break;
    case "input":
      if (get("type")?.toLowerCase() === "image") add(get("src"), "image");
      break;
    case "image":
      add(get("href"), "image");
      break;
    case "video":
      add(get("poster"), "image");
      break;
    case "script":
      if (isScript(get("type"))) add(get("src"), "script");
      break;
    case "link": {
      const kind = linkKind(element);
      if (kind !== null) add(get("href"), kind);
      break;
    }
    case "style":
      style(textOf(element));
      break;
    case "frame":
    case "iframe": {
      const srcdoc = element.attrs.find(({ name }) => name === "srcdoc");
      if (srcdoc && element.tagName === "iframe") found.inline.push(srcdoc.value);
      else add(get("src"), "document");
      break;
    }
    case "embed":
      add(get("src"), "other");
      break;
    case "object":
      add(get("data"), "other");
      break;
  }
  if (HAS_BACKGROUND.has(element.tagName)) add(get("background"), "image");
  const inline = get("style");
  if (inline !== null) style(inline);
}

function isScript(type: string | null): boolean {
  return type === null || type.toLowerCase() === "module" || /(?:java|ecma)script$/i.test(type);
}

/** The kind of what a `link` loads; null where it loads nothing. */
function linkKind(element: Element): ResourceKind | null {
  const relations = (attribute(element, "rel") ?? "").toLowerCase().split(/\s+/);
  if (relations.includes("stylesheet"))
    return relations.includes("alternate") || isPrintOnly(attribute(element, "media")) ? null : "style";
  if (relations.includes("icon")) return "image";
  if (relations.includes("modulepreload")) return "script";
  if (!relations.includes("preload")) return null;
  const as = attribute(element, "as")?.toLowerCase();
  return as === "image" || as === "script" || as === "style" ? as : "other";
}

const isPrintOnly = (media: string | null): boolean => media?.toLowerCase() === "print";

/** Types of pictures that browsers show; a `source` of another type is passed over. */
const PICTURES = /^image\/(?:png|jpe?g|gif|webp|avif|svg\+xml|bmp|x-icon|vnd\.microsoft\.icon)$/i;

function imageOf(image: Element): string | null {
  const parent = image.parentNode;
  if (parent && "tagName" in parent && parent.tagName === "picture") {
    for (const source of parent.childNodes) {
      if (source === image) break;
      if (!("tagName" in source) || source.tagName !== "source") continue;
      const type = attribute(source, "type");
      const srcset = attribute(source, "srcset");
      if (srcset === null || attribute(source, "media") !== null || (type !== null && !PICTURES.test(type))) continue;
      return chooseSource(srcset, null);
    }
  }
  const srcset = attribute(image, "srcset");
  return srcset === null ? attribute(image, "src") : chooseSource(srcset, attribute(image, "src"));
}
