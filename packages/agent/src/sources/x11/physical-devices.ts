// Which input devices stand for a person's hand: those attached to the display's pointer and
// keyboard, except the X server's own XTEST pair. A device not known yet counts as no hand.
import type { InputExtension } from './client.ts';
import type { XConnection } from './connection.ts';

const slavePointer = 3;
const slaveKeyboard = 4;

/** Answers at once from what was last read, and reads again when it meets an unknown device. */
export async function physicalDevices(
  control: XConnection,
  input: InputExtension,
): Promise<(device: number) => boolean> {
  let known = new Map<number, boolean>();
  let reading = false;
  const read = async () => {
    const devices = await control.ask<Parameters<typeof rolesOf>[0]>((_, done) =>
      input.XIQueryDevice(input.AllDevices, done),
    );
    known = rolesOf(devices);
  };
  const readAgain = () => {
    if (reading) return;
    reading = true;
    read()
      .catch(() => undefined)
      .finally(() => {
        reading = false;
      });
  };
  await read();
  return (device) => {
    const answer = known.get(device);
    if (answer === undefined) readAgain();
    return answer ?? false;
  };
}

function rolesOf(
  devices: readonly { readonly deviceId: number; readonly use: number; readonly name: string }[],
): Map<number, boolean> {
  const isHand = (use: number, name: string) =>
    (use === slavePointer || use === slaveKeyboard) && !/XTEST/.test(name);
  return new Map(devices.map(({ deviceId, use, name }) => [deviceId, isHand(use, name)]));
}
