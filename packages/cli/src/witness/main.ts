// The witness as a process of its own, for an organisation that the log's keeper does not control:
// node main.ts --key FILE --state FILE --port N --log LINE [--log LINE ...]
import { parseArgs } from 'node:util';
import { exitCodeOf, HandrailError } from '@handrail/core/errors';
import { startWitness } from './witness.ts';

const portMax = 65_535;

async function main(): Promise<void> {
  const { key, state, port, log, name } = readArguments();
  const witness = await startWitness({
    keyFile: key,
    stateFile: state,
    port,
    logs: log,
    ...(name === undefined ? {} : { name }),
  });
  const { url, verifierLine } = witness;
  process.stdout.write(`${JSON.stringify({ url, verifierLine })}\n`);
  const stop = () => void witness.close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

function readArguments() {
  const { values } = parseArgs({
    options: {
      key: { type: 'string' },
      state: { type: 'string' },
      port: { type: 'string', default: '0' },
      log: { type: 'string', multiple: true, default: [] },
      name: { type: 'string' },
    },
  });
  const { key, state, log, name } = values;
  const port = Number(values.port);
  if (key === undefined || state === undefined || log.length === 0) {
    throw new HandrailError('usage.invalid', 'Give --key FILE, --state FILE and --log LINE.');
  }
  if (!Number.isInteger(port) || port < 0 || port > portMax) {
    throw new HandrailError('usage.invalid', 'Give --port a number from 0 to 65535.');
  }
  return { key, state, port, log, name };
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = exitCodeOf(error);
}
