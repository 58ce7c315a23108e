// Runs in pages of the origins that the accepted manifest names, where the background puts it.
import { defineContentScript } from 'wxt/utils/define-content-script';
import { watchPage } from '../page/watch-page.ts';

export default defineContentScript({
  registration: 'runtime',
  matches: [],
  main: watchPage,
});
