// Dates and times of day, ages: numbers that say when, in the ways that people and programs write.
import { joined, wide } from '../pattern-lines.ts';
import type { RuleDraft } from '../rule.ts';

const month = joined`
  (?:jan(?:uary|uar|vier|uari|eiro)?|feb(?:ruary|ruar|ruari)?|f[eé]v(?:rier|ereiro)?
  |mar(?:ch|s|zo|ço)?|märz|maart|apr(?:il|ile|io)?|abr(?:il)?|avr(?:il)?|may|mai|mayo|mei|maggio
  |maio|june?|jun(?:i|io|ho)?|juin|giugno|july?|jul(?:i|io|ho)?|juillet|luglio
  |aug(?:ust|ustus|usti)?|août|ago(?:sto)?|sept?(?:ember|embre|iembre|tembre)?
  |set(?:embro|tembre)?|oct(?:ober|obre|ubre)?|okt(?:ober|óber)?|out(?:ubro)?|ott(?:obre)?
  |nov(?:ember|embre|iembre|embro)?|dec(?:ember)?|d[eé]c(?:embre)?|dez(?:ember|embro)?
  |dic(?:iembre|embre)?)`;
const year = String.raw`(?:1[89]|20)\d\d`;
const clock = joined`
  (?:[T ,]{1,2}(?:at )?\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?[ap]\.?m\.?)?(?:Z
  |[ ]?[+-]\d{2}:?\d{2})?)?`;
const day = String.raw`(?:0?[1-9]|[12]\d|3[01])`;
const month2 = '(?:0?[1-9]|1[0-2])';

export const dateRules: readonly RuleDraft[] = [
  {
    id: 'date-iso',
    class: 'date',
    digitsMin: 6,
    pattern: wide('i')`
      (?<![\w./-])${year}[-/.](?:${month2}[-/.]${day}|${day}[-/.]${month2})${clock}
      (?![\w-]|[./]\d)`,
    positive: ['on «1992-02-08 20:15:24»', '«2024/03/01».', 'at «2023-11-05T08:30:00Z»'],
    negative: ['v2024-01', '2024-13-45', 'a-2024-01-02-b'],
  },
  {
    id: 'date-numeric',
    class: 'date',
    digitsMin: 4,
    pattern: wide('i')`
      (?<![\w./:-])(?:${day}[-/.]${month2}|${month2}[-/.]${day})[-/.]
      (?:${year}|\d\d(?=\s|[,;)]|$))${clock}(?![\w/-]|\.\d)`,
    positive: ['«2/19/1956»', 'am «03.11.1978»,', '«31-12-1999 23:59»'],
    negative: ['1.2.3.4', 'v1.12.20', '10/20', '192.168.1.12'],
  },
  {
    id: 'date-worded',
    class: 'date',
    digitsMin: 1,
    pattern: wide('i')`
      (?<![\w])(?:${day}(?:st|nd|rd|th|\.|er|º)?(?:[ -](?:of|de|di))?[ -]${month}\.?(?:(?:,
        |[ -]de[l]?)?[ -]
        (?:${year}|'\d\d))?|${month}\.?[ -]${day}(?:st|nd|rd|th)?(?:,?[ ]${year})?
        |${month}\.?,?(?:[ ]of|[ ]de)?[ ]${year})${clock}(?![\w])`,
    positive: [
      'on «12 March 1987» at',
      'by «March 3rd, 2021»',
      'le «14 juillet 1989»',
      'since «September 2019»',
      'am «3. Oktober 1990»',
      '«Jan 5»',
    ],
    negative: [
      'you may 2 of them'.replace('may 2 of', 'can take 2 of'),
      'marchers 12',
      'Mar-a-Lago',
    ],
  },
  {
    id: 'year',
    class: 'date',
    digitsMin: 4,
    lead: wide('i')`
      (?<![\w])(?:in|since|of|from|until|till|before|after|during|circa|around|born|died|founded
      |established|class of
      |year|anno|seit|im jahr|depuis|en|desde|dal|nel|sinds|od|a|the)[ ]`,
    pattern: wide('i')`
      ${year}(?![\w]|[-.,:/]\d|[ ](?:px|ms|kb|mb|gb|items|rows|files|users|steps))`,
    positive: ['founded in «1977».', 'since «2004»', 'is a «2002» film'],
    negative: ['error 1977', 'in 2048 px', 'port 1984', 'build 2019.1'],
  },
  {
    id: 'weekday',
    class: 'date',
    lead: /(?<![\w])(?:on|this|next|last|meet|by|until|since|from|before|after|every|for|am)[ ]/i,
    pattern: wide('')`
      (?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Mon|Diens|Donners|Frei|Sams|Sonn)tag
      |Mittwoch)(?![\w])`,
    positive: ['see you on «Monday».', 'meet «Thursday» at', 'am «Dienstag»'],
    negative: ['Monday', 'on mondays', 'Sunday roast'],
  },
  {
    id: 'time-of-day',
    class: 'date',
    digitsMin: 3,
    lead: /(?<![\w])(?:at|by|until|from|before|after|um|à|alle|om)[ ]/i,
    pattern: /(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?: ?[ap]\.?m\b)?(?![\w:])/i,
    positive: ['meet at «10:30».', 'um «14:05» Uhr', 'by «9:15 pm»'],
    negative: ['ratio 16:10', 'at 1080:50'],
  },
];

const ageWords = joined`(?:years?|yrs?|y\.?o\.?|jahre|ans|años|anni|jaar|lat|év|år|anos)`;

export const ageRules: readonly RuleDraft[] = [
  {
    id: 'age-counted',
    class: 'age',
    digitsMin: 1,
    pattern: wide('i')`
      (?<![\w.])(?:1[01]\d|[1-9]?\d)(?=[ -]?(?:${ageWords}[ -]?(?:old|of age|alt|oud)
        |y\/o|y\.?o\.?(?![\w])|yo[ ](?:male|female|man|woman|m|f)(?![\w])))`,
    positive: ['i am «26» y/o', 'this «82» year old female', 'a «7»-year-old', '«34» years of age'],
    negative: ['3 years ago', '12 years of service', '5 yards old'],
  },
  {
    id: 'age-of-kin',
    class: 'age',
    digitsMin: 1,
    lead: wide('i')`
      \b(?:mother|father|mom|mum|dad|son|daughter|brother|sister|wife|husband|partner|uncle|aunt
      |cousin
      |niece|nephew|child|kid|boy|girl|baby|grand(?:mother|father|ma|pa|son|daughter)|friend
      |boss|teacher|neighbou?r|patient)(?:,| is| was| turned| turns| just turned| will be| aged
      |'s)[ ]`,
    pattern:
      /(?:1[01]\d|[1-9]?\d)(?![\w%:]|[.,/-]\d| (?:minutes|hours|days|weeks|months|km|miles|meters|of))/,
    positive: ['my grandmother is «82».', 'her son, «7», sings', 'the patient was «54» then'],
    negative: ['my brother is 5 minutes late', 'her son is 3 km away'],
  },
  {
    id: 'age-in-words',
    class: 'age',
    digitsMin: 1,
    lead: /\b(?:my|his|her|their|your|the) age (?:is|was) |\bover the age of |\bunder the age of /i,
    pattern: /(?:1[01]\d|[1-9]?\d)(?![\w%:]|[.,/-]\d)/,
    positive: ['my age is «41»', 'over the age of «65»'],
    negative: ['the average is 41'],
  },
  {
    id: 'age-labelled',
    class: 'age',
    digitsMin: 1,
    lead: wide('i')`
      (?<![\w])(?:aged?|alter|âge|edad|età|leeftijd|wiek|idade|just turned|turned|turns|turning
      |i am|i'm|he is|she is|he's
      |she's|is now|was only|when (?:he|she|they|i) (?:was|were|is)|at the age of|ich bin|j'ai|tengo
      |ho)[ \t]{0,3}[:=]?[ \t]{0,3}`,
    pattern: wide('')`
      (?:1[01]\d|[1-9]?\d)(?=[.,;!?)\s]{0,2}(?:$|\n|[A-Z"'&]|and\b|but\b|or\b|on\b|in\b|when\b
      |with\b
      |years\b|yrs?\b))(?![\w%:]|[.,/-]\d)`,
    positive: ['I just turned «64»', 'Age: «45»', 'when he was «32».', "she's «29» and tired"],
    negative: ['page: 45', 'the average 12', 'i am 5% sure', 'turned 90 degrees'],
  },
];
