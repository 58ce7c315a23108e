// All commands with their help. Usage errors exit with 2, others with the code of their error.
import { Command, CommanderError } from 'commander';
import { addAgent } from './commands/agent/command.ts';
import { addBackup } from './commands/backup/command.ts';
import { addBystander } from './commands/bystander/command.ts';
import { addCanary } from './commands/canary/command.ts';
import { addConsole } from './commands/console/command.ts';
import { addDatabase } from './commands/database/command.ts';
import { addDemo } from './commands/demo/command.ts';
import { addDevice } from './commands/device/command.ts';
import { addDrill } from './commands/drill/command.ts';
import { addGrant } from './commands/grant/command.ts';
import { addHold } from './commands/hold/command.ts';
import { addImport } from './commands/import/command.ts';
import { addIncident } from './commands/incident/command.ts';
import { addJoin } from './commands/join/command.ts';
import { addKey } from './commands/key/command.ts';
import { addLedger } from './commands/ledger/command.ts';
import { addLogin } from './commands/login/command.ts';
import { addManifest } from './commands/manifest/command.ts';
import { addMine } from './commands/mine/command.ts';
import { addObjection } from './commands/objection/command.ts';
import { addProbe } from './commands/probe/command.ts';
import { addProgramme } from './commands/programme/command.ts';
import { addRedact } from './commands/redact/command.ts';
import { addReduce } from './commands/reduce/command.ts';
import { addRelease } from './commands/release/command.ts';
import { addReplay } from './commands/replay/command.ts';
import { addStatus } from './commands/status/command.ts';
import { addUp } from './commands/up/command.ts';
import { addWitness } from './commands/witness/command.ts';
import { failureOf } from './failure.ts';

const nouns = [
  ...[addUp, addJoin, addAgent, addStatus, addMine, addImport, addManifest],
  ...[addProbe, addIncident],
  ...[addLogin, addDevice, addKey, addLedger, addReduce, addRedact, addReplay, addWitness],
  ...[
    addProgramme,
    addConsole,
    addGrant,
    addRelease,
    addObjection,
    addHold,
    addBystander,
    addBackup,
  ],
  ...[addDatabase, addCanary, addDrill, addDemo],
];

const version = '0.1.0';

/** Runs one command line to its end; never rejects. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    await newProgram().parseAsync([...args], { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const { line, exitCode } = failureOf(error);
    process.stderr.write(`${line}\n`);
    return exitCode;
  }
}

/** Every command, declared; nothing that they do is loaded. */
export function newProgram(): Command {
  const program = new Command('handrail');
  program
    .description('Computer-use training data that nobody reads without purpose and approvals.')
    .version(version)
    .option('--home <dir>', "a person's device and keys (or HANDRAIL_HOME; default ~/.handrail)")
    .option('--json', 'standard output carries JSON only')
    .showSuggestionAfterError(false);
  for (const add of nouns) add(program);
  for (const command of family(program)) strict(command);
  return program;
}

/** A command and all below it. */
export function* family(command: Command): Generator<Command> {
  yield command;
  for (const child of command.commands) yield* family(child);
}

/** One line for every usage error; the options that all commands share are in every help. */
function strict(command: Command): void {
  command
    .exitOverride()
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      outputError: (text, write) => write(`${sentence(text)} ${hint(command)}\n`),
    });
  if (command.commands.length === 0) return;
  command.allowExcessArguments().action(() => {
    const [word] = command.args;
    const names = command.commands.map((child) => child.name()).join(', ');
    command.error(
      word === undefined ? `Name a command: ${names}.` : `There is no command ${word}.`,
    );
  });
}

function sentence(text: string): string {
  const plain = text
    .replace(/^error: /, '')
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim();
  return /[.!?)]$/.test(plain) ? plain : `${plain}.`;
}

function hint(command: Command): string {
  const words: string[] = [];
  for (let at: Command | null = command; at !== null; at = at.parent) words.unshift(at.name());
  return `See ${words.join(' ')} --help.`;
}
