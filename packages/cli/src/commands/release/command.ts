// Declares `release`: building under a grant, looking, exporting and checking.
import { type Command, Option } from 'commander';
import { lazily, wholeNumber } from '../../declare.ts';

export interface ReleaseOptions {
  readonly url?: string;
}

export interface BuildOptions extends ReleaseOptions {
  readonly grant: string;
  readonly wait?: boolean;
}

export interface ExportOptions extends ReleaseOptions {
  readonly format: 'parquet' | 'agentnet';
  readonly out: string;
}

export interface CheckOptions extends ReleaseOptions {
  readonly list?: string;
  readonly rows?: string;
}

export interface ListOptions extends ReleaseOptions {
  readonly save?: string;
}

export interface AddModelOptions extends ReleaseOptions {
  readonly name: string;
  readonly digest: string;
}

export interface DecideModelOptions extends ReleaseOptions {
  readonly decision: 'retrain' | 'keep-until' | 'retired';
  readonly until?: string;
  readonly reason: string;
}

export interface VerifyOptions extends ReleaseOptions {
  readonly rebuild?: boolean;
  readonly workers: number;
}

const workersMax = 16;
const url = ['--url <url>', 'the server (default: the one this home knows)'] as const;

export function addRelease(program: Command): void {
  const release = program.command('release').description('Data sets that left, or may leave');
  release
    .command('build <recipe>')
    .description('Build a release of a recipe file under an approved grant of tier release')
    .requiredOption('--grant <id>', 'the grant that names this recipe')
    .option('--wait', 'until it is built')
    .option(...url)
    .action(lazily<BuildOptions>(async () => (await import('./build.ts')).run));
  release
    .command('list')
    .description('Releases, newest first')
    .option('--save <file>', "also write the vault's signed list there, for `release check --list`")
    .option(...url)
    .action(lazily<ListOptions>(async () => (await import('./list.ts')).run));
  release
    .command('show <id>')
    .description('What is known about one release, without content')
    .option(...url)
    .action(lazily<ReleaseOptions>(async () => (await import('./show.ts')).run));
  release
    .command('export <id>')
    .description('Get a release, sealed to the age recipient of its grant')
    .addOption(
      new Option('--format <format>', 'which encoding')
        .choices(['parquet', 'agentnet'])
        .makeOptionMandatory(),
    )
    .requiredOption('--out <file.age>', 'where to write it')
    .option(...url)
    .action(lazily<ExportOptions>(async () => (await import('./export.ts')).run));
  release
    .command('verify <id>')
    .description('Check a release against the ledger; with --rebuild build it again and compare')
    .option('--rebuild', 'build it again from its manifest and compare every byte')
    .option('--workers <n>', 'how many workers build it', wholeNumber(1, workersMax), 1)
    .option(...url)
    .action(lazily<VerifyOptions>(async () => (await import('./verify.ts')).run));
  addStanding(release);
}

function addStanding(release: Command): void {
  release
    .command('check <file-or-id>')
    .description('Whether an export, a manifest or a release still stands; fails if it does not')
    .option('--list <file>', 'a signed list of releases, to check without a line')
    .option('--rows <file.jsonl>', 'say which trajectories of an opened AgentNet export went')
    .option(...url)
    .action(lazily<CheckOptions>(async () => (await import('./check.ts')).run));
  release
    .command('notices')
    .description('Which of the releases exported by this home must not be used any more')
    .option(...url)
    .action(lazily<ReleaseOptions>(async () => (await import('./notices.ts')).run));
  addModels(release);
}

function addModels(release: Command): void {
  const model = release.command('model').description('Models that were trained on a release');
  model
    .command('add <release>')
    .description('Record one; the holder of the grant signs that')
    .requiredOption('--name <name>', 'what it is called')
    .requiredOption('--digest <sha256>', 'of the model, in hex')
    .option(...url)
    .action(lazily<AddModelOptions>(async () => (await import('./model.ts')).add));
  model
    .command('list <release>')
    .description('Those on record, and what was decided about them')
    .option(...url)
    .action(lazily<ReleaseOptions>(async () => (await import('./model.ts')).list));
  model
    .command('decide <digest>')
    .description('Say what becomes of one whose release is superseded')
    .addOption(
      new Option('--decision <decision>', 'what you decide')
        .choices(['retrain', 'keep-until', 'retired'])
        .makeOptionMandatory(),
    )
    .option('--until <instant>', 'with keep-until, such as 2026-12-31T00:00:00Z')
    .requiredOption('--reason <text>', 'why')
    .option(...url)
    .action(lazily<DecideModelOptions>(async () => (await import('./model.ts')).decide));
}
