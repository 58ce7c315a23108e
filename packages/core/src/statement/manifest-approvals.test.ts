import { expect, test } from 'vitest';
import {
  type CaptureContext,
  type ManifestFile,
  manifestRoles,
  sensitiveInFull,
  whySensitive,
} from './index.ts';

const of = (...contexts: CaptureContext[]): ManifestFile => {
  return { version: 1, signals: ['key'], contexts };
};
const editor = { app: 'mousepad', mode: 'full' } as const;
const full = (app: string, host?: string): CaptureContext => {
  return { app, mode: 'full', ...(host ? { origin: `https://${host}` } : {}) };
};

test.each([
  ['thunderbird', undefined, 'mail'],
  ['org.gnome.geary', undefined, 'mail'],
  ['chromium', 'mail.example.com', 'mail'],
  ['chromium', 'webmail2.example.com', 'mail'],
  ['chromium', 'outlook.office.com:443', 'mail'],
  ['slack', undefined, 'chat'],
  ['telegram-desktop', undefined, 'chat'],
  ['chromium', 'app.slack.com', 'chat'],
  ['teams-for-linux', undefined, 'meetings'],
  ['chromium', 'teams.microsoft.com', 'meetings'],
  ['zoom', undefined, 'meetings'],
  ['chromium', 'us02web.zoom.us', 'meetings'],
  ['chromium', 'example.myworkday.com', 'hr'],
  ['chromium', 'payroll.example', 'hr'],
  ['chromium', 'hr.example', 'hr'],
  ['chromium', 'mychart.example', 'health'],
  ['chromium', 'patient-portal.example', 'health'],
  ['gnucash', undefined, 'finance'],
  ['chromium', 'onlinebanking.example', 'finance'],
  ['chromium', undefined, 'anywhere'],
  ['import:ducktrack', undefined, 'anywhere'],
  ['mousepad', undefined, undefined],
  ['libreoffice', undefined, undefined],
  ['chromium', '127.0.0.1:8123', undefined],
  ['chromium', 'intranet.example', undefined],
  ['chromium', 'shop.example', undefined],
] as const)('%s at %s is sensitive for reason %s', (app, host, why) => {
  expect(whySensitive(full(app, host))).toBe(why);
});

test('a sensitive context in full takes two roles, whatever was captured before', () => {
  const mail = of(editor, full('thunderbird'));
  for (const current of [undefined, mail, of(editor, full('thunderbird'), full('slack'))]) {
    expect(manifestRoles(1, current, mail)).toBe(2);
  }
  expect(manifestRoles(3, undefined, mail)).toBe(3);
});

test('other manifests take what the charter asks for, and narrower ones a single role', () => {
  const skeleton = of(editor, { app: 'thunderbird', mode: 'skeleton' });
  const vocabulary = of(editor, { app: 'thunderbird', mode: 'vocabulary', words: ['invoice'] });
  for (const next of [skeleton, vocabulary, of(editor)]) {
    expect(manifestRoles(1, undefined, next)).toBe(1);
    expect(manifestRoles(2, undefined, next)).toBe(2);
    expect(manifestRoles(2, of(editor, full('thunderbird')), next)).toBe(1);
  }
});

test('a manifest may say that more is sensitive, and taking that back takes two roles', () => {
  const said = { ...editor, sensitive: true } as const;
  expect(manifestRoles(1, undefined, of(said))).toBe(2);
  expect(manifestRoles(1, of(said), of(editor))).toBe(2);
  expect(sensitiveInFull(of(editor), of(said)).map(({ why }) => why)).toEqual(['named']);
  const masked = { app: 'mousepad', mode: 'skeleton' } as const;
  expect(manifestRoles(1, of(said), of(masked))).toBe(2);
  expect(manifestRoles(1, of(said), of({ ...masked, sensitive: true }))).toBe(1);
});
