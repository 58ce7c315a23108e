// The server with an access list that lets everybody do everything: what the drill starts when the
// access list goes wrong. Nothing else of it differs from the server.

import { startServer } from '@handrail/server/app';
import { readConfig } from '@handrail/server/config';
import { readLaxPolicy } from './lax-policy.ts';

const [, , path = ''] = process.argv;
const server = await startServer(await readConfig(path), { readPolicy: readLaxPolicy });
process.once('SIGTERM', () => {
  server.close().then(
    () => process.exit(0),
    () => process.exit(3),
  );
});
process.stdout.write(`${JSON.stringify({ ready: true, url: server.url })}\n`);
