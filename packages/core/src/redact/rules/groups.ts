// Nationality, faith and politics of a person, and forms of address and occupations.
import { joined, wide } from '../pattern-lines.ts';
import type { RuleDraft } from '../rule.ts';

// Written with a capital in English; some are written without one by people in a hurry.
const peopleAtoI = joined`
  (?:Afghan|Albanian|Algerian|American|Andorran|Angolan|Argentin(?:e|ian)|Armenian|Australian
  |Austrian
  |Azerbaijani|Bahamian|Bahraini|Bangladeshi|Barbadian|Basque|Bavarian|Belarusian|Belgian
  |Beli[sz](?:i|e)an|Beninese
  |Berber|Bhutanese|Bolivian|Bosnian|Brazilian|British|Briton|Bruneian|Bulgarian|Burkinabe|Burmese
  |Burundian|Cambodian|Cameroonian|Canadian|Catalan|Chadian|Chechen|Chilean|Chinese|Colombian
  |Congolese|Cornish|Corsican|Costa[ ]Rican|Croat(?:ian)?|Cuban|Cypriot|Czech|Dane|Danish|Dominican
  |Dutch
  |Ecuadorian|Egyptian|Emirati|English(?:man|woman)?|Eritrean|Estonian|Ethiopian|European|Faroese
  |Fijian|Filipin[oa]|Finn
  |Finnish|Flemish|French(?:man|woman)?|Gabonese|Gambian|Georgian|German|Ghanaian|Greek|Greenlandic
  |Greenlander
  |Grenadian|Guatemalan|Guinean|Guyanese|Haitian|Honduran|Hungarian|Icelander|Icelandic|Indian
  |Indonesian
  |Iranian|Iraqi|Irish(?:man|woman)?|Israeli|Italian|Ivorian)`;
const peopleJtoZ = joined`
  (?:Jamaican|Japanese|Jordanian|Kazakh|Kenyan|Korean|Kosovar|Kurd(?:ish)?|Kuwaiti|Kyrgyz
  |Lao(?:tian)?|Latvian|Lebanese
  |Liberian|Libyan|Liechtensteiner|Lithuanian|Luxembourger|Macedonian|Malagasy|Malawian|Malaysian
  |Maldivian
  |Malian|Maltese|Maori|Mauritanian|Mauritian|Mexican|Moldovan|Mongolian|Montenegrin|Moroccan
  |Mozambican|Namibian|Nepal(?:i|ese)|New[ ]Zealander|Nicaraguan|Nigerian|Nigerien|Norse|Norwegian
  |Omani|Pakistani
  |Palestinian|Panamanian|Paraguayan|Persian|Peruvian|Pole|Polish|Portuguese|Puerto[ ]Rican|Qatari
  |Quebecois|Romanian|Roma
  |Russian|Rwandan|Salvadoran|Sami|Samoan|Saudi|Scot(?:s|tish|sman|swoman)?|Scandinavian|Senegalese
  |Serb(?:ian)?|Sicilian|Singaporean
  |Slovak(?:ian)?|Slovene|Slovenian|Somali|South[ ]African|South[ ]Korean|Spaniard|Spanish
  |Sri[ ]Lankan|Sudanese|Surinamese|Swede|Swedish|Swiss
  |Syrian|Taiwanese|Tajik|Tanzanian|Thai|Tibetan|Tongan|Trinidadian|Tunisian|Turk(?:ish)?|Turkmen
  |Ugandan
  |Ukrainian|Uruguayan|Uzbek|Venezuelan|Vietnamese|Welsh(?:man|woman)?|Yemeni|Zambian|Zimbabwean)`;
const beliefs = joined`
  (?:Christian(?:ity)?|Catholic(?:ism)?|Protestant(?:ism)?|Lutheran|Anglican|Methodist|Baptist
  |Presbyterian|Calvinist
  |Orthodox|Mormon|Evangelical|Jehovah's[ ]Witness(?:es)?|Quaker|Pentecostal|Muslim|Moslem
  |Islam(?:ic)?|Sunni|Shi'?(?:a|ite)|Sufi|Alevi|Jew(?:ish)?|Judaism
  |Hindu(?:ism)?|Buddhis[tm]|Sikh(?:ism)?|Jain(?:ism)?|Taoist|Zoroastrian|Baha'i|Atheis[tm]|Agnostic
  |Pagan|Scientologist
  |Republicans?|Democrats?|Conservatives|Labour[ ]Party|Tory|Tories|Lib[ ]Dems?|Green[ ]Party
  |Social[ ]Democrats?|Christian[ ]Democrats?
  |Communists?|Socialists?|Marxists?|Liberals|Libertarians?|Nationalists|Anarchists?|Fascists?
  |Trotskyist|Zionist|trade[ ]unionist|union[ ]member)`;

const notLanguage = wide('i')`
  \b(?:language|keyboard|layout|translate|translation|locale|subtitles|spelling|dictionary|speak(?:s
  |ing)?)[ :]{1,2}\n
  |\n[ ]?\((?:US|UK|Simplified)`;

export const groupRules: readonly RuleDraft[] = [
  ...[peopleAtoI, peopleJtoZ].map((people, at): RuleDraft => {
    const example = at === 0 ? 'Austrian' : 'Norwegian';
    return {
      id: at === 0 ? 'people-a-to-i' : 'people-j-to-z',
      class: 'group',
      pattern: new RegExp(`(?<![\\w-])${people}s?(?![\\w-])`),
      notNear: notLanguage,
      positive: [`she is «${example}» by birth`, `the «${example}» government`],
      negative: [`Language: ${example}`, 'a polished thing'],
    };
  }),
  {
    id: 'people-without-capital',
    class: 'group',
    pattern: wide('')`
      (?<![\w-])(?:cambodian|bruneian|belizian|brazilian|canadian|croatian|cypriot|danish|egyptian
      |estonian|finnish|german|greek
      |hungarian|icelandic|indian|indonesian|iranian|iraqi|irish|israeli|italian|jamaican|japanese
      |korean
      |lebanese|lithuanian|malaysian|mexican|moroccan|nigerian|norwegian|pakistani|palestinian
      |peruvian
      |polish|portuguese|romanian|russian|scottish|serbian|slovak|slovenian|spanish|swedish|swiss
      |syrian
      |thai|tunisian|turkish|ukrainian|uruguayan|vietnamese|chinese|french|english|american
      |australian|austrian|belgian|british|czech|dutch
      |catholic|muslim|jewish|hindu|buddhist|sikh|christian|protestant|atheist|mormon)(?![\w-])`,
    near: wide('i')`
      \b(?:i am|i'm|he is|she is|he's|she's|they are|who is|was|born|nationality|citizen|citizenship
      |passport|wife|husband|family
      |ethnic|religion|faith|identif\w{1,5}|parents|descent|origin|a|the|an)[ :]{1,2}\n
      |\n[ ](?:government|restaurant|film|director|actor|singer|artist|citizen|passport|nationality
      |family|parents|descent|origin|woman|man|girl|boy|wife|husband)\b`,
    notNear: notLanguage,
    positive: ['I am «norwegian» but', 'nationality: «cambodian»', 'her faith: «catholic» '],
    negative: ['polish the table', 'set the language: german'],
  },
  {
    id: 'belief',
    class: 'group',
    pattern: new RegExp(`(?<![\\w-])${beliefs}(?![\\w-])`),
    positive: ['raised «Catholic» in', 'votes for the «Social Democrats»', 'a «Muslim» family'],
    negative: ['a catholic taste', 'the republic'],
  },
  {
    id: 'belief-labelled',
    class: 'group',
    lead: wide('i')`
      (?<![\w])(?:religion|faith|denomination|ethnicity|ethnic group|race|nationality|citizenship
      |political party|party affiliation
      |political views|union membership|sexual orientation|konfession|staatsangehörigkeit
      |nationalité|nacionalidad)[ \t]{0,3}[:=][ \t]{0,4}`,
    pattern: /[\p{L}][\p{L} '-]{2,40}(?![\p{L}])/u,
    positive: ['Religion: «Zoroastrian»', 'Nationality: «New Zealander»'],
    negative: ['religion matters', 'Religion: 3'],
  },
];

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
