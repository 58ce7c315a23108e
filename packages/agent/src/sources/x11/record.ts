// Every key, button, wheel step and motion of the display, through the RECORD extension (version
// 1.13), in the server's order and with the server's times. Nothing recorded is kept here.
import { HandrailError } from '@handrail/core/errors';
import type { Clock } from '@handrail/core/observation';
import type { Emit, Source } from '../source.ts';
import type { InputExtension, RecordExtension, RecordReply } from './client.ts';
import { connectX, type XConnection } from './connection.ts';
import { DeviceEventReader, parseDeviceEvents } from './device-events.ts';
import { readMapping } from './keymap.ts';
import { KeymapHistory, parseMappingChange } from './keymap-history.ts';
import { physicalDevices } from './physical-devices.ts';
import { makeServerTimeProbe, readServerClock, type ServerTimeProbe } from './server-clock.ts';

const allClients = 3;
const keyPressType = 2;
const motionNotifyType = 6;
/** DeviceKeyPress to DeviceMotionNotify of the input extension name the physical device. */
const deviceKeyPressOffset = 1;
const deviceMotionOffset = 5;
const startOfData = 4;
const fromServer = 0;
const fromClient = 1;
/** Requests are prefixed with the server time at which they were carried out. */
const withClientTime = 2;
const changeKeyboardMapping = 100;

/** Input of `display` from `start` on; the connection's end is a `gone` observation. */
export function recordSource(options: { readonly display: string; readonly clock: Clock }): Source {
  const stack = new AsyncDisposableStack();
  return {
    start: (emit) => start(options.display, options.clock, emit, stack),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function start(
  display: string,
  clock: Clock,
  emit: Emit,
  stack: AsyncDisposableStack,
): Promise<void> {
  // RECORD answers on a connection that can do nothing else: control needs a second one.
  const data = stack.use(await connectX(display));
  const control = stack.use(await connectX(display));
  const gone = once(() => emit({ kind: 'gone', reason: 'record', atMs: clock() }));
  data.onGone(gone);
  control.onGone(gone);
  const input = await control.extension<InputExtension>('xinput');
  const probe = await makeServerTimeProbe(control);
  const keymaps = new KeymapHistory(await readMapping(control));
  followMapping(control, probe, keymaps);
  const reader = new DeviceEventReader({
    keymaps,
    serverClock: await readServerClock(probe, clock),
    isPhysical: await physicalDevices(control, input),
    firstInputEvent: input.firstEvent,
    emit,
  });
  await record(data, control, stack, input.firstEvent, (reply) => {
    if (reply.category === fromClient) {
      const change = parseMappingChange(reply.data);
      if (change) keymaps.change(change);
    } else if (reply.category === fromServer) {
      for (const event of parseDeviceEvents(reply.data)) reader.read(event);
      reader.flush();
    }
  });
}

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}

function followMapping(control: XConnection, probe: ServerTimeProbe, keymaps: KeymapHistory): void {
  control.client.on('event', async (event) => {
    if (event.name !== 'MappingNotify') return;
    const serverTime = await probe.ask().catch(() => undefined);
    const mapping = await readMapping(control).catch(() => undefined);
    if (serverTime !== undefined && mapping) keymaps.wasRead(serverTime, mapping);
  });
}

async function record(
  data: XConnection,
  control: XConnection,
  stack: AsyncDisposableStack,
  firstInputEvent: number,
  onEvents: (reply: RecordReply) => void,
): Promise<void> {
  const extension = await data.extension<RecordExtension>('record');
  const remote = await control.extension<RecordExtension>('record');
  const context = data.client.AllocID();
  const input = {
    first: firstInputEvent + deviceKeyPressOffset,
    last: firstInputEvent + deviceMotionOffset,
  };
  const core = { first: keyPressType, last: motionNotifyType };
  const mappingChanges = { first: changeKeyboardMapping, last: changeKeyboardMapping };
  extension.CreateContext(
    context,
    withClientTime,
    [allClients],
    [{ deviceEvents: core }, { deviceEvents: input }, { coreRequests: mappingChanges }],
  );
  await data.ask((client, done) => client.sync(done));
  await enabled(data, extension, context, onEvents);
  stack.defer(async () => {
    remote.DisableContext(context);
    await control.tryAsk((client, done) => client.sync(done));
  });
}

/** Resolves once the server says that recording has begun. */
function enabled(
  data: XConnection,
  extension: RecordExtension,
  context: number,
  onEvents: (reply: RecordReply) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = () => reject(new HandrailError('capture.unavailable', 'RECORD was refused.'));
    const request = data.client.seq_num + 1;
    extension.EnableContext(
      context,
      (reply) => {
        // The package keeps every reply until the context ends: kept keystrokes, and a leak.
        const kept = data.client.replies[request]?.[3];
        if (kept) kept.length = 0;
        if (reply.category === startOfData) resolve();
        else onEvents(reply);
      },
      () => {
        refuse();
        return true;
      },
    );
  });
}
