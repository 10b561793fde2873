import { parseChallenges } from "../../../shared/adapters/oci/challenge.ts";
import { nextPath } from "../../../shared/adapters/oci/listing.ts";
import { redirectTarget } from "../../../shared/adapters/oci/redirect.ts";
import { parseRetryAfter } from "../../../shared/adapters/oci/retry-after.ts";
import { DeadLetterError } from "../../../shared/domain/failure.ts";
import { endingOf, type FuzzTarget } from "../fuzz-target.ts";

export const target: FuzzTarget = {
  about: "headers of a registry's answers: WWW-Authenticate, Link, Location, Retry-After",
  format: "text",
  tokens: ['realm="', "Bearer ", "Basic ", ",", "\\", '"', ">; rel=next", "<", "=".repeat(50), " ".repeat(50), "@"],
  open: async () => ({
    corpus: [
      'Bearer realm="https://shop.azurecr.io/oauth2/token",service="shop.azurecr.io",scope="repository:team/web:pull"',
      'Basic realm="Registry Realm", Bearer realm="https://auth.example/token",service="r",error="invalid_token"',
      'Negotiate dG9rZW4=, Digest username="a\\"b", qop=auth',
      '</v2/_catalog?last=team%2Fweb&n=100>; rel="next"',
      '</v2/a/tags/list?n=100>; rel="prev", </v2/a/tags/list?last=x&n=100>; title="x"; rel=next',
      "https://store.blob.example/a?sig=x",
      "//other.example/v2/",
      "120",
      "Wed, 21 Oct 2026 07:28:00 GMT",
    ],
    run: (input) => {
      const text = Buffer.from(input).toString();
      return endingOf(() => {
        for (const { parameters } of parseChallenges(text)) parameters.get("realm");
        checkRedirect(redirectTarget(asked, text));
        const until = parseRetryAfter(text, now)?.getTime() ?? now.getTime();
        if (!(until >= now.getTime() && until <= now.getTime() + 3_600_000)) throw new Error("It waits too long.");
        // A header cannot hold these.
        const headers = new Headers({ link: text.replaceAll(/[^\t\x20-\x7e]/g, "") });
        const path = nextPath({ status: 200, headers, content: new Uint8Array(), url: asked, fromOrigin: true });
        if (path !== undefined && !path.startsWith("/")) throw new Error("The next page is no path.");
      }, [DeadLetterError]);
    },
  }),
};

const asked = new URL("https://shop.azurecr.io/v2/_catalog?n=100");
const now = new Date("2026-11-21T08:00:00Z");

function checkRedirect(to: URL | undefined): void {
  if (to !== undefined && (to.protocol !== "https:" || to.username !== ""))
    throw new Error("It follows a bad redirect.");
}
