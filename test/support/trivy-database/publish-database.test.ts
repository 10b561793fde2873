import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { foundation, laterAdvisory } from "../../fixtures/advisories/foundation.ts";
import { startInProcessRegistry, type InProcessRegistry } from "../registry/in-process-registry.ts";
import { trivyPath } from "../trivy-path.ts";
import { buildJavaDatabase } from "./build-java-database.ts";
import { buildVulnerabilityDatabase } from "./build-vulnerability-database.ts";
import { publishDatabase } from "./trivy-database.ts";

const trivy = trivyPath();

describe("publishDatabase", () => {
  const account = { username: "reader", password: "secret" };
  const updatedAt = new Date("2026-11-20T06:00:00Z");
  const vulnerabilities = buildVulnerabilityDatabase({ advisories: foundation, updatedAt });
  let registry: InProcessRegistry;
  let folder: string;
  beforeAll(async () => {
    registry = await startInProcessRegistry({ auth: { kind: "basic", ...account } });
    folder = await mkdtemp(join(tmpdir(), "publish-database-"));
  });
  afterAll(async () => {
    await registry.close();
    await rm(folder, { recursive: true });
  });

  it("lets Trivy download the vulnerability database by its tag", async () => {
    const cache = join(folder, "by-tag");

    const { reference } = await publishDatabase(registry.url, "security/trivy-db", vulnerabilities, account);
    await download(cache, "--download-db-only", "--db-repository", reference);

    expect(reference).toBe(`${registry.host}/security/trivy-db:2`);
    expect(await readFile(join(cache, "db/trivy.db"))).toEqual(vulnerabilities.content);
    expect(await metadata(cache, "db")).toMatchObject({
      Version: 2,
      UpdatedAt: "2026-11-20T06:00:00Z",
      NextUpdate: "2026-11-21T06:00:00Z",
    });
  });

  it("keeps an earlier database under its digest", async () => {
    const cache = join(folder, "by-digest");
    const later = buildVulnerabilityDatabase({ advisories: [...foundation, laterAdvisory], updatedAt });

    const { digest } = await publishDatabase(registry.url, "security/trivy-db", vulnerabilities, account);
    await publishDatabase(registry.url, "security/trivy-db", later, account);
    await download(cache, "--download-db-only", "--db-repository", `${registry.host}/security/trivy-db@${digest}`);

    expect(await readFile(join(cache, "db/trivy.db"))).toEqual(vulnerabilities.content);
  });

  it("lets Trivy download the Java database by its tag", async () => {
    const cache = join(folder, "java");
    const artifact = { groupId: "org.yaml", artifactId: "snakeyaml", version: "1.30", sha1: "ab".repeat(20) };
    const java = buildJavaDatabase({ artifacts: [artifact], updatedAt });

    const { reference } = await publishDatabase(registry.url, "security/trivy-java-db", java, account);
    await download(cache, "--download-java-db-only", "--java-db-repository", reference);

    expect(await readFile(join(cache, "java-db/trivy-java.db"))).toEqual(java.content);
    expect(await metadata(cache, "java-db")).toMatchObject({ Version: 1, NextUpdate: "2026-11-23T06:00:00Z" });
  });

  async function download(cache: string, ...options: readonly string[]): Promise<void> {
    const quiet = ["--insecure", "--quiet", "--disable-telemetry", "--skip-version-check"];
    await execa(trivy, ["image", "--cache-dir", cache, ...options, ...quiet], {
      env: { TRIVY_USERNAME: account.username, TRIVY_PASSWORD: account.password },
      timeout: 60_000,
    });
  }
});

async function metadata(cache: string, database: string): Promise<unknown> {
  return JSON.parse(await readFile(join(cache, database, "metadata.json"), "utf8"));
}
