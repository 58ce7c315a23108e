// The only thing the stage takes from the surrounding environment: where programs are found.

/** The search path for the programs that the stage starts. */
export function programPath(): string {
  return process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin';
}
