// Nationality, faith and politics of a person.
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
      pattern: new RegExp(`(?<![\\w-])${people}s?(?![\\w-])`, 'i'),
      check: isSurelyPeople,
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

/** Without a capital these are other words, or languages in a menu, too. */
const ambiguous = new Set(
  `american english french german spanish italian dutch danish polish pole finn roma swede swiss
   scot scots turk lao dominican georgian indian chinese japanese russian korean greek irish
   british welsh portuguese swedish norwegian turkish thai czech jordanian malian guinean persian
   norse sami basque catalan european briton dane slovene`.split(/\s+/),
);

function isSurelyPeople(value: string): boolean {
  const lower = value.toLowerCase();
  return value !== lower || !(ambiguous.has(lower) || ambiguous.has(lower.replace(/s$/, '')));
}
