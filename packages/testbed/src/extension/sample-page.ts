// A page of a shop's back office on loopback, with fields of every kind that must not be watched,
// and values planted where pages keep them. What is posted to it is thrown away.
import { createServer } from 'node:http';

export interface SamplePage extends AsyncDisposable {
  readonly origin: string;
}

/** `planted` stands in the page's text, its title and its attributes. */
export async function samplePage(planted: string): Promise<SamplePage> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(pageOf(planted));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    origin: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function pageOf(planted: string): string {
  return `<!doctype html>
<html lang="en">
<head><title>${planted}</title></head>
<body>
<h1>Orders</h1>
<p>${planted}</p>
<label>Comment <textarea id="comment" data-note="${planted}"></textarea></label>
<label>First <input id="first" type="password"></label>
<button id="show" type="button">Show</button>
<label>Number <input id="number" autocomplete="cc-number"></label>
<label>Code <input id="code" name="otp"></label>
<div id="host" style="display: inline-block"></div>
<script>
  document.querySelector('#show').addEventListener('click', () => {
    document.querySelector('#first').type = 'text';
  });
  const root = document.querySelector('#host').attachShadow({ mode: 'closed' });
  root.innerHTML = '<input type="password" style="width: 200px; height: 30px">';
</script>
</body>
</html>`;
}
