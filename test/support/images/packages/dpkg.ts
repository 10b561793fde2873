import type { FileEntry } from "../layer.ts";

export interface DpkgPackage {
  readonly name: string;
  /** With epoch and revision: 1:1.2.13.dfsg-1. */
  readonly version: string;
  /** The source package, which Debian's advisories name: `openssl`, or `util-linux (2.38.1-5)` when its version differs. */
  readonly source?: string;
  /** Debian's own when not given. Trivy knows packages of third parties by it, and leaves them out of its findings. */
  readonly maintainer?: string;
}

export interface DpkgOptions {
  readonly distribution: "debian" | "ubuntu";
  /** What Trivy takes as the release: 12.5, 22.04. */
  readonly release: string;
  /** amd64 when not given. */
  readonly architecture?: string;
  /** One file for each package, as distroless images have it, instead of one for all. */
  readonly distroless?: boolean;
}

/** The release files of Debian or Ubuntu and dpkg's database. */
export function dpkgFiles(packages: readonly DpkgPackage[], options: DpkgOptions): readonly FileEntry[] {
  const { architecture = "amd64", distroless = false } = options;
  const stanzas = packages.map((each) => ({ name: each.name, stanza: stanza(each, architecture, distroless) }));
  return [
    ...releaseFiles(options),
    ...(distroless
      ? stanzas.map(({ name, stanza }) => ({ path: `var/lib/dpkg/status.d/${name}`, content: stanza }))
      : [{ path: "var/lib/dpkg/status", content: stanzas.map(({ stanza }) => `${stanza}\n`).join("") }]),
  ];
}

function releaseFiles({ distribution, release }: DpkgOptions): readonly FileEntry[] {
  if (distribution === "ubuntu")
    return [
      { path: "etc/lsb-release", content: `DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=${release}\n` },
      { path: "etc/os-release", content: `NAME="Ubuntu"\nID=ubuntu\nVERSION_ID="${release}"\n` },
    ];
  return [
    { path: "etc/debian_version", content: `${release}\n` },
    {
      path: "etc/os-release",
      content: `NAME="Debian GNU/Linux"\nID=debian\nVERSION_ID="${release.replace(/\..*/, "")}"\n`,
    },
  ];
}

// https://manpages.debian.org/bookworm/dpkg-dev/deb-control.5.en.html
function stanza(each: DpkgPackage, architecture: string, distroless: boolean): string {
  const { name, version, source, maintainer = "Debian Maintainers <debian-devel@lists.debian.org>" } = each;
  return [
    `Package: ${name}`,
    ...(distroless ? [] : ["Status: install ok installed"]),
    `Architecture: ${architecture}`,
    `Version: ${version}`,
    ...(source === undefined ? [] : [`Source: ${source}`]),
    `Maintainer: ${maintainer}`,
    "",
  ].join("\n");
}
