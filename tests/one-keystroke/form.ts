// The page that is typed into.
import { createServer } from 'node:http';

const page = `<!doctype html><title>Form</title><style>body{margin:20px}</style>
<label>Purpose <input id="purpose"></label><br><label>Contact <input id="contact"></label>`;

/** Serves the form on loopback until `stack` is disposed; gives its origin. */
export async function serveForm(stack: AsyncDisposableStack): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}
