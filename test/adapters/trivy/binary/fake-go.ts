import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { trivyScript } from "./trivy-world.ts";
import type { TrivyWorld } from "./trivy-world.ts";

interface FakeGo {
  readonly version?: string;
  readonly trivyVersion?: string;
  /** Shell, run at the start of `go build`. */
  readonly onBuild?: string;
}

/** Puts a `go` on the world's PATH, and a module for it. It compiles a Trivy of three packages at once. */
export async function installFakeGo(world: TrivyWorld, { version = "go1.26.8", trivyVersion, onBuild }: FakeGo = {}) {
  await writeFile(join(world.pin.goModule, "go.mod"), "module example\n\ngo 1.26.3\n");
  const sums = [
    "example.com/Alpha v1.0.0 h1:a=",
    "example.com/Alpha v1.0.0/go.mod h1:b=",
    "example.com/beta v2.0.0 h1:c=",
  ];
  await writeFile(join(world.pin.goModule, "go.sum"), `${sums.join("\n")}\n`);
  await world.script("built-trivy", trivyScript(trivyVersion ?? "9.9.9"));
  const log = join(world.directory, "go.log");
  await world.script(
    "bin/go",
    `#!/bin/sh
PATH=/usr/bin:/bin
echo "$* [$(pwd)] $(env | sort | tr '\\n' ' ')" >> ${log}
case $1 in
  env) echo '{"GOVERSION":"${version}","GOMODCACHE":"${world.directory}/modules"}' ;;
  list)
    echo '# get https://proxy.example/alpha/@v/v1.0.0.zip: 200 OK (0.1s)' >&2
    printf 'example.com/alpha\\nexample.com/beta\\ngithub.com/aquasecurity/trivy/cmd/trivy\\n' ;;
  build)
    ${onBuild ?? ""}
    printf 'example.com/alpha\\nexample.com/beta\\ngithub.com/aquasecurity/trivy/cmd/trivy\\n' >&2
    while [ "$1" != -o ]; do shift; done
    cp ${world.directory}/built-trivy "$2" ;;
esac
`,
  );
  return { log: () => readFile(log, "utf8") };
}
