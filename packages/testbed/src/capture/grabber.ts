// A prompt as lock screens and password askers make it: a window of no window manager that grabs
// the keyboard and leaves the active window and its focus as they are.
import { connectX, type XConnection } from '@handrail/agent/sources/x11/connection';
import { waitFor } from '../display/observed.ts';

export interface KeyboardPrompt extends AsyncDisposable {
  readonly windowId: number;
}

interface GrabbingClient {
  GrabKeyboard(
    wid: number,
    ownerEvents: number,
    time: number,
    pointerMode: number,
    keyboardMode: number,
    done: (error: unknown, status: number) => boolean,
  ): void;
}

const keyPressMask = 1;
const asynchronous = 1;
const bounds = { x: 500, y: 20, width: 200, height: 60 };

/** Resolves once the prompt has the keyboard; disposing it gives the keyboard back. */
export async function showPrompt(display: string): Promise<KeyboardPrompt> {
  const connection = await connectX(display);
  const { client, root } = connection;
  const windowId = client.AllocID();
  const { x, y, width, height } = bounds;
  client.CreateWindow(windowId, root, x, y, width, height, 0, 0, 1, 0, {
    overrideRedirect: 1,
    backgroundPixel: 0x336699,
    eventMask: keyPressMask,
  });
  client.MapWindow(windowId);
  // Another grab (a menu that is closing) may have to end first.
  await waitFor('the grab', async () => (await grab(connection, windowId)) === 0 || undefined);
  return { windowId, [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose]() };
}

function grab({ client }: XConnection, windowId: number): Promise<number> {
  const grabbing = client as XConnection['client'] & GrabbingClient;
  return new Promise((resolve, reject) => {
    grabbing.GrabKeyboard(windowId, 0, 0, asynchronous, asynchronous, (error, status) => {
      if (error) reject(error);
      else resolve(status);
      return true;
    });
  });
}
