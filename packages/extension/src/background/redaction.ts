// Names what redaction needs from outside core: the rules for secrets, and the word lists as the
// build wrote them. Without them nothing is redacted, and so nothing is kept.

import { HandrailError } from '@handrail/core/errors';
import { useSources, useWordBytes } from '@handrail/core/redact';
import { rules } from '@secretlint/secretlint-rule-preset-recommend';

const readFile = (): never => {
  throw new HandrailError('redaction.failed', 'The word lists of this extension are not loaded.');
};

/** Resolves once texts can be redacted. Throws `redaction.failed` for incomplete lists. */
export async function prepareRedaction(): Promise<void> {
  useSources({ readFile, secretRules: rules });
  const reply = await fetch(new URL('/words.bin', location.origin));
  useWordBytes(new Uint8Array(await reply.arrayBuffer()));
}
