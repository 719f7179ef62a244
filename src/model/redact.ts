/** What a log must not hold: user info and the values of query parameters that carry secrets (DESIGN section 4). */

export const REDACTED = "REDACTED";

const SENSITIVE =
  /^(?:.*[-_.])?(?:pass|passwd|password|passphrase|pwd|secret|token|auth|authorization|apikey|key|credential|credentials|signature|sig|session|sessionid|sid|jwt|code|otp)$/i;
const CAMEL = /(?:Password|Secret|Token|ApiKey|Signature|Credential|SessionId)$/;

/** A whole URL without a user's name and password, which may hold an `@` themselves. */
export const withoutUserInfo = (url: string): string => url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, "$1");

/** Whether a query parameter of this name (percent-encoded or not) carries a secret. */
function isSensitiveParameter(name: string): boolean {
  let plain = name;
  try {
    plain = decodeURIComponent(name);
  } catch {
    // Not percent-encoded text: judged as it stands.
  }
  return SENSITIVE.test(plain) || CAMEL.test(plain);
}

/** The target (path and query, or a whole URL) with the values of sensitive query parameters replaced. */
export function redactTarget(target: string): string {
  const query = target.indexOf("?");
  if (query < 0 || target.indexOf("=", query) < 0) return target;
  const hash = target.indexOf("#", query);
  const end = hash < 0 ? target.length : hash;
  const parameters = target
    .slice(query + 1, end)
    .split(/([&;])/)
    .map((parameter) => {
      const equals = parameter.indexOf("=");
      return equals > 0 && isSensitiveParameter(parameter.slice(0, equals))
        ? `${parameter.slice(0, equals)}=${REDACTED}`
        : parameter;
    });
  return target.slice(0, query + 1) + parameters.join("") + target.slice(end);
}
