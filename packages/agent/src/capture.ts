// Everything that watches one display, put together: sources, indicator, frames, recorder. It ends
// by itself when the display goes away.
import { HandrailError } from '@handrail/core/errors';
import type { Gate } from '@handrail/core/gate';
import type { Clock, Observation } from '@handrail/core/observation';
import { type FinishedDraft, Recorder } from '@handrail/core/recorder';
import type { Sensitive } from '@handrail/core/sensitive';
import type { ManifestFile } from '@handrail/core/statement';
import { type Indicator, startIndicator } from './indicator/indicator.ts';
import { encodeImage } from './recorder/frame-image.ts';
import { FrameWatch } from './recorder/frame-watch.ts';
import { connectAccessibility } from './sources/accessibility/bus.ts';
import { focusSource } from './sources/accessibility/focus.ts';
import { structureReader } from './sources/accessibility/structure.ts';
import { activeWindowSource } from './sources/x11/active-window.ts';
import { connectX } from './sources/x11/connection.ts';
import { displaySource } from './sources/x11/display.ts';
import { openFrameGrabber } from './sources/x11/frames.ts';
import { recordSource } from './sources/x11/record.ts';
import { windowLister } from './sources/x11/windows.ts';

export interface CaptureOptions {
  readonly display: string;
  readonly sessionBus: string;
  readonly clock: Clock;
  readonly gate: Gate;
  readonly manifest: ManifestFile;
  readonly known: () => readonly Sensitive<string>[];
  readonly onDraft: (finished: FinishedDraft) => void;
  /** The display, its accessibility or the indicator is gone: nothing is captured any more. */
  readonly onEnd: (reason: 'display-gone' | 'indicator') => void;
  readonly onChange: () => void;
}

const tickMs = 250;
/** One is read into while another is being masked. */
const framesMax = 2;

export class Capture implements AsyncDisposable {
  readonly recorder: Recorder;
  readonly indicator: Indicator;
  readonly #options: CaptureOptions;
  readonly #stack: AsyncDisposableStack;
  #frames: FrameWatch | undefined;

  private constructor(options: CaptureOptions, stack: AsyncDisposableStack, indicator: Indicator) {
    this.#options = options;
    this.#stack = stack;
    this.indicator = indicator;
    const { gate, clock, onDraft } = options;
    this.recorder = new Recorder({ gate, clock, encodeImage, onDraft });
  }

  /** Throws `capture.unavailable` where the display or its accessibility cannot be watched. */
  static async start(options: CaptureOptions): Promise<Capture> {
    const stack = new AsyncDisposableStack();
    try {
      const indicator = stack.use(await startIndicator(options));
      const capture = new Capture(options, stack, indicator);
      await capture.#watch();
      return capture;
    } catch (cause) {
      await stack.disposeAsync();
      if (cause instanceof HandrailError) throw cause;
      throw new HandrailError('capture.unavailable', 'The display cannot be watched.', { cause });
    }
  }

  /** Whether the screen may be looked at; what it shows while it may not is never read. */
  look(wanted: boolean): void {
    this.#frames?.look(wanted);
  }

  /** Nothing of what was captured is left; the screen is read anew. */
  forget(): void {
    this.recorder.forget();
    this.#frames?.again();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }

  async #watch(): Promise<void> {
    const { display, sessionBus, clock, manifest, known, onEnd, onChange } = this.#options;
    const stack = this.#stack;
    this.indicator.onDeath(() => onEnd('indicator'));
    this.indicator.onHealth(() => onChange());
    const observe = (observation: Observation) => this.#observe(observation);
    for (const source of [
      displaySource({ display, clock }),
      activeWindowSource({ display, clock, ignored: [this.indicator.windowId] }),
      focusSource({ busAddress: sessionBus, clock }),
      recordSource({ display, clock }),
    ]) {
      stack.use(source);
      await source.start(observe);
    }
    const bus = stack.use(await connectAccessibility(sessionBus));
    const structures = structureReader(bus, clock);
    const windows = windowLister(stack.use(await connectX(display)));
    const grabber = stack.use(await openFrameGrabber({ display, clock, framesMax }));
    const { recorder } = this;
    const parts = { grabber, windows, structures, manifest, clock, recorder };
    // Without the frame signal no pixels are kept, but where contexts lie is still read.
    this.#frames = stack.use(new FrameWatch({ ...parts, known, onReady: onChange }));
    this.look(true);
    const timer = setInterval(() => this.recorder.tick(), tickMs);
    stack.defer(() => clearInterval(timer));
  }

  #observe(observation: Observation): void {
    if (observation.kind === 'gone') this.#options.onEnd('display-gone');
    else this.recorder.observe(observation);
  }
}
