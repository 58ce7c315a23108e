// Wakes the service worker: everything that the extension does but watch pages and show its own.
import { defineBackground } from 'wxt/utils/define-background';
import { startBackground } from '../background/background.ts';

export default defineBackground({ type: 'module', main: startBackground });
