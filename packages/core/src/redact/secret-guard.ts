// Keeps words that only stand where a secret could (types, placeholders, code) from being masked.

import { looksRandom } from './entropy.ts';
import { wide } from './pattern-lines.ts';

const neverSecret = wide('i')`
    ^(?:string|number|boolean|bool|null|nil|none|undefined|true|false|any|unknown|void
    |required|optional|str|int|bytes|object|yes|no|n\/a|todo|tbd|empty|hidden|masked
    |redacted|example|placeholder|changeme\?|function|async|await|new|input|text|type|field
    |value|const|let|var|public|private|static|return|import|default|option(?:al)?|enabled
    |disabled|expired|invalid|missing|incorrect|wrong|forgotten\??|and|or|not|the|your|my
    |this|that|it|is|for|with|from|must|should|can|will|has|have|was|are|reset|policy
    |manager|confirm|show|hide|change|forgot\??|strength|length|protected|authentication)$`;
const prose = wide('i')`
    ^(?:too|very|now|also|always|never|only|still|set|stored|sent|changed|hashed|encrypted
    |used|needed|being|weak|strong|correct|same|in|on|at|a|an|as|by|to|of|case|blank|longer
    |shorter|safe|secure|shared|available|valid|created|generated|leaked|compromised|known
    |ready|here|there|what|how|why|when|if|case-sensitive|accepted|rejected|asked|entered|so
    |but|at|up|ok|okay|fine|saved|included|attached|below|above|visible|old|about|part|one
    |all|both|going|due|out|gone|lost)$`;
const code = wide('i')`
    ^(?:\$[({]|\$\w{0,40}(?:pass|pwd|secret|token|key|cred)\w{0,24}$
    |\{|<|%[({]|\(|\[|\*{2,}$|x{3,}$|•|\.{2,}|_{2,}$|-{2,}$|=|!=)
    |^[\w.$]{1,80}[([]|^(?:process\.env|os\.environ|self|this|req|request|config|settings
    |ctx|args|options|props|params|env|secrets|vars)\.|^[\w.]{1,60}\.(?:password|passwd
    |passphrase|secret|token|key|api_?key|value|text)$
    |^[\w.]{1,60}\.\w{0,30}(?:secret|token|key|password)$
    |^[a-z]\w{0,40}\.[a-z]{1,20}[A-Z][A-Za-z]{1,30}$`;

/** After `password=` and its like: anything that is not a type, a placeholder or code. */
export function couldBeSecret(value: string): boolean {
  const bare = value.replace(/[?;,.)\]}]{1,4}$/, '');
  return bare.length >= 3 && !neverSecret.test(bare) && !code.test(value);
}

/** After `password is`: also not a word with which prose goes on. */
export function couldBeSpokenSecret(value: string): boolean {
  return couldBeSecret(value) && !prose.test(value.replace(/[?;,.!)\]}]{1,4}$/, ''));
}

/** After words with many other uses, such as `key:`, only what looks made up. */
export function looksMadeUp(value: string): boolean {
  if (!couldBeSecret(value)) return false;
  if (looksRandom(value)) return true;
  return (
    value.length >= 8 &&
    /\d/.test(value) &&
    /[A-Za-z]/.test(value) &&
    !/^[\w-]{1,40}\.[a-z]{2,5}$/.test(value)
  );
}
