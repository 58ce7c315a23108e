// Declares `incident`: opened, followed and closed by whoever leads when something went wrong.
import { type Command, InvalidArgumentError } from 'commander';
import { lazily, wholeNumber } from '../../declare.ts';

export interface IncidentOptions {
  readonly url?: string;
}

export interface OpenOptions extends IncidentOptions {
  readonly severity: number;
  readonly what: string;
  readonly since?: string;
}

export interface CloseOptions extends IncidentOptions {
  readonly exposed: string;
  readonly failed: readonly string[];
  readonly access: string;
  readonly retention: string;
  readonly fixed?: string;
}

export interface ReportOptions extends IncidentOptions {
  readonly evidence?: string;
}

const severityMax = 5;
const url = ['--url <url>', 'the server (default: the one this home knows)'] as const;
const again = (value: string, before: readonly string[] = []) => [...before, value];

export function addIncident(program: Command): void {
  const incident = program
    .command('incident')
    .description('When something went wrong: stop, see whom it concerns, mend, tell');
  incident
    .command('open')
    .description('Open an incident; all but a note halt the programme at once')
    .requiredOption('--severity <n>', '1 (worst) to 4; 5 is a note', wholeNumber(1, severityMax))
    .requiredOption('--what <text>', 'what happened, naming nobody')
    .option('--since <time>', 'since when it may have been so (default: now)', instant)
    .option(...url)
    .action(lazily<OpenOptions>(async () => (await import('./open.ts')).run));
  incident
    .command('show')
    .description('One incident, or all: the clock, agents stopped, whom it concerns')
    .argument('[id]', 'an incident')
    .option(...url)
    .action(lazily<IncidentOptions>(async () => (await import('./show.ts')).run));
  incident
    .command('blast-radius')
    .description('Who could have read what, and who did')
    .argument('<id>', 'an incident')
    .option(...url)
    .action(lazily<IncidentOptions>(async () => (await import('./blast-radius.ts')).run));
  incident
    .command('close')
    .description('Close it, once probes found nothing since it was mended')
    .argument('<id>', 'an incident')
    .requiredOption('--exposed <text>', 'what was exposed, for everyone to read')
    .requiredOption('--failed <text>', 'a control that failed; again for more', again)
    .requiredOption('--access <text>', 'what changed in who has access')
    .requiredOption('--retention <text>', 'what changed in what is kept')
    .option('--fixed <time>', 'when it was mended (default: when the last probes began)', instant)
    .option(...url)
    .action(lazily<CloseOptions>(async () => (await import('./close.ts')).run));
  incident
    .command('report')
    .description('The public report; with --evidence also a signed bundle for auditors')
    .argument('<id>', 'an incident')
    .option('--evidence <file>', 'where the bundle is written')
    .option(...url)
    .action(lazily<ReportOptions>(async () => (await import('./report.ts')).run));
}

function instant(text: string): string {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) && !Number.isNaN(Date.parse(text)))
    return text;
  throw new InvalidArgumentError('Give a time such as 2026-11-24T10:00:00Z.');
}
