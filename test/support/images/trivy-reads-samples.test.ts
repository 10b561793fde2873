import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { startInProcessRegistry, type InProcessRegistry } from "../registry/in-process-registry.ts";
import { buildJavaDatabase } from "../trivy-database/build-java-database.ts";
import { installDatabase } from "../trivy-database/trivy-database.ts";
import { trivyPath } from "../trivy-path.ts";
import { image, type Image } from "./image.ts";
import { layer } from "./layer.ts";
import { jar, type Jar, type JarArtifact } from "./packages/jar.ts";
import { push } from "./push.ts";
import * as samples from "./sample-images.ts";
import { JARS } from "./sample-packages.ts";
import * as unscannable from "./unscannable-images.ts";

const trivy = trivyPath();

describe("Trivy", () => {
  let registry: InProcessRegistry;
  let cache: string;
  beforeAll(async () => {
    registry = await startInProcessRegistry();
    cache = await mkdtemp(join(tmpdir(), "trivy-cache-"));
    const artifacts = JARS.map((artifact, index) => ({ ...artifact, sha1: unnamedJar(artifact, index).sha1 }));
    await installDatabase(cache, buildJavaDatabase({ artifacts, updatedAt: new Date("2026-01-05T08:00:00Z") }));
  });
  afterAll(async () => {
    await registry.close();
    await rm(cache, { recursive: true });
  });

  it("finds Alpine's packages", async () => {
    expect(await packagesOf(await samples.alpineImage())).toEqual([
      "0 pkg:apk/alpine/alpine-baselayout@3.4.3-r2?arch=x86_64&distro=3.19.1",
      "0 pkg:apk/alpine/busybox@1.36.1-r15?arch=x86_64&distro=3.19.1",
      "0 pkg:apk/alpine/libcrypto3@3.1.4-r5?arch=x86_64&distro=3.19.1",
      "0 pkg:apk/alpine/libssl3@3.1.4-r5?arch=x86_64&distro=3.19.1",
      "0 pkg:apk/alpine/musl@1.2.4_git20230717-r4?arch=x86_64&distro=3.19.1",
    ]);
  });

  it("finds Debian's packages", async () => {
    expect(await packagesOf(await samples.debianImage())).toEqual(DEBIAN);
  });

  it("finds Rocky's packages with their epochs", async () => {
    expect(await packagesOf(await samples.rockyImage())).toEqual([
      "0 pkg:rpm/rocky/bash@5.1.8-9.el9?arch=x86_64&distro=rocky-9.4",
      "0 pkg:rpm/rocky/openssl-libs@3.0.7-24.el9?arch=x86_64&distro=rocky-9.4&epoch=1",
    ]);
  });

  it("finds npm's packages in the layer above Debian's", async () => {
    expect(await packagesOf(await samples.nodeImage())).toEqual([
      ...DEBIAN,
      "1 pkg:npm/%40types/node@20.11.0",
      "1 pkg:npm/lodash@4.17.20",
      "1 pkg:npm/minimist@1.2.5",
    ]);
  });

  it("finds pip's packages in the layer above Debian's", async () => {
    expect(await packagesOf(await samples.pythonImage())).toEqual([
      ...DEBIAN,
      "1 pkg:pypi/jinja2@3.1.2",
      "1 pkg:pypi/requests@2.30.0",
    ]);
  });

  it("finds the modules and the toolchain of a Go program", async () => {
    expect(await packagesOf(await samples.goImage())).toEqual([
      "0 pkg:golang/example.com/shop/server",
      "0 pkg:golang/github.com/google/uuid@v1.6.0",
      "0 pkg:golang/golang.org/x/net@v0.22.0",
      "0 pkg:golang/stdlib@v1.21.8",
    ]);
  });

  it("finds jars that say what they are", async () => {
    expect(await packagesOf(await samples.javaImage())).toEqual([...DEBIAN, ...LOG4J_AND_SNAKEYAML]);
  });

  it("finds jars that only their SHA-1 tells apart", async () => {
    const files = JARS.map((artifact, index) => unnamedJar(artifact, index).file);
    const base = await layer([], "FROM");

    const packages = await packagesOf(image({ steps: [base, await layer(files, "COPY lib /app/lib")] }));

    expect(packages).toEqual(LOG4J_AND_SNAKEYAML);
  });

  it("finds the packages of a distroless base and of the program on it", async () => {
    expect(await packagesOf(await samples.distrolessImage())).toEqual([
      "0 pkg:deb/debian/base-files@12.4%2Bdeb12u5?arch=amd64&distro=debian-12.5",
      "0 pkg:deb/debian/libc6@2.36-9%2Bdeb12u8?arch=amd64&distro=debian-12.5",
      "0 pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64&distro=debian-12.5",
      "1 pkg:golang/example.com/shop/worker",
      "1 pkg:golang/github.com/google/uuid@v1.6.0",
      "1 pkg:golang/golang.org/x/net@v0.22.0",
      "1 pkg:golang/stdlib@v1.21.8",
    ]);
  });

  it("finds each platform's own packages in an index", async () => {
    const { images } = await samples.multiPlatformIndex();

    const architectures: (string | undefined)[] = [];
    for (const each of images) architectures.push(/arch=(\w+)/.exec((await packagesOf(each)).join())?.[1]);

    expect(architectures).toEqual(["x86_64", "aarch64", "armv7"]);
  });

  it.each([
    ["has no package", samples.scratchImage],
    ["has no layer", async () => unscannable.emptyImage()],
  ])("finds nothing in an image that %s", async (_what, make) => {
    expect(await packagesOf(await make())).toEqual([]);
  });

  it("finds no Windows packages in a Windows image, only npm's", async () => {
    expect(await packagesOf(await unscannable.windowsImage())).toEqual(["1 pkg:npm/lodash@4.17.20"]);
  });

  it("cannot read an encrypted image", async () => {
    await expect(packagesOf(await unscannable.encryptedImage())).rejects.toThrow(/FATAL/);
  });

  /** Sorted lines of layer number and package URL, as Trivy reports them. */
  async function packagesOf(made: Image): Promise<readonly string[]> {
    const { digest } = await push(registry.url, "team/app", made);
    const reference = `${registry.host}/team/app@${digest}`;
    const { stdout } = await execa(trivy, ["image", ...OPTIONS, "--cache-dir", cache, reference], {
      timeout: 60_000,
    });
    const { components = [] } = sbomSchema.parse(JSON.parse(stdout));
    return components
      .flatMap(({ purl, properties = [] }) => {
        const diffId = properties.find(({ name }) => name === "aquasecurity:trivy:LayerDiffID")?.value;
        return purl === undefined ? [] : [`${made.layers.findIndex((each) => each.diffId === diffId)} ${purl}`];
      })
      .sort();
  }
});

function unnamedJar(artifact: JarArtifact, index: number): Jar {
  return jar(artifact, { path: `app/lib/${index}.jar`, pomProperties: false });
}

const OPTIONS = [
  "--image-src=remote",
  "--insecure",
  "--format=cyclonedx",
  "--skip-version-check",
  "--disable-telemetry",
  "--offline-scan",
  "--skip-java-db-update",
];

const DEBIAN = [
  "0 pkg:deb/debian/base-files@12.4%2Bdeb12u5?arch=amd64&distro=debian-12.5",
  "0 pkg:deb/debian/curl@7.88.1-10%2Bdeb12u5?arch=amd64&distro=debian-12.5",
  "0 pkg:deb/debian/libc6@2.36-9%2Bdeb12u8?arch=amd64&distro=debian-12.5",
  "0 pkg:deb/debian/libcurl4@7.88.1-10%2Bdeb12u5?arch=amd64&distro=debian-12.5",
  "0 pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64&distro=debian-12.5",
  "0 pkg:deb/debian/openssl@3.0.11-1~deb12u2?arch=amd64&distro=debian-12.5",
  "0 pkg:deb/debian/zlib1g@1.2.13.dfsg-1?arch=amd64&distro=debian-12.5&epoch=1",
];

const LOG4J_AND_SNAKEYAML = [
  "1 pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1",
  "1 pkg:maven/org.yaml/snakeyaml@1.30",
];

const sbomSchema = z.object({
  components: z
    .array(
      z.object({
        purl: z.string().optional(),
        properties: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
      }),
    )
    .optional(),
});
