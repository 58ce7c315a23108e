// Addresses on the network and on the map: domains, coordinates, postcodes beside their word.
import { joined, wide } from '../pattern-lines.ts';
import type { RuleDraft } from '../rule.ts';

const topLevel = joined`
  (?:com|org|net|edu|gov|mil|int|info|biz|name|pro|museum|aero|coop|jobs|mobi|travel|tel|cat|post
  |xyz|online|site|shop|store
  |blog|club|live|news|tech|cloud|agency|digital|email|group|life|media|world|space|website|work
  |design|art|bank|law|health
  |care|clinic|school|academy|university|church|family|wedding|photo|video|music|game|games|fun|one
  |top|vip|link|page|dev|app
  |ac|ad|ae|af|ag|al|am|ao|ar|at|au|az|ba|bb|bd|be|bg|bh|bo|br|by|bz|ca|cc|ch|ci|cl|cn|co|cr|cu|cy
  |cz|de|dk|do|dz|ec|ee|eg|es
  |eu|fi|fj|fo|fr|ga|ge|gg|gh|gl|gm|gr|gt|hk|hn|hr|ht|hu|id|ie|il|im|in|io|iq|ir|is|it|je|jm|jo|jp
  |ke|kg|kh|kr|kw|kz|la|lb|li
  |lk|lt|lu|lv|ly|ma|mc|md|me|mk|mm|mn|mo|mt|mu|mv|mw|mx|my|mz|na|nc|ng|ni|nl|no|np|nz|om|pa|pe|pf
  |pg|ph|pk|pl|pt|py|qa|re|ro
  |rs|ru|rw|sa|se|sg|si|sk|sm|sn|so|sr|st|su|sv|sy|th|tj|tk|tl|tn|to|tr|tt|tv|tw|tz|ua|ug|uk|us|uy
  |uz|va|vc|ve|vn|za|zm|zw)`;

const degrees = joined`
  \d{1,3}°[ ]?\d{1,2}['′][ ]?(?:\d{1,2}(?:\.\d{1,6})?["″]?[ ]?)?`;

export const whereaboutsRules: readonly RuleDraft[] = [
  {
    id: 'web-address',
    class: 'domain',
    hints: ['://', 'www.'],
    pattern: wide('iu')`
      (?<![\p{L}\p{N}])(?:(?:https?|ftp):\/\/|www\.)(?!localhost|127\.
      |0\.0)[\p{L}\p{N}][\p{L}\p{N}-]{0,62}(?:\.[\p{L}\p{N}-]{1,63}){1,6}(?::\d{1,5})?\/?`,
    positive: [
      'see «http://www.GreenScrapbooking.example/»',
      '«https://intranet.acme.example/»path?x=1',
      '«www.müller.example»',
    ],
    negative: ['http://localhost:8080/', 'www', 'https://host'],
  },
  {
    id: 'domain',
    class: 'domain',
    hints: ['.'],
    pattern: wide('i')`
      (?<![\w@./-])(?:[a-z0-9][a-z0-9-]{1,62}\.){1,4}${topLevel}(?![\w-]|\.\w|\()`,
    check: isDomain,
    positive: ['at «FrugalFurnishings.de» today', '«mail.acme-tools.co.uk»'],
    negative: ['index.ts', 'node.js', 'file.name(', 'document.id', 'this.is', 'e.g. it', 'end.So'],
  },
  {
    id: 'coordinates',
    class: 'geo',
    digitsMin: 6,
    pattern: wide('i')`
      (?<![\w.])[-+]?(?:[1-8]?\d|90)\.\d{3,12}°?[ ]?[NS]?[,;\s]{1,3}[-+]?(?:1[0-7]\d|180
      |\d{1,2})\.\d{3,12}°?[ ]?[EWO]?(?![\w]|\.\d)`,
    positive: ['at «48.208174, 16.373819»', '«-33.8688 S, 151.2093 E»'],
    negative: ['1.234, 5.678.9', 'x 0.5, 0.75', '100.123, 200.456'],
  },
  {
    id: 'coordinates-in-degrees',
    class: 'geo',
    digitsMin: 4,
    hints: ['°'],
    pattern: wide('i')`
      (?<!\d)${degrees}[NSEWO](?:[,;\s]{1,3}${degrees}[NSEWO])?`,
    positive: [`near «48°12'30"N 16°22'23"E».`, `«52°31'N»`],
    negative: ['it is 21° today', '5\'10" tall'],
  },
  {
    id: 'coordinate-labelled',
    class: 'geo',
    digitsMin: 3,
    lead: /(?<![\w])(?:lat(?:itude)?|lon(?:g(?:itude)?)?|lng)["']?[ \t]{0,3}[:=][ \t]{0,3}["']?/i,
    pattern: /[-+]?\d{1,3}\.\d{2,14}(?!\d)/,
    positive: ['lat: «48.2081»', '"lng":«16.373819»'],
    negative: ['lat: high', 'along: 1.25'],
  },
  {
    id: 'postcode-labelled',
    class: 'postcode',
    digitsMin: 2,
    lead: wide('i')`
      (?<![\w])(?:zip(?:[ -]?code)?|post(?:al)?[ -]?code|postal|postleitzahl|plz|code postal
      |código postal|codigo postal|cap|cep|pin ?code|postnummer|postinumero
      |kod pocztowy|psč|irányítószám)(?:[ ](?:is|ist|est|es))?[ \t]{0,3}[:=#]?[ \t]{0,4}`,
    pattern: wide('i')`
      (?:[A-Z]{1,2}-)?(?:\d{5}-\d{3,4}|\d{4} ?[A-Z]{2}(?![A-Z])|\d{3} \d{2}|\d{2,3}-\d{2,4}|\d{4,7}
      |[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d)(?![\w-])`,
    positive: ['ZIP: «75534-030»', 'postcode «SW1A 1AA»', 'PLZ: «10115»', 'zip code is «7412 SL».'],
    negative: ['zip file 12345', 'zip: archive'],
  },
  {
    id: 'postcode-near-its-word',
    class: 'postcode',
    digitsMin: 4,
    near: /\b(?:zip|zipcode|postcode|post code|postal code|postleitzahl|plz|code postal)\b/i,
    pattern: wide('')`
      (?<![\w.,$€£#-])(?:\d{5}(?:-\d{3,4})?|\d{4}(?: ?[A-Z]{2})?|\d{3} \d{2}|\d{2}-\d{3})(?![\w%-]
      |[.,]\d)`,
    positive: ['the zip there is «48750», I think', '«3962» (postcode)', 'which zip? «394 13»'],
    negative: ['archive.zip has 48,750 files', 'rows: 48750'],
  },
  {
    id: 'postcode-british',
    class: 'postcode',
    digitsMin: 2,
    pattern: /(?<![\w-])[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}(?![\w-])/,
    positive: ['Leeds «LS1 4DY»', '«SW1A 1AA»'],
    negative: ['A1 2B', 'ABC1 4DY'],
  },
  {
    id: 'postcode-and-town',
    class: 'postcode',
    digitsMin: 4,
    pattern: wide('u')`
      (?<![\w.,$€£-])(?:[A-Z]{1,2}-)?(?:\d{5}|\d{3} \d{2}|\d{2}-\d{3}
      |\d{4} [A-Z]{2})(?= \p{Lu}\p{Ll}{2,30}(?![\p{L}]|[ ]\p{Ll}))`,
    positive: ['«10115» Berlin', 'w «00-950» Warszawa', '«1017 AB» Amsterdam'],
    negative: ['10115 Rows found', 'id 10115'],
  },
  {
    id: 'postcode-and-state',
    class: 'postcode',
    digitsMin: 5,
    lead: /(?<![\w])[A-Z]{2},? /,
    pattern: /\d{5}(?:-\d{4})?(?![\w-])/,
    positive: ['Springfield, IL «62701»', 'NY, «10001-1234».'],
    negative: ['ID 123456', 'Il 62701'],
  },
];

/** Names of files and of members of objects look like domains. */
function isDomain(value: string): boolean {
  const parts = value.split('.');
  const top = (parts.at(-1) ?? '').toLowerCase();
  if (members.has(top)) return parts.length > 2 && /^www$/i.test(parts[0] ?? '');
  return (parts[0]?.length ?? 0) >= 3;
}

/** What ends files and members of objects, and is a top-level domain as well. */
const members = new Set(
  `store health family space site online cloud digital world website school care clinic law bank
   club blog shop game games fun photo church university academy agency life xyz tech travel cat
   jobs
   ts js py rs sh md cc pl so am is it in to me my no do be as at name id app page link video email
   group top work live one info post media design art news play`.split(/\s+/),
);
