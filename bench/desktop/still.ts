// A desktop that stands still: one page without a caret in a real browser.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type StagedDisplay, startDisplay } from '@handrail/testbed/display/display';

const page = `<!doctype html><title>Still</title><body style="margin:30px;font:18px sans-serif">
<h1>Harbour survey</h1><p>${'The survey starts at the north pier. '.repeat(40)}</p>
<form><label>Name <input></label> <label>Place <input></label></form>
<ul>${'<li>Second class, both ways</li>'.repeat(12)}</ul>`;

export interface StillDesk extends AsyncDisposable {
  readonly display: StagedDisplay;
  readonly origin: string;
}

export async function startStillDesk(width: number, height: number): Promise<StillDesk> {
  const stack = new AsyncDisposableStack();
  try {
    const origin = await servePage(stack);
    const display = stack.use(await startDisplay({ width, height, bus: true }));
    await display.startChromium(`${origin}/`, { width, height, moreArguments: ['--test-type'] });
    await display.xdotool('search', '--sync', '--onlyvisible', '--name', 'Still');
    return { display, origin, [Symbol.asyncDispose]: () => stack.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

async function servePage(stack: AsyncDisposableStack): Promise<string> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(page);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}
