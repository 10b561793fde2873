/**
 * Where a redirect may lead; undefined when it must not be followed: no usable address, credentials in the address, or
 * from https down to http.
 *
 * Other hosts are allowed, private addresses too: registries hand out blobs from their object storage, which behind a
 * private endpoint has a private address. What comes back is checked against a digest or a schema and is never shown,
 * and the caller leaves the Authorization header at home, so a hostile registry gains nothing by it.
 */
export function redirectTarget(from: URL, location: string | null): URL | undefined {
  if (location === null || !URL.canParse(location, from.href)) return undefined;
  const target = new URL(location, from);
  if (target.username !== "" || target.password !== "" || target.host.length > longestHost) return undefined;
  if (target.protocol === "https:") return target;
  return target.protocol === "http:" && from.protocol === "http:" ? target : undefined;
}

/** A name of DNS and a port. The host gets into messages. */
const longestHost = 260;

export function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}
