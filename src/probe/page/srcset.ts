/** Which candidate of a `srcset` a browser takes (HTML, 4.8.4.3), on a plain screen: density 1, 1280 pixels wide. */

const VIEWPORT_WIDTH = 1280;

interface Candidate {
  url: string;
  density: number;
}

/** The candidate's address; null where there is none. `fallback` is the `src`, a candidate of density 1. */
export function chooseSource(srcset: string, fallback: string | null): string | null {
  const candidates = parseSrcset(srcset);
  if (fallback !== null && !candidates.some(({ density }) => density === 1))
    candidates.push({ url: fallback, density: 1 });
  candidates.sort((a, b) => a.density - b.density);
  return (candidates.find(({ density }) => density >= 1) ?? candidates.at(-1))?.url ?? fallback;
}

/** Addresses may hold commas; what separates candidates is a comma at an address's end or after its descriptor. */
function parseSrcset(srcset: string): Candidate[] {
  const candidates: Candidate[] = [];
  for (const match of srcset.matchAll(/([^\s,]\S*)([^,]*)/g)) {
    let [, url, descriptor] = match as unknown as [string, string, string];
    if (url.endsWith(",")) {
      let end = url.length;
      while (url[end - 1] === ",") end--;
      // The comma has ended this candidate: what was taken for its descriptor is the next one's.
      candidates.push({ url: url.slice(0, end), density: 1 }, ...parseSrcset(descriptor));
      continue;
    }
    descriptor = descriptor.trim();
    const value = /^((?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?)([xw])$/i.exec(descriptor);
    if (value) {
      const number = Number(value[1]);
      candidates.push({ url, density: value[2]!.toLowerCase() === "w" ? number / VIEWPORT_WIDTH : number });
    } else if (descriptor === "") candidates.push({ url, density: 1 });
  }
  return candidates;
}
