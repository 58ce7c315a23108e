import { startIndicator } from '@handrail/agent/indicator/indicator';
import { connectX } from '@handrail/agent/sources/x11/connection';
import { windowLister } from '@handrail/agent/sources/x11/windows';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith, displayPrograms } from '../require.ts';
import { type StagedDisplay, startDisplay } from './display.ts';
import { waitFor } from './observed.ts';

const clock = () => performance.now();

describeWith(displayPrograms, 'the indicator', () => {
  let display: StagedDisplay;
  const stack = new AsyncDisposableStack();
  beforeAll(async () => {
    display = stack.use(await startDisplay({ width: 800, height: 600, bus: false }));
  });
  afterAll(() => stack.disposeAsync());

  test('it is on screen, and healthy once it shows what was asked for', async () => {
    await using indicator = await startIndicator({ display: display.display, clock });
    indicator.show('recording');
    expect(indicator.healthy()).toBe(false);
    await waitFor('health', () => indicator.healthy());
    await using connection = await connectX(display.display);
    const listed = await windowLister(connection).windowsNow();
    expect(listed.find(({ id }) => id === indicator.windowId)?.bounds).toEqual(indicator.bounds);
  });

  test('it is not healthy while it is unmapped', async () => {
    await using indicator = await startIndicator({ display: display.display, clock });
    await display.xdotool('windowunmap', String(indicator.windowId));
    await waitFor('the loss of health', () => !indicator.healthy());
    await display.xdotool('windowmap', String(indicator.windowId));
    await waitFor('health', () => indicator.healthy());
  });

  test('its end by kill is noticed at once', async () => {
    await using indicator = await startIndicator({ display: display.display, clock });
    const death = new Promise<number>((resolve) => indicator.onDeath(() => resolve(clock())));
    const killedAtMs = clock();
    process.kill(indicator.pid, 'SIGKILL');
    expect((await death) - killedAtMs).toBeLessThan(1_000);
    expect(indicator.healthy()).toBe(false);
  });

  test('one that hangs counts as dead within its limit', async () => {
    await using indicator = await startIndicator({ display: display.display, clock });
    const death = new Promise<void>((resolve) => indicator.onDeath(resolve));
    process.kill(indicator.pid, 'SIGSTOP');
    await death;
    expect(indicator.healthy()).toBe(false);
  });
});
