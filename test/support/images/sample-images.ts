import { LINUX_AMD64, image, type Image, type Platform } from "./image.ts";
import { imageIndex, type ImageIndex } from "./image-index.ts";
import { layer, type Layer } from "./layer.ts";
import { apkFiles } from "./packages/apk.ts";
import { dpkgFiles } from "./packages/dpkg.ts";
import { goBinary } from "./packages/go-binary.ts";
import { jar } from "./packages/jar.ts";
import { npmFiles } from "./packages/npm.ts";
import { pipFiles } from "./packages/pip.ts";
import { rpmFiles } from "./packages/rpm.ts";
import * as samples from "./sample-packages.ts";

// One image of every kind that can be scanned. Each function takes the packages that set the image apart, so that a
// release that fixes one can be made; images named after a language stand on Debian's base layer, which they share.

export async function alpineImage(
  packages = samples.ALPINE_PACKAGES,
  platform: Platform = LINUX_AMD64,
): Promise<Image> {
  const architecture = ALPINE_ARCHITECTURES[platform.architecture];
  const files = apkFiles(packages, { release: samples.ALPINE_RELEASE, ...(architecture && { architecture }) });
  const base = await layer(files, `ADD alpine-minirootfs-${samples.ALPINE_RELEASE}.tar.gz / # buildkit`);
  return image({ platform, steps: [base, 'CMD ["/bin/sh"]'] });
}

const ALPINE_ARCHITECTURES: Readonly<Record<string, string>> = { amd64: "x86_64", arm64: "aarch64", arm: "armv7" };

export async function debianImage(packages = samples.DEBIAN_PACKAGES): Promise<Image> {
  return image({ steps: await debianBase(packages) });
}

export async function rockyImage(packages = samples.ROCKY_PACKAGES): Promise<Image> {
  const files = rpmFiles(packages, { distribution: "rocky", release: samples.ROCKY_RELEASE });
  return image({ steps: [await layer(files, "ADD rocky-9-container-base.tar.xz / # buildkit"), 'CMD ["/bin/bash"]'] });
}

export async function nodeImage(packages = samples.NPM_PACKAGES): Promise<Image> {
  const modules = await layer(npmFiles(packages), "RUN /bin/sh -c npm ci --omit=dev # buildkit");
  return image({
    steps: [...(await debianBase()), "WORKDIR /usr/src/app", modules, 'CMD ["node" "server.js"]'],
    config: { WorkingDir: "/usr/src/app", Cmd: ["node", "server.js"], User: "node" },
  });
}

export async function pythonImage(packages = samples.PIP_PACKAGES): Promise<Image> {
  const installed = await layer(pipFiles(packages), "RUN /bin/sh -c pip install -r requirements.txt # buildkit");
  return image({ steps: [...(await debianBase()), installed, 'CMD ["python" "app.py"]'] });
}

export async function javaImage(artifacts = samples.JARS): Promise<Image> {
  const files = artifacts.map((artifact) => jar(artifact).file);
  return image({ steps: [...(await debianBase()), await layer(files, "COPY target/lib /app/lib # buildkit")] });
}

/** Nothing but one program: `FROM scratch`. */
export async function goImage(modules = samples.GO_MODULES, goVersion = samples.GO_VERSION): Promise<Image> {
  const program = goBinary({ modulePath: "example.com/shop/server", goVersion, modules });
  return image({ steps: [await layer([program], "COPY server /app/server # buildkit"), 'ENTRYPOINT ["/app/server"]'] });
}

/** A base without a shell or a package manager, in Docker's format, and a Go program on it. */
export async function distrolessImage(packages = samples.DISTROLESS_PACKAGES): Promise<Image> {
  const files = dpkgFiles(packages, { distribution: "debian", release: samples.DEBIAN_RELEASE, distroless: true });
  const base = await layer(files, "bazel build @distroless//base:base_nonroot_amd64_debian12");
  const program = goBinary({
    modulePath: "example.com/shop/worker",
    goVersion: samples.GO_VERSION,
    modules: samples.GO_MODULES,
  });
  return image({ format: "docker", steps: [base, await layer([program], "COPY worker /app/server # buildkit")] });
}

/** A file and nothing by which a scanner could name a package. */
export async function scratchImage(): Promise<Image> {
  return image({ steps: [await layer([{ path: "index.html", content: "<h1>Hello</h1>\n" }], "COPY index.html /")] });
}

/** Alpine for three platforms, with BuildKit's attestations: an index of six manifests, of which three are images. */
export async function multiPlatformIndex(packages = samples.ALPINE_PACKAGES): Promise<ImageIndex> {
  const platforms: readonly Platform[] = [
    LINUX_AMD64,
    { os: "linux", architecture: "arm64", variant: "v8" },
    { os: "linux", architecture: "arm", variant: "v7" },
  ];
  const images = await Promise.all(platforms.map((platform) => alpineImage(packages, platform)));
  return imageIndex(images, { attestations: true });
}

async function debianBase(packages = samples.DEBIAN_PACKAGES): Promise<readonly (Layer | string)[]> {
  const files = dpkgFiles(packages, { distribution: "debian", release: samples.DEBIAN_RELEASE });
  return [await layer(files, "# debian.sh --arch 'amd64' out/ 'bookworm' '@1707782400'"), 'CMD ["bash"]'];
}
