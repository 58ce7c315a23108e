// What fields and buttons are called. Such a word beside or below a label is the next label and no
// value; taken for one, it would be filled wherever it stands.

const names = new Set([
  ...[
    'api',
    'key',
    'token',
    'secret',
    'password',
    'passwort',
    'passphrase',
    'pin',
    'code',
    'login',
  ],
  ...[
    'user',
    'username',
    'name',
    'email',
    'mail',
    'phone',
    'telephone',
    'mobile',
    'fax',
    'address',
  ],
  ...[
    'card',
    'number',
    'iban',
    'account',
    'bank',
    'reference',
    'amount',
    'date',
    'comment',
    'city',
  ],
  ...['save', 'cancel', 'submit', 'send', 'next', 'back', 'ok', 'show', 'hide', 'copy', 'edit'],
  ...['new', 'current', 'confirm', 'repeat', 'forgot', 'your', 'the', 'and', 'or', 'of', 'is'],
]);
const wordsMax = 4;

export function isFieldName(text: string): boolean {
  const words =
    text
      .toLowerCase()
      .replaceAll('-', '')
      .match(/\p{L}+/gu) ?? [];
  const plain = /^[\p{L}\s:?*.-]{2,60}$/u.test(text);
  return plain && words.length <= wordsMax && words.every((word) => names.has(word));
}
