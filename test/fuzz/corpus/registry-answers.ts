import { aDigest } from "../../support/samples.ts";

/** Answers of a CNCF distribution registry 2.8.2 and of Azure Container Registry, as bytes on the wire. Other hosts are this machine. */
export const registryAnswers: readonly string[] = [
  answer(200, { name: "team/web", tags: ["1.0", "1.1", "latest"] }),
  answer(200, { name: "team/web", tags: null }),
  answer(200, { name: "team/web", tags: ["1.0"] }, ['link: </v2/team/web/tags/list?last=1.0&n=100>; rel="next"']),
  answer(200, { repositories: ["base/alpine", "team/web"] }),
  answer(
    200,
    {
      schemaVersion: 2,
      manifests: [{ mediaType: "application/x", digest: aDigest(), size: 7, annotations: { a: "b" } }],
    },
    ["content-type: application/vnd.oci.image.index.v1+json", `docker-content-digest: ${aDigest()}`],
  ),
  answer(200, { token: "eyJhbGciOiJSUzI1NiJ9.e30.x", access_token: "y", expires_in: 300 }),
  answer(401, { errors: [{ code: "UNAUTHORIZED", message: "authentication required", detail: null }] }, [
    'www-authenticate: Bearer realm="https://localhost:1/oauth2/token",service="shop.azurecr.io"',
  ]),
  answer(404, { errors: [{ code: "MANIFEST_UNKNOWN", message: "manifest unknown", detail: { Tag: "1.0" } }] }),
  answer(404, "404 page not found"),
  answer(429, { errors: [{ code: "TOOMANYREQUESTS", message: "slow down" }] }, ["retry-after: 30"]),
  answer(307, "", ["location: https://localhost:1/x?sig=secret"]),
  answer(307, "", ["location: /v2/team/web/blobs/other"]),
  'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"tag\r\n9\r\ns":null}\n\r\n0\r\n\r\n',
  answer(503, "<html><body>down</body></html>", ["content-type: text/html"]),
];

function answer(status: number, body: unknown, headers: readonly string[] = []): string {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const common = [
    "docker-distribution-api-version: registry/2.0",
    "connection: close",
    `content-length: ${text.length}`,
  ];
  return [`HTTP/1.1 ${status} Any`, ...headers, ...common, "", text].join("\r\n");
}
