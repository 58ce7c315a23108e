// The only place where the launcher reads its environment.
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export const environment = process.env;

/** As the command line will find it. */
export function homeFolder(option) {
  return resolve(option || environment.HANDRAIL_HOME || join(homedir(), '.handrail'));
}
