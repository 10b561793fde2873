import { existsSync } from "node:fs";
import type { Launch } from "./launch.ts";

export interface BubblewrapOptions {
  /** The bwrap program. */
  readonly path: string;
  /** Read-only for every program that is run. Those that do not exist are left out. */
  readonly systemFiles: readonly string[];
}

/**
 * Namespaces of its own for user, processes, IPC, host name and cgroup, and for the network where none is needed; a root
 * that holds the program, {@link systemFiles} and what the confinement names, everything at its usual path.
 */
export function bubblewrap({ path, systemFiles }: BubblewrapOptions): Launch {
  return ({ file, arguments: args }, { readable, writable, network }) => ({
    file: path,
    arguments: [
      ...["--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"],
      ...(network ? [] : ["--unshare-net"]),
      ...["--cap-drop", "ALL", "--die-with-parent", "--new-session"],
      ...[...systemFiles, file, ...readable].filter((one) => existsSync(one)).flatMap((one) => ["--ro-bind", one, one]),
      ...writable.flatMap((one) => ["--bind", one, one]),
      ...["--proc", "/proc", "--dev", "/dev"],
      // Both are in memory: written to, they would be memory that no limit counts.
      ...["--remount-ro", "/dev", "--remount-ro", "/"],
      ...["--", file, ...args],
    ],
  });
}

/**
 * Name resolution and certificate authorities, where Go looks for them on Linux (crypto/x509/root_linux.go). Not their
 * parent directories: those hold private keys.
 */
export const networkFiles: readonly string[] = [
  "/etc/resolv.conf",
  "/etc/hosts",
  "/etc/nsswitch.conf",
  "/etc/ssl/certs",
  "/etc/ssl/cert.pem",
  "/etc/ssl/ca-bundle.pem",
  "/etc/pki/tls/certs",
  "/etc/pki/tls/cacert.pem",
  "/etc/pki/ca-trust/extracted",
];
