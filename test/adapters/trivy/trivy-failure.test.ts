import { describe, expect, it } from "vitest";
import { toFailedOutcome } from "../../../shared/adapters/trivy/trivy-failure.ts";

// What Trivy 0.74.0 wrote to stderr on 2026-11-21; hosts and digests are shortened.
const FATAL = "2026-11-21T08:54:14Z\tFATAL\tFatal error\trun error: ";
const SCAN = `${FATAL}image scan error: scan error: `;
const FIND =
  `${SCAN}unable to initialize a scan service: unable to initialize artifact: unable to initialize container image: ` +
  'unable to find the specified image "reg.example/a/b@sha256:ab" in ["remote"]: 1 error occurred:\n\t* remote error: ';
const MANIFEST = "GET https://reg.example/v2/a/b/manifests/sha256:ab: ";
const ANALYSE = `${SCAN}scan failed: failed analysis: analyze error: pipeline error: failed to analyze layer (sha256:cd): `;
const LAYER = `${ANALYSE}unable to get uncompressed layer sha256:cd: failed to get the layer content (sha256:cd): GET https://reg.example/v2/a/b/blobs/sha256:ef: `;

describe("what Trivy wrote when it failed", () => {
  it.each([
    ["an unknown manifest", `${FIND}${MANIFEST}MANIFEST_UNKNOWN: manifest unknown; map[Tag:1]\n\n\n`],
    ["an unknown repository", `${FIND}${MANIFEST}NAME_UNKNOWN: repository name not known to registry\n\n\n`],
    ["an unknown layer", `${LAYER}BLOB_UNKNOWN: blob unknown to registry`],
    [
      "an unknown config",
      `${SCAN}scan failed: failed analysis: unable to get the image ID: unable to get the image ID: GET https://reg.example/v2/a/b/blobs/sha256:ef: BLOB_UNKNOWN: blob unknown to registry`,
    ],
  ])("means that the image is gone: %s", (_, stderr) => {
    expect(toFailedOutcome({ kind: "failed", exitCode: 1, stderr })).toEqual({ kind: "imageGone" });
  });

  it.each([
    ["registry-refused", `${FIND}${MANIFEST}UNAUTHORIZED: authentication required\n\n\n`],
    ["registry-refused", `${FIND}${MANIFEST}DENIED: requested access to the resource is denied\n\n\n`],
    ["registry-refused", `${FIND}${MANIFEST}unexpected status code 403 Forbidden: <html>no</html>\n\n\n`],
    ["registry-refused", `${LAYER}unexpected status code 401 Unauthorized`],
    ["registry-unavailable", `${FIND}${MANIFEST}TOOMANYREQUESTS: slow down\n\n\n`],
    ["registry-unavailable", `${FIND}${MANIFEST}unexpected status code 404 Not Found: nope\n\n\n`],
    ["registry-unavailable", `${LAYER}unexpected status code 503 Service Unavailable`],
    ["registry-unavailable", `${FIND}Get "https://reg.example/v2/": dial tcp: lookup reg.example: no such host\n\n\n`],
    [
      "registry-unavailable",
      `${FIND}Get "https://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused\n`,
    ],
    [
      "digest-mismatch",
      `${FIND}manifest digest: "sha256:e5" does not match requested digest: "sha256:ab" for "x"\n\n\n`,
    ],
    [
      "digest-mismatch",
      `${ANALYSE}walk error: failed to extract the archive: error verifying sha256 checksum after reading 238 bytes; got "sha256:b7", want "sha256:5d"`,
    ],
    [
      "database-unavailable",
      `${FATAL}init error: DB error: database error: --skip-db-update cannot be specified on the first run`,
    ],
    [
      "database-unavailable",
      `${ANALYSE}post analysis error: post analysis error: Unable to initialize the Java DB: Java DB update failed: '--skip-java-db-update' cannot be specified on the first run`,
    ],
    [
      "no-space",
      `${ANALYSE}walk error: failed to process the file: failed to analyze file: failed to copy file to temp: copy error: write analyzer-file-1: no space left on device`,
    ],
    ["out-of-memory", "fatal error: runtime: out of memory\n\ngoroutine 1 [running]:"],
    ["scanner-crashed", `${ANALYSE}walk error: failed to extract the archive: unexpected EOF`],
    ["scanner-crashed", ""],
  ])("is a failure of the class %s", (failure, stderr) => {
    expect(toFailedOutcome({ kind: "failed", exitCode: 1, stderr })).toMatchObject({ kind: "failed", failure });
  });

  it("does not let the image say that it is gone, by the name of a file", () => {
    const file = `${MANIFEST}MANIFEST_UNKNOWN: x`;
    const stderr = `${ANALYSE}walk error: failed to process the file: failed to analyze ${file}: invalid header`;

    expect(toFailedOutcome({ kind: "failed", exitCode: 1, stderr })).toMatchObject({ failure: "scanner-crashed" });
  });

  it("is told without colours, control characters and signed URLs, and not at length", () => {
    const url = "https://store.blob.core.windows.net/layer?sv=2024&sig=SECRET";
    const stderr = `${"x".repeat(5000)}\u001b[31mGet "${url}": EOF\u0007\n`;

    const outcome = toFailedOutcome({ kind: "failed", exitCode: 1, stderr });

    const detail = outcome.kind === "failed" ? outcome.detail : "";
    expect(detail).toMatch(/xGet "https:\/\/store\.blob\.core\.windows\.net\/layer\?…": EOF$/);
    expect(detail.length).toBeLessThanOrEqual(2000);
  });

  it("is taken for the lack of memory when the system killed it", () => {
    expect(toFailedOutcome({ kind: "failed", exitCode: 137, stderr: "" })).toMatchObject({ failure: "out-of-memory" });
  });
});
