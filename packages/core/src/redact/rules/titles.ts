// Forms of address and occupations: what people are called besides their names.
import { joined, wide } from '../pattern-lines.ts';
import type { RuleDraft } from '../rule.ts';

const occupations = joined`
  (?:accountant|actor|actress|actuary|administrator|advis[eo]r|agent|agronomist|analyst|anesthetist
  |animator|architect|archivist|artist
  |assessor|assistant|associate|astronomer|attendant|attorney|auditor|baker|barber|barista|bartender
  |biologist|bookkeeper|broker
  |buyer|captain|caretaker|carpenter|cashier|chef|chemist|cinematographer|cleaner|clerk|coach
  |composer|consultant|controller|cook|coordinator
  |counsel(?:l?or)?|curator|dancer|dentist|designer|developer|dietitian|director|dispatcher|doctor
  |drafter|driver|echocardiographer|economist|editor
  |electrician|engineer|epidemiologist|estimator|examiner|executive|farmer|firefighter|fitter
  |florist|geographer|geologist|hairdresser
  |handyman|historian|hygienist|illustrator|inspector|installer|instructor|interpreter|investigator
  |janitor|jeweler|journalist|judge|laborer|lawyer
  |lecturer|librarian|lifeguard|linguist|lobbyist|locksmith|machinist|maid|maintainer|manager
  |masseur|mathematician|mentor|mechanic|mediator|meteorologist|midwife|miner
  |model|musician|nanny|neurologist|notary|nurse|nutritionist|officer|operator|optician|optometrist
  |orderly|painter|paralegal|paramedic|pathologist|pediatrician
  |pharmacist|photographer|physician|physicist|pilot|planner|plumber|podiatrist|principal|producer
  |professor|programmer|prosthodontist|psychiatrist|psychologist
  |realtor|receptionist|registrar|reporter|representative|researcher|roofer|sailor|salesperson
  |scientist|sculptor|secretary|server|singer|sociologist|soldier
  |solicitor|specialist|statistician|steward|strategist|superintendent|supervisor|surgeon|surveyor
  |tailor|teacher|technician|technologist|telemarketer|teller|therapist
  |trader|trainer|translator|tutor|undertaker|veterinarian|waiter|waitress|warden|welder|worker
  |writer|zoologist)`;

export const titleRules: readonly RuleDraft[] = [
  {
    id: 'form-of-address',
    class: 'title',
    pattern: wide('u')`
      (?<![\p{L}\p{N}])(?:[Mm]rs?|[Mm]s|[Mm]x|[Mm]iss|[Dd]r|[Pp]rof(?:essor)?|[Ss]ir|[Mm]adam
        |Mme|Mlle|Monsieur
          |Madame|Herr|Frau|Señora?|Sra?|Don|Doña|Signora?|Dott|Dhr|Mevr|Lady|Lord|Rev|Sgt|Capt|Lt
          |Col|Gen|Judge|Senator
          |Rabbi|Imam)\.?(?=[ ]\p{Lu}[\p{L}\p{M}'.-])`,
    positive: ['ask «Mr.» Vowles', '«Dr» Okafor will', 'for «Mrs.» Adeyemi'],
    negative: ['yes sir', 'the dr. said', 'MR 12'],
  },
  {
    id: 'occupation-line',
    class: 'title',
    pattern: /^[A-Z][\w',&/ -]{2,60}$/m,
    check: isOccupation,
    positive: ['Jo Lu\n«Assistant property manager»\nAcme', '«Accountant»\n12'],
    negative: ['Task Manager is open', 'the driver went home'],
  },
  {
    id: 'occupation-of',
    class: 'title',
    lead: wide('i')`
      (?:, the|, an?|works as an?|job(?: title)?:|position:|occupation:|profession:|role:|beruf:
      |title:)[ ]`,
    pattern: new RegExp(joined`(?:[\w'&/-]{1,20}[ ]){0,6}${occupations}(?![\w])`, 'i'),
    positive: [
      'Ana, the «soldier», said',
      'works as a «network and computer systems administrator».',
    ],
    negative: ['the manager said', 'a driver update'],
  },
];

const lastWord = new RegExp(`(?:^| )${occupations}(?: (?:of|for) \\w{1,20})?$`, 'i');

const firstWord = new RegExp(`^${occupations}, `, 'i');
const byEnding = /^(?:\w{1,20} ){0,3}\w{3,}(?:ologist|ographer|ician|onomist|otherapist)$/i;

export function isOccupation(line: string): boolean {
  if (line.split(' ').length > 7) return false;
  return lastWord.test(line) || firstWord.test(line) || byEnding.test(line);
}
