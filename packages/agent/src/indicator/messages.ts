// What the agent and its indicator process tell each other, and how often.

export type IndicatorState = 'recording' | 'paused' | 'off';

/** From the agent. */
export interface ShowMessage {
  readonly kind: 'show';
  readonly state: IndicatorState;
}

/** From the indicator: first `ready`, then a beat each interval. */
export type IndicatorMessage =
  | {
      readonly kind: 'ready';
      readonly windowId: number;
      readonly bounds: {
        readonly x: number;
        readonly y: number;
        readonly width: number;
        readonly height: number;
      };
    }
  | { readonly kind: 'beat'; readonly visible: boolean; readonly state: IndicatorState };

export const beatMilliseconds = 500;
/** Without a beat for this long the indicator counts as dead. */
export const beatMillisecondsMax = 2_000;

export function isIndicatorMessage(value: unknown): value is IndicatorMessage {
  const kind = typeof value === 'object' && value !== null && 'kind' in value && value.kind;
  return kind === 'ready' || kind === 'beat';
}

export function isShowMessage(value: unknown): value is ShowMessage {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'show';
}
