// `npm run bench -- NAME [--json]` measures one thing on this machine; without a name it lists what
// can be measured. Figures are for reading: no test depends on them.
import { parseArgs } from 'node:util';
import { listBenches, loadBench } from './runner/bench.ts';
import { printed } from './runner/print.ts';

const folder = import.meta.dirname;

async function main(): Promise<0 | 2> {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const names = await listBenches(folder);
  const [name] = positionals;
  if (name === undefined) {
    process.stdout.write(values.json ? `${JSON.stringify(names)}\n` : `${names.join('\n')}\n`);
    return 0;
  }
  if (!names.includes(name)) {
    process.stderr.write(
      `There is no bench "${name}"; there are: ${names.join(', ') || 'none'}.\n`,
    );
    return 2;
  }
  const bench = await loadBench(folder, name);
  process.stdout.write(printed(await bench.run(), values.json));
  return 0;
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 3;
});
