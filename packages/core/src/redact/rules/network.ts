// Addresses of machines. Loopback, unspecified and mask addresses name nobody and stay.
import { wide } from '../pattern-lines.ts';
import type { RuleDraft } from '../rule.ts';

function isPublicIpv4(value: string): boolean {
  const octets = value.split('.').map(Number);
  if (octets.some((octet) => octet > 255)) return false;
  return !/^(?:127\.|0\.0\.0\.0|255\.)/.test(value);
}

function isIpv6(value: string): boolean {
  const [head = '', tail, ...more] = value.split('::');
  const groups = [head, tail ?? ''].flatMap((part) => (part === '' ? [] : part.split(':')));
  if (more.length > 0 || !groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false;
  if (tail === undefined) return groups.length === 8;
  return groups.length >= 2 && groups.length <= 7 && groups.some((group) => /\d/.test(group));
}

export const networkRules: readonly RuleDraft[] = [
  {
    id: 'ipv4',
    class: 'ip',
    digitsMin: 4,
    pattern: /(?<![\w.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?!\w|\.\d)/,
    notNear: /\b(?:version|release|v)[ :=]{0,2}$/im,
    check: isPublicIpv4,
    positive: ['from «192.0.2.44».', '|«203.0.113.9»|', 'http://«198.51.100.7»:80/'],
    negative: ['1.2.3', 'version 1.2.3.4', '127.0.0.1', '300.1.1.1', '1.2.3.4.5'],
  },
  {
    id: 'ipv6',
    class: 'ip',
    hints: [':'],
    pattern: /(?<![\w:.])[0-9A-F:]{5,39}(?![\w:])/i,
    check: isIpv6,
    positive: [
      '«2001:db8::ff00:42:8329»',
      '[«fe80::1ff:fe23:4567:890a»]',
      '«2001:db8:0:1:1:1:1:1»',
    ],
    negative: ['12:34:56', 'std::cafe', '::1', 'a::b'],
  },
  {
    id: 'mac',
    class: 'mac',
    pattern: wide('i')`
        (?<![\w:-])(?:[0-9A-F]{2}:[0-9A-F]{2}:[0-9A-F]{2}:[0-9A-F]{2}:[0-9A-F]{2}:[0-9A-F
        ]{2}|[0-9A-F]{2}-[0-9A-F]{2}-[0-9A-F]{2}-[0-9A-F]{2}-[0-9A-F]{2}-[0-9A-F]{2}
        |[0-9A-F]{4}\.[0-9A-F]{4}\.[0-9A-F]{4})(?![\w:-])`,
    positive: ['«00:1A:2b:3C:4d:5E»', '«00-1a-2b-3c-4d-5e»', '«001a.2b3c.4d5e»'],
    negative: ['00:1A:2B:3C:4D', '00:1A:2B:3C:4D:5E:6F'],
  },
];
