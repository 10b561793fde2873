import type { FailureClass, ScanOutcome } from "../../domain/scan-outcome.ts";
import { KILLED, type ProgramEnd } from "./running/run-program.ts";

/** What it means for the image that Trivy did not end well. */
export function toFailedOutcome(end: Exclude<ProgramEnd, { kind: "done" }>): ScanOutcome {
  if (end.kind === "stopped") return failed(STOPPED[end.reason], `Trivy was stopped. ${end.detail}`);
  const { stderr, exitCode } = end;
  const detail = readableTail(stderr);
  const ofRegistry = registryMessage(stderr);
  if (ofRegistry !== undefined) return registryOutcome(ofRegistry, detail);
  if (/error verifying sha256 checksum|does not match requested digest/.test(stderr))
    return failed("digest-mismatch", detail);
  if (/\binit error: DB error:/.test(stderr)) return failed("database-unavailable", detail);
  if (stderr.includes("'--skip-java-db-update' cannot be specified on the first run"))
    return failed("database-unavailable", "The image has jars, and there is no Java database yet to look them up in.");
  if (/no space left on device/i.test(stderr)) return failed("no-space", detail);
  if (/out of memory|cannot allocate memory/i.test(stderr)) return failed("out-of-memory", detail);
  if (exitCode === KILLED)
    return failed(
      "out-of-memory",
      "The operating system killed Trivy, most often because the machine ran out of memory.",
    );
  return failed("scanner-crashed", `Trivy ended with exit code ${exitCode ?? "unknown"}. ${detail}`);
}

const STOPPED = {
  timeout: "timeout",
  aborted: "timeout",
  "out-of-memory": "out-of-memory",
  "no-space": "no-space",
  "endless-output": "scanner-crashed",
} as const;

/**
 * What Trivy's registry client said, if it was the one that failed. The text is looked for only where the image cannot
 * put it: paths of files in the image get into other messages, and one could read "MANIFEST_UNKNOWN".
 */
function registryMessage(stderr: string): string | undefined {
  const beginnings = [
    String.raw`unable to initialize a scan service: unable to initialize artifact: unable to initialize container image: `,
    String.raw`scan failed: failed analysis: (?:unable to get the image(?: ID|'s config file): )+`,
    String.raw`scan failed: failed analysis: analyze error: pipeline error: failed to analyze layer \(sha256:\w+\): unable to get uncompressed layer sha256:\w+: `,
  ];
  const fatal = new RegExp(
    String.raw`\tFATAL\tFatal error\trun error: image scan error: scan error: (?:${beginnings.join("|")})(.*)`,
    "s",
  );
  const [, message] = fatal.exec(stderr) ?? [];
  return message;
}

function registryOutcome(message: string, detail: string): ScanOutcome {
  // "GET <url>: CODE: text" or "GET <url>: unexpected status code 503 Service Unavailable" (go-containerregistry's
  // pkg/v1/remote/transport/error.go). After a refused password Trivy tries again without: the last line counts too.
  // A 404 without a code may be anybody's word, a proxy's for one: it does not make an image gone.
  const says = (pattern: string) => new RegExp(String.raw`\S: (?:${pattern})\b`).test(message);
  if (message.includes("unsupported artifact type"))
    return { kind: "unscannable", reason: "not-an-image", detail: "Trivy says that the manifest is not of an image." };
  if (/error verifying sha256 checksum|does not match requested digest/.test(message))
    return failed("digest-mismatch", detail);
  if (says("UNAUTHORIZED|DENIED|unexpected status code 40[13]")) return failed("registry-refused", detail);
  if (says("(?:MANIFEST|BLOB|NAME)_UNKNOWN")) return { kind: "imageGone" };
  return failed("registry-unavailable", detail);
}

function failed(failure: FailureClass, detail: string): ScanOutcome {
  return { kind: "failed", failure, detail: detail.slice(0, 2000) };
}

/** The last lines, of at most 1,900 characters, in one. Credentials are not in them; query strings of storage URLs are. */
export function readableTail(stderr: string): string {
  const lines = stderr
    // Far more than is shown. An address is looked for from each "http" on, which takes too long in a megabyte of them.
    .slice(-16_384)
    // A storage account's signed URL lets in whoever has it.
    .replace(/(https?:\/\/[^\s?"]+)\?[^\s"]+/g, "$1?…")
    // Colours and other orders to a terminal.
    .replace(/\p{Cc}\[[0-9;]*[A-Za-z]/gu, "")
    .replace(/\p{Cc}+/gu, " ")
    .trim();
  return lines.length <= 1900 ? lines : `…${lines.slice(-1899)}`;
}
