// Secrets known by what stands before them: assignments, headers, options, addresses, sentences.
import { joined, wide } from '../pattern-lines.ts';
import type { RuleDraft } from '../rule.ts';
import { couldBeSecret, couldBeSpokenSecret, looksMadeUp } from '../secret-guard.ts';

const strong = joined`
  (?:password|passwd|passwort|kennwort|passphrase|pass[ _-]?code|\bpwd|_pwd|mot de passe
  |contraseña|contrasena|senha|wachtwoord|hasło|haslo|\bparola|lösenord|пароль|密码|パスワード
  |secret(?![ ]phrase)|api[ _-]?key|access[ _-]?key|secret[ _-]?key|private[ _-]?key
  |account[ _-]?key|shared[ _-]?access[ _-]?key|master[ _-]?key|encryption[ _-]?key
  |signing[ _-]?key|license[ _-]?key|auth[ _-]?token|access[ _-]?token|refresh[ _-]?token
  |bearer[ _-]?token|session[ _-]?token|client[ _-]?secret|credentials?)`;
const weak = joined`
  (?:token|key|auth|\bpass|_pass|session|session[ _-]?id|\bsid|sig|signature|csrf|xsrf|jwt
  |cookie|nonce|salt|cred|code|otp|state)`;
const tail = `[A-Za-z0-9_.-]{0,24}`;
const sign = String.raw`["'\x60\]]{0,2}(?: string)?[ \t]{0,4}(?:=>|[:?.+]{0,3}={1,2}|:)[ \t]{0,4}`;
const open = /(?:[^\s"'`<>;,&\uFFFC]|[;,&](?![\w.-]{1,30}=|\s|$)|["'`](?![\s,;)}\]>]|$)){3,512}/;

const lead = (source: string): RegExp => new RegExp(source, 'i');

export const secretContextRules: readonly RuleDraft[] = [
  {
    id: 'assigned-quoted',
    class: 'secret',
    lead: lead(`${strong}${tail}${sign}"`),
    pattern: /[^"\n\uFFFC]{1,256}(?=")/,
    check: couldBeSecret,
    positive: ['"password": "«correct horse»"', 'api_key="«abc»"', 'DB_PASSWORD := "«x y»"'],
    negative: ['password: "string"', 'apiKey: "{{API_KEY}}"', 'password: ""'],
  },
  {
    id: 'assigned-single-quoted',
    class: 'secret',
    lead: lead(`${strong}${tail}${sign}['\\x60]`),
    pattern: /[^'`\n\uFFFC]{1,256}(?=['`])/,
    check: couldBeSecret,
    positive: ["client_secret='«hunter two»'", "'passwd' => '«s3cr3t!»'"],
    negative: ["password: 'string'", "password=''"],
  },
  {
    id: 'assigned',
    class: 'secret',
    lead: lead(`${strong}${tail}${sign}(?!["'\x60])`),
    pattern: open,
    check: couldBeSecret,
    positive: [
      'password=«hunter2»',
      'Server=db;Password=«Pa;ss&w0rd»;Trusted=yes',
      'AWS_SECRET_ACCESS_KEY = «abcd/efgh»',
      'Passwort: «geheim»',
      '?user=a&password=«p%40ss»&x=1',
      'spring.datasource.password=«tiger»',
    ],
    negative: [
      'password: string',
      'password = process.env.PASSWORD',
      'password = getpass()',
      'const secret = readSecret(name)',
      'password=[secret]',
      'password=$DB_PASSWORD',
    ],
  },
  {
    id: 'paired-quoted',
    class: 'secret',
    lead: lead(`${strong}${tail}["'](?:[ \\t]{0,3},[ \\t]{0,3}|[ \\t]{1,3}value=)["']`),
    pattern: /[^"'\n\uFFFC]{1,256}(?=["'])/,
    check: couldBeSecret,
    positive: ["define('DB_PASSWORD', '«tiger!»');", '<add key="ApiSecret" value="«tiger!»" />'],
    negative: ["['password', 'string']", 'password, value'],
  },
  {
    id: 'next-line',
    class: 'secret',
    lead: wide('im')`
      ^[ \t]{0,8}(?:your |new |current |confirm )?(?:password|passwort|mot de passe
      |contraseña|api[ _-]?key|secret[ _-]?key
      |access[ _-]?token)[ \t]{0,2}:?[ \t]{0,2}\r?\n[ \t]{0,8}`,
    pattern: /[^\s\uFFFC]{6,256}(?=[ \t]{0,4}(?:\r?\n|$))/,
    check: (value) => couldBeSpokenSecret(value) && !value.endsWith(':'),
    positive: ['Login\nPassword:\n«hunter22»\nSign in', 'API key\n«abc123def»'],
    negative: ['Password\nForgot password?', 'Password:\nConfirm password:'],
  },
  {
    id: 'weakly-assigned',
    class: 'secret',
    lead: lead(`${weak}${sign}["'\x60]?`),
    pattern: /[^\s"'`<>;,&\uFFFC]{6,2048}/,
    check: looksMadeUp,
    positive: [
      'token: «ab12cd34ef»',
      '?sig=«a1b2c3d4e5»&x',
      '"key": "«9Xy7Zw55»"',
      'session_id=«8f7d6c5b4a»',
    ],
    negative: ['key: Enter', 'token: TokenType', 'code: 404', 'state=open', 'key: value2'],
  },
  {
    id: 'token-number',
    class: 'secret',
    digitsMin: 8,
    lead: lead(`token${sign}["'\x60]?`),
    pattern: /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24}|\d{15,22}/i,
    positive: ['token: «8868959686259264»', 'x_TOKEN ?= "«d2f0e5c7-87cf-5917-2ae6-421125b58a95»"'],
    negative: ['token: 12', 'tokens = 8868959686259264'],
  },
  {
    id: 'token-paired',
    class: 'secret',
    hints: ['token'],
    lead: lead(`token["'](?:[ \\t]{0,3},[ \\t]{0,3}|[ \\t]{1,3}value=)["']`),
    pattern: /[^"'\s\uFFFC]{6,512}(?=["'])/,
    check: (value) => looksMadeUp(value) || /\d/.test(value),
    positive: ['set("X_TOKEN", "«gm9zoeecuz6dipi»")'],
    negative: ['["token", "string"]', 'token, value'],
  },
  {
    id: 'spoken',
    class: 'secret',
    hints: [' is', ' was', ' lautet', ' war', ' es'],
    lead: lead(
      joined`
        \b(?:password|passwort|kennwort|mot de passe|contraseña|passphrase|passcode|pwd
        |api key|secret key|access key|(?:api|access|auth|bearer|refresh) token
        |secret)\b[^\n:=.!?]{0,32}?[ ](?:is|was|ist|lautet|war|est|es)[ ](?:now |still 
        |currently )?["'\x60]?`,
    ),
    pattern: /[^\s"'`\uFFFC]{3,128}(?<![.,!?])/,
    check: couldBeSpokenSecret,
    positive: [
      'my password is «hunter2».',
      'the password for the wifi is «Sommer2019!x»',
      'das Passwort lautet «kite559»',
    ],
    negative: ['the password is wrong', 'password is too short', 'a secret was leaked.'],
  },
  {
    id: 'option',
    class: 'secret',
    hints: ['-'],
    lead: wide('i')`
      (?<!\S)--?(?:password|passwd|pass|token|secret|api-?key|auth-token|access-token
      |client-secret|secret-key|private-key)[ =]["'\x60]?`,
    pattern: /[^\s"'`\uFFFC]{3,512}/,
    check: (value) => couldBeSecret(value) && !value.startsWith('-'),
    positive: ['login --password «hunter2» -v', "--token='«abc123»'"],
    negative: ['--password --verbose', '--token <TOKEN>', '--password $PASS'],
  },
  {
    id: 'tool-option',
    class: 'secret',
    hints: ['sshpass', 'mysql', 'curl', 'redis-cli', 'docker login', 'psql', 'wget', 'http'],
    lead: wide('i')`
      \b(?:sshpass -p ?|mysql(?:dump|admin)?\b[^\n]{0,80}? -p|redis-cli\b[^\n]{0,80}? -a 
      |docker login\b[^\n]{0,80}? -p |(?:curl|http)\b[^\n]{0,200}? (?:-u|--user
      |-a)[ =]?["']?[^\s:"']{1,64}:)["']?`,
    pattern: /[^\s"'\uFFFC]{2,256}/,
    check: couldBeSecret,
    positive: [
      'sshpass -p «hunter2» ssh',
      'mysql -u root -p«tiger1» db',
      "curl -u 'bob:«pw9»' https://x",
    ],
    negative: ['mysql -u root -p db'.replace('-p db', ''), 'curl https://x'],
  },
  {
    id: 'authorization-header',
    class: 'secret',
    hints: ['authorization', 'x-', 'private-token', 'job-token', 'api-key'],
    lead: wide('i')`
      \b(?:(?:proxy-)?authorization|x-[a-z-]{0,30}(?:key|token|auth|secret|signature)
      |(?:private|job|deploy)-token|api-key)["']?[ \t]{0,4}[:=][ \t]{0,4}["']?(?:(?:bearer
      |basic|token|digest|apikey|negotiate|ntlm|key|splunk|aws4-hmac-sha256)[ \t]{1,4})?`,
    pattern: /[^\s"'`<>\uFFFC]{4,4096}/,
    check: couldBeSecret,
    positive: [
      'Authorization: Bearer «abcd1234»',
      "-H 'X-Api-Key: «k-1»2'".replace('»2', '2»'),
      'authorization: Basic «dXNlcjpwYXNz»',
    ],
    negative: ['Authorization: <token>', 'authorization required'],
  },
  {
    id: 'bearer',
    class: 'secret',
    hints: ['bearer', 'basic'],
    lead: /\b(?:bearer|basic)[ \t]{1,4}/i,
    pattern: /[A-Za-z0-9._~+/=-]{8,4096}/,
    check: looksMadeUp,
    positive: ['Bearer «a1b2c3d4e5f6»', 'Basic «dXNlcjpwYXNzMQ==»'],
    negative: ['bearer authentication', 'basic understanding'],
  },
  {
    id: 'cookie-header',
    class: 'secret',
    hints: ['cookie:'],
    lead: /\b(?:set-)?cookie:[ \t]{0,4}/i,
    pattern: /[^\s=;"\uFFFC]{1,128}=[^\n"'\uFFFC]{1,4096}/,
    positive: ['Cookie: «sid=abc; theme=dark»', 'set-cookie: «id=1; HttpOnly»'],
    negative: ['cookie: yes please', 'Cookie settings'],
  },
  {
    id: 'address-password',
    class: 'secret',
    hints: ['://'],
    lead: /(?<![a-z0-9])[a-z][a-z0-9+.-]{1,24}:\/\/[^\s:@/"'<>\uFFFC]{0,128}:/i,
    pattern: /[^\s"'<>/?#\uFFFC]{1,256}(?=@)/,
    check: (value) => !/^\$?[{<(]/.test(value),
    positive: [
      'postgres://app:«s3cret»@db:5432/x',
      'redis://:«p@ss»@cache',
      'https://me:«tok»@git.example/x',
    ],
    negative: ['http://host:8080/a@b', 'postgres://app@db/x'],
  },
  {
    id: 'markup-element',
    class: 'secret',
    hints: ['</'],
    lead: lead(`<[\\w:.-]{0,40}(?:${strong}|token)[^<>\\n]{0,60}>\\s{0,8}`),
    pattern: /[^<\s\uFFFC](?:[^<\n\uFFFC]{0,510}[^<\s\uFFFC])?(?=\s{0,8}<\/)/,
    check: couldBeSecret,
    positive: ['<db:password>«hunter 2»</db:password>', '<apiKey type="x">«abc»</apiKey>'],
    negative: ['<password></password>', '<user>password</user>'],
  },
  {
    id: 'statement-password',
    class: 'secret',
    hints: ['identified by', 'password', 'login'],
    lead: wide('i')`
      \b(?:identified[ ]by|(?:with|encrypted)[ ]password
      |login[ \t]\S{1,64}\s{1,4}password)\s{1,4}["']?`,
    pattern: /[^\s"';\uFFFC]{2,128}/,
    positive: [
      "IDENTIFIED BY '«tiger»';",
      'machine h login me password «pw12»',
      "with password '«tiger1»'",
    ],
    negative: ['identified by', 'log in with a password'],
    check: couldBeSpokenSecret,
  },
  {
    id: 'one-time-code',
    class: 'secret',
    digitsMin: 4,
    hints: ['code', 'pin', 'otp', 'tan'],
    lead: wide('i')`
      \b(?:(?:verification|security|confirmation|login|sign-in|one[- ]time|2fa|mfa
      |auth(?:entication)?|access|unlock)[ -](?:code|pin|password)
      |your (?:[\w-]{1,20} ){0,2}code|otp|pin(?:[ -]?(?:code|number))?|m?tan)[ \t]{0,2}(?:=
      |:|is|#)?[ \t]{0,3}`,
    pattern: /\d{3}[ -]\d{3}(?!\d)|\d{4,8}(?!\d)/,
    positive: ['Your verification code is «482 913»', 'PIN: «4821»', 'OTP «123456»'],
    negative: ['error code 12345678901', 'pin it 4 times'],
  },
  {
    id: 'one-time-code-first',
    class: 'secret',
    digitsMin: 4,
    hints: ['code'],
    pattern: /(?<!\w)(?:[A-Z]-)?\d{4,8}(?= is (?:your|the) [\w -]{0,40}(?:code|pin|password|otp))/i,
    positive: ['«G-482913» is your Google verification code'],
    negative: ['482913 is your order number'],
  },
];
