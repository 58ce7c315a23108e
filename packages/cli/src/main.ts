// The handrail command: runs one command and leaves its exit code, whatever happened.
import { main } from './program.ts';

const lingerMsMax = 2_000;

process.exitCode = await main(process.argv.slice(2));
// A connection that nobody closed must not keep a finished command alive.
setTimeout(() => process.exit(), lingerMsMax).unref();
