// What intake is measured against: node:http and the same fsynced atomic write, and nothing else.
import { randomUUID } from 'node:crypto';
import { link, mkdir, open, unlink } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';

const root = process.argv[2] ?? '.';
const [aside, objects] = [join(root, 'aside'), join(root, 'objects')];
await mkdir(aside, { recursive: true });
await mkdir(objects, { recursive: true });

async function keep(body: Uint8Array): Promise<void> {
  const name = randomUUID();
  const path = join(aside, name);
  const file = await open(path, 'wx', 0o600);
  await file.writeFile(body);
  await file.datasync();
  await file.close();
  await link(path, join(objects, name));
  await unlink(path);
  const folder = await open(objects, 'r');
  await folder.sync();
  await folder.close();
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

const server = createServer((request, response) => {
  void bodyOf(request)
    .then(keep)
    .then(
      () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
      () => response.writeHead(500).end(),
    );
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  process.stdout.write(`${JSON.stringify({ ready: true, url: `http://127.0.0.1:${port}` })}\n`);
});
process.once('SIGTERM', () => process.exit(0));
