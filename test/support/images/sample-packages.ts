import type { ApkPackage } from "./packages/apk.ts";
import type { DpkgPackage } from "./packages/dpkg.ts";
import type { GoModule } from "./packages/go-binary.ts";
import type { JarArtifact } from "./packages/jar.ts";
import type { NpmPackage } from "./packages/npm.ts";
import type { PipPackage } from "./packages/pip.ts";
import type { RpmPackage } from "./packages/rpm.ts";

// Real packages. Those marked have public advisories; the others are there because an image has them.

export const ALPINE_RELEASE = "3.19.1";
export const ALPINE_PACKAGES: readonly ApkPackage[] = [
  { name: "alpine-baselayout", version: "3.4.3-r2" },
  { name: "musl", version: "1.2.4_git20230717-r4" },
  { name: "busybox", version: "1.36.1-r15" }, // CVE-2023-42366
  { name: "libcrypto3", version: "3.1.4-r5", origin: "openssl" }, // CVE-2024-2511, CVE-2024-6119
  { name: "libssl3", version: "3.1.4-r5", origin: "openssl" }, // the same two
];

export const DEBIAN_RELEASE = "12.5";
export const DEBIAN_PACKAGES: readonly DpkgPackage[] = [
  { name: "base-files", version: "12.4+deb12u5" },
  { name: "libc6", version: "2.36-9+deb12u8", source: "glibc" },
  { name: "openssl", version: "3.0.11-1~deb12u2" }, // CVE-2024-5535, CVE-2024-6119
  { name: "libssl3", version: "3.0.11-1~deb12u2", source: "openssl" }, // the same two
  { name: "zlib1g", version: "1:1.2.13.dfsg-1", source: "zlib" }, // CVE-2023-45853, not fixed
  { name: "curl", version: "7.88.1-10+deb12u5" }, // CVE-2024-2398
  { name: "libcurl4", version: "7.88.1-10+deb12u5", source: "curl" }, // the same one
];

export const DISTROLESS_PACKAGES: readonly DpkgPackage[] = [
  { name: "base-files", version: "12.4+deb12u5" },
  { name: "libc6", version: "2.36-9+deb12u8", source: "glibc" },
  { name: "libssl3", version: "3.0.11-1~deb12u2", source: "openssl" }, // CVE-2024-5535, CVE-2024-6119
];

export const ROCKY_RELEASE = "9.4";
export const ROCKY_PACKAGES: readonly RpmPackage[] = [
  { name: "bash", version: "5.1.8", release: "9.el9", sourceRpm: "bash-5.1.8-9.el9.src.rpm" },
  // CVE-2024-6119
  { name: "openssl-libs", epoch: 1, version: "3.0.7", release: "24.el9", sourceRpm: "openssl-3.0.7-24.el9.src.rpm" },
];

export const NPM_PACKAGES: readonly NpmPackage[] = [
  { name: "lodash", version: "4.17.20" }, // CVE-2021-23337
  { name: "minimist", version: "1.2.5" }, // CVE-2021-44906
  { name: "@types/node", version: "20.11.0" },
];

export const PIP_PACKAGES: readonly PipPackage[] = [
  { name: "Jinja2", version: "3.1.2" }, // CVE-2024-22195
  { name: "requests", version: "2.30.0" }, // CVE-2023-32681
];

export const GO_VERSION = "go1.21.8"; // CVE-2023-45288
export const GO_MODULES: readonly GoModule[] = [
  { path: "golang.org/x/net", version: "v0.22.0" }, // CVE-2023-45288
  { path: "github.com/google/uuid", version: "v1.6.0" },
];

export const JARS: readonly JarArtifact[] = [
  { groupId: "org.apache.logging.log4j", artifactId: "log4j-core", version: "2.14.1" }, // CVE-2021-44228
  { groupId: "org.yaml", artifactId: "snakeyaml", version: "1.30" }, // CVE-2022-1471
];
