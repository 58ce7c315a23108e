// A private desktop with real applications, for the demo and for tests.
export { type StagedDisplay, startDisplay } from './display.ts';
