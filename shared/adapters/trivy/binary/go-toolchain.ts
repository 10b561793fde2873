import { execa } from "execa";
import * as z from "zod";
import { executablesOnPath } from "./executables.ts";

export interface GoToolchain {
  readonly path: string;
  readonly moduleCache: string;
  /** Of the caller's environment what concerns Go, and no more: a build needs no secret of ours. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

interface FindGoOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workDirectory: string;
  readonly signal: AbortSignal;
}

/** The `go` on PATH, if it is at least the required version. */
export async function findGo(
  required: string,
  options: FindGoOptions,
): Promise<{ readonly kind: "found"; readonly go: GoToolchain } | { readonly kind: "not"; readonly reason: string }> {
  const [path] = await executablesOnPath("go", options.environment["PATH"]);
  if (path === undefined) return not(`there is no go on PATH (Go ${required} or later is needed)`);
  const environment = goEnvironment(options.environment);
  const result = await execa(path, ["env", "-json", "GOVERSION", "GOMODCACHE"], {
    // Outside of the module, whose go.mod an older Go may not be able to read.
    cwd: options.workDirectory,
    extendEnv: false,
    env: environment,
    stdin: "ignore",
    timeout: 20_000,
    cancelSignal: options.signal,
    forceKillAfterDelay: 2_000,
    maxBuffer: 100_000,
    reject: false,
  });
  options.signal.throwIfAborted();
  const answer = result.failed ? undefined : parseGoEnv(result.stdout);
  if (!answer) return not(`${path} does not answer \`go env\` (${result.shortMessage ?? "no JSON"})`);
  if (!isAtLeast(answer.GOVERSION, required)) {
    return not(`${path} is ${answer.GOVERSION}, and Go ${required} or later is needed`);
  }
  return { kind: "found", go: { path, moduleCache: answer.GOMODCACHE, environment } };
}

const not = (reason: string) => ({ kind: "not", reason }) as const;

function goEnvironment(environment: Readonly<Record<string, string | undefined>>) {
  const wanted =
    /^(GO[A-Z0-9]+|GIT_\w+|PATH|HOME|USER|TMPDIR|XDG_\w+|NETRC|SSH_AUTH_SOCK|SSL_CERT_\w+|(https?|all|no)_proxy)$/i;
  const kept = Object.entries(environment).filter(([name]) => wanted.test(name) && !crossCompiling.has(name));
  return {
    ...Object.fromEntries(kept),
    GOTOOLCHAIN: "local",
    GOWORK: "off",
    ...(environment["TIDEWATCH_OFFLINE"] === "1" && { GOPROXY: "off" }),
  };
}

/** Trivy is to run here. */
const crossCompiling: ReadonlySet<string> = new Set(["GOOS", "GOARCH"]);

const GoEnv = z.object({ GOVERSION: z.string(), GOMODCACHE: z.string().min(1) });

function parseGoEnv(output: string): z.infer<typeof GoEnv> | undefined {
  try {
    return GoEnv.parse(JSON.parse(output));
  } catch {
    return undefined;
  }
}

/** "go1.26.8" and "go1.27rc1" are at least "1.26.3". */
function isAtLeast(goVersion: string, required: string): boolean {
  const [, ...actual] = /^go(\d+)\.(\d+)(?:\.(\d+))?/.exec(goVersion) ?? [];
  if (actual.length === 0) return false;
  const rank = (parts: readonly (string | undefined)[]) =>
    [0, 1, 2].reduce((sum, index) => sum * 10_000 + Number(parts[index] ?? 0), 0);
  return rank(actual) >= rank(required.split("."));
}
