import type { RpcHttpCookie } from "../rpc.ts";

/** RFC 6265. The value is percent-encoded, as the Functions host does. */
export function formatSetCookie(cookie: RpcHttpCookie): string {
  const { name, value, domain, path, expires, secure, httpOnly, sameSite, maxAge } = cookie;
  const parts = [
    `${name}=${encodeURIComponent(value)}`,
    domain && `Domain=${domain.value}`,
    path && `Path=${path.value}`,
    expires && `Expires=${new Date(expires.value.seconds * 1000).toUTCString()}`,
    maxAge && `Max-Age=${maxAge.value}`,
    secure?.value && "Secure",
    httpOnly?.value && "HttpOnly",
    sameSite && sameSiteText[sameSite],
  ];
  return parts.filter((part) => typeof part === "string" && part !== "").join("; ");
}

const sameSiteText = {
  none: undefined,
  lax: "SameSite=Lax",
  strict: "SameSite=Strict",
  explicitNone: "SameSite=None",
};
