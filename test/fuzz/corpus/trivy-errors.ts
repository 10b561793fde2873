/** What Trivy 0.74.0 printed when it failed, with the names in it replaced. */
const time = "2026-11-21T08:54:14Z";
const scan = `${time}\tFATAL\tFatal error\trun error: image scan error: scan error: `;
const opening =
  "unable to initialize a scan service: unable to initialize artifact: unable to initialize container image: ";
const manifest = "https://reg.example/v2/a/b/manifests/sha256:ab";

export const trivyErrors: readonly string[] = [
  `${time}\tINFO\tVulnerability scanning is enabled\n${scan}${opening}unable to find the specified image "reg.example/a/b@sha256:ab" in ["remote"]: 1 error occurred:\n\t* remote error: GET ${manifest}: MANIFEST_UNKNOWN: manifest unknown; map[]\n\n`,
  `${scan}${opening}unable to find the specified image: 1 error occurred:\n\t* remote error: GET ${manifest}: UNAUTHORIZED: authentication required\n`,
  `${scan}${opening}GET ${manifest}: unexpected status code 503 Service Unavailable\n`,
  `${scan}scan failed: failed analysis: analyze error: pipeline error: failed to analyze layer (sha256:ab): unable to get uncompressed layer sha256:ab: GET https://store.example/blob?sig=secret&se=2026: unexpected status code 403 Forbidden\n`,
  `${scan}scan failed: failed analysis: analyze error: pipeline error: walk error: error verifying sha256 checksum after reading 10 bytes\n`,
  `${time}\tFATAL\tFatal error\trun error: init error: DB error: database error: --skip-db-update cannot be specified on the first run`,
  `${time}\tFATAL\tFatal error\trun error: '--skip-java-db-update' cannot be specified on the first run\n`,
  `${scan}write /tmp/fanal: no space left on device\n`,
  "\u001b[31mpanic\u001b[0m: runtime error: invalid memory address\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/cmd/trivy/main.go:40 +0x1d\n",
];
