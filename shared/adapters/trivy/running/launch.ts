/** Turns a command line into the one that is really run, so that the program sees only what {@link Confinement} says. */
export type Launch = (command: Command, confinement: Confinement) => Command;

export interface Command {
  /** Absolute. */
  readonly file: string;
  readonly arguments: readonly string[];
}

/** Absolute paths without symbolic links. */
export interface Confinement {
  readonly readable: readonly string[];
  readonly writable: readonly string[];
  readonly network: boolean;
}

/** No isolation: the program may do what we may. */
export const bareLaunch: Launch = (command) => command;

/** No isolation either, but on Linux the program ends with us even when we are killed. */
export function dyingWithParent(setpriv: string): Launch {
  return ({ file, arguments: args }) => ({
    file: setpriv,
    arguments: ["--pdeathsig", "KILL", "--no-new-privs", file, ...args],
  });
}
