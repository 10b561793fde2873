import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readExemptionFile } from "../../../shared/adapters/files/read-exemption-file.ts";
import { whyUnexplained } from "../engine/why-unexplained.ts";
import { exemptionFile } from "../corpus/exemptions.ts";
import { accepted, type FuzzTarget } from "../fuzz-target.ts";

export const target: FuzzTarget = {
  about: "reviewed files of exemptions",
  format: "yaml",
  // Longer ones are not read.
  mostBytes: 250_000,
  tokens: ["CVE-2026-1", "pkg:deb/debian/openssl@1", "**", "sha256:", "linux/arm64", "2027-02-31", "&a ", "*a"],
  open: async () => {
    const directory = await mkdtemp(join(tmpdir(), "tidewatch-fuzz-"));
    const file = join(directory, "exemptions.yaml");
    return {
      corpus: [exemptionFile],
      run: async (input) => {
        await writeFile(file, input);
        const read = await readExemptionFile(file);
        if ("problems" in read) {
          const worst = read.problems.find((problem) => whyUnexplained(problem, input) !== undefined);
          return { kind: "refused", why: worst ?? read.problems[0] ?? "" };
        }
        JSON.stringify(read);
        return accepted;
      },
      close: () => rm(directory, { recursive: true, force: true }),
    };
  },
};
