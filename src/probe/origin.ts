/** Where a request goes: scheme, host and port; and how its URL is written in a log. */
import { redactTarget } from "../model/redact";

export interface Origin {
  secure: boolean;
  /** As for a look-up: an IPv6 address has no brackets. */
  host: string;
  port: number;
  /** `http://host:port`, the default port left out; equal origins have equal keys. */
  key: string;
  /** Value of the Host field. */
  authority: string;
}

/** A URL cannot be asked for; the message is for people. */
export class UrlError extends Error {
  override readonly name = "UrlError";
}

const origins = new Map<string, Origin>();

/** The URL's origin, the same object for the same origin. Throws a UrlError for what is not http or https. */
export function originOf(url: URL): Origin {
  const known = origins.get(url.origin);
  if (known) return known;
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new UrlError(`${url.protocol}// cannot be asked for: only http:// and https:// can`);
  const secure = url.protocol === "https:";
  const origin: Origin = {
    secure,
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port ? Number(url.port) : secure ? 443 : 80,
    key: url.origin,
    authority: url.host,
  };
  origins.set(url.origin, origin);
  return origin;
}

/** The text as a URL: `/path` and `path` against `base` where there is one. Throws a UrlError. */
export function parseUrl(text: string, base?: string): URL {
  try {
    return new URL(text, base);
  } catch {
    throw new UrlError(
      base === undefined && text.startsWith("/")
        ? `${text}: a path alone needs a server; give the whole URL, http://host:port${text}`
        : `${JSON.stringify(text.slice(0, 200))} is not a URL; one looks like http://host:port/path`,
    );
  }
}

/** What a request sends of the URL. */
export const targetOf = (url: URL): string => `${url.pathname}${url.search}`;

/** The URL as it is logged: without user info, secrets redacted. */
export const loggedUrl = (origin: Origin, target: string): string => origin.key + redactTarget(target);
