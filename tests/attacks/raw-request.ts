// One HTTP/1.1 request as bytes on a socket, so that nothing between attacker and server mends it.
import { connect } from 'node:net';

const answerMsMax = 30_000;

/** The status that the server answers with first; 0 where it closes without a word. */
export function statusOf(url: string, lines: readonly string[], body = ''): Promise<number> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.setTimeout(answerMsMax, () => socket.destroy(new Error('No answer.')));
  return new Promise((resolve, reject) => {
    let said = '';
    socket.on('error', reject);
    socket.on('data', (part) => {
      said += part.toString('latin1');
    });
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(said)?.[1] ?? 0)));
    socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
  });
}
