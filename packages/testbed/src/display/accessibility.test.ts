import { createServer } from 'node:http';
import {
  type AccessibilityBus,
  connectAccessibility,
} from '@handrail/agent/sources/accessibility/bus';
import { focusSource } from '@handrail/agent/sources/accessibility/focus';
import {
  type Structure,
  type StructureReader,
  structureReader,
} from '@handrail/agent/sources/accessibility/structure';
import { connectX } from '@handrail/agent/sources/x11/connection';
import { type WindowLister, windowLister } from '@handrail/agent/sources/x11/windows';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith, desktopPrograms } from '../require.ts';
import { type StagedDisplay, startDisplay } from './display.ts';
import { type Observed, observe, waitFor } from './observed.ts';

const clock = () => performance.now();
const page = `<!doctype html><title>Form</title><style>body{margin:20px}</style>
<p>Account of <b>Ada Example</b></p>
<form><label>Name <input id="name" autofocus></label>
<label>Secret <input type="password" id="secret"></label>
<select id="colour"><option>red</option><option>green</option></select></form>`;

describeWith(desktopPrograms, 'accessibility of real applications', () => {
  let display: StagedDisplay;
  let bus: AccessibilityBus;
  let lister: WindowLister;
  let reader: StructureReader;
  let seen: Observed;
  let origin: string;
  const stack = new AsyncDisposableStack();

  beforeAll(async () => {
    origin = await servePage(stack);
    display = stack.use(await startDisplay({ width: 1280, height: 800, bus: true }));
    bus = stack.use(await connectAccessibility(display.busAddress));
    lister = windowLister(stack.use(await connectX(display.display)));
    reader = structureReader(bus, clock);
    seen = await observe(stack.use(focusSource({ busAddress: display.busAddress, clock })));
    await display.startChromium(`${origin}/form?q=secret-query`);
    await seen.until('focus', ({ focus }) => focus?.documentOrigin === origin);
  });
  afterAll(() => stack.disposeAsync());

  const structureOf = (app: string, whole: (structure: Structure) => boolean) =>
    waitFor(`the structure of ${app}`, async () => {
      const window = (await lister.windowsNow()).find(
        (one) => one.app === app && !one.overrideRedirect,
      );
      const structure = window && (await reader.structureOf(window));
      return structure && whole(structure) ? { ...structure, window } : undefined;
    });

  test('a field of a page is told with role, place and origin, its address kept shut', async () => {
    const { focus } = await seen.until('focus', ({ focus }) => focus?.role === 'entry');
    expect(focus).toMatchObject({ roleClass: 'text', editable: true, documentOrigin: origin });
    expect(focus?.documentUri?.reveal()).toBe(`${origin}/form?q=secret-query`);
    expect(focus?.bounds?.width).toBeGreaterThan(50);
    expect(JSON.stringify(seen.all)).not.toContain('secret-query');
  });

  test('a password field is told as one, and between two fields the focus is unknown', async () => {
    const from = seen.all.length;
    await display.xdotool('key', 'Tab');
    const { focus } = await seen.until('focus', (one) => one.focus?.roleClass === 'password', from);
    expect(focus?.role).toBe('password text');
    expect(seen.all[from]).toMatchObject({ kind: 'focus', focus: undefined });
  });

  test('the address bar is a field outside every document', async () => {
    const from = seen.all.length;
    await display.xdotool('key', 'ctrl+l');
    const { focus } = await seen.until('focus', (one) => one.focus?.role === 'entry', from);
    expect(focus?.documentOrigin).toBeUndefined();
  });

  test('the structure has fields, texts and the document with their places', async () => {
    const { nodes, documents, window } = await structureOf('chromium', (structure) =>
      structure.nodes.some((node) => node.text.reveal().includes('Ada Example')),
    );
    expect(documents).toMatchObject([{ origin }]);
    const [document] = documents;
    const password = nodes.find((node) => node.roleClass === 'password');
    expect(password?.editable).toBe(true);
    expect(inside(password?.bounds, document?.bounds)).toBe(true);
    const address = nodes.find((node) => node.text.reveal().includes('secret-query'));
    expect(inside(address?.bounds, document?.bounds)).toBe(false);
    expect(inside(address?.bounds, window.bounds)).toBe(true);
    expect(JSON.stringify(nodes)).not.toContain('Ada');
  });

  test('a range of a text has bounds of its own', async () => {
    const { nodes } = await structureOf('chromium', ({ nodes }) => nodes.length > 0);
    const whole = nodes.find((node) => node.text.reveal().startsWith('Account of Ada'));
    const name = await reader.rangeBounds(whole?.nodeId ?? '', 11, 22);
    expect(inside(name, whole?.bounds)).toBe(true);
    expect(name?.width).toBeLessThan(200);
    expect(name?.x).toBeGreaterThan((whole?.bounds.x ?? 0) + 30);
  });

  test('the list of a native select is a window of its own, without a name', async () => {
    const before = new Set((await lister.windowsNow()).map(({ id }) => id));
    const { nodes } = await structureOf('chromium', ({ nodes }) => nodes.length > 0);
    const shown = nodes.find((node) => node.text.reveal() === 'red');
    const { x = 0, y = 0, width = 0, height = 0 } = shown?.bounds ?? {};
    const place = [x + width / 2, y + height / 2].map((value) => String(Math.round(value)));
    await display.xdotool('mousemove', ...place, 'click', '1');
    const list = await waitFor('the list', async () =>
      (await lister.windowsNow()).find(({ id }) => !before.has(id)),
    );
    expect(list).toMatchObject({ overrideRedirect: true, app: '' });
    const browser = (await lister.windowsNow()).find(({ app }) => app === 'chromium');
    expect(list.pid).toBe(browser?.pid);
    await display.xdotool('key', 'Escape');
  });

  test('limits and windows that cannot be read give no structure at all', async () => {
    const { window } = await structureOf('chromium', ({ nodes }) => nodes.length > 0);
    const small = structureReader(bus, clock, { nodesMax: 5 });
    expect(await small.structureOf(window)).toBeUndefined();
    const hasty = structureReader(bus, clock, { millisecondsMax: 0 });
    expect(await hasty.structureOf(window)).toBeUndefined();
    expect(await reader.structureOf({ ...window, pid: undefined })).toBeUndefined();
    expect(await reader.structureOf({ ...window, pid: 1 })).toBeUndefined();
  });

  test('text in a GTK editor is focus, structure and ranges too', async () => {
    const from = seen.all.length;
    await display.startApp('mousepad', []);
    const told = await seen.until('focus', ({ focus }) => focus?.app === 'mousepad', from);
    expect(told.focus).toMatchObject({ role: 'text', roleClass: 'text', editable: true });
    await display.xdotool('type', '--delay', '5', 'hello world');
    const { nodes } = await structureOf('mousepad', (structure) =>
      structure.nodes.some((node) => node.text.reveal() === 'hello world'),
    );
    const text = nodes.find((node) => node.editable);
    expect(text).toMatchObject({ focused: true, roleClass: 'text' });
    const world = await reader.rangeBounds(text?.nodeId ?? '', 6, 11);
    expect(inside(world, text?.bounds)).toBe(true);
  });
});

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function inside(inner: Box | undefined, outer: Box | undefined): boolean {
  if (!inner || !outer) return false;
  const right = inner.x + inner.width <= outer.x + outer.width;
  const bottom = inner.y + inner.height <= outer.y + outer.height;
  return inner.x >= outer.x && inner.y >= outer.y && right && bottom;
}

async function servePage(stack: AsyncDisposableStack): Promise<string> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://127.0.0.1:${port}`;
}
