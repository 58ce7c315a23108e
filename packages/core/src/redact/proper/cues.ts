// Words that announce a name or a place, in the languages of the screens they are met on.
import type { Token } from './word-tokens.ts';

const listed = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

/** Before a name, in any case. */
export const titles = listed(
  `mr mrs ms miss mx dr prof professor sir madam madame mme mlle monsieur herr frau fräulein
    fraulein
   señor señora senor senora sr sra srta don doña dona signor signora sig dott dottssa dottore pan
   pani pane paní heer mevrouw meneer dhr mevr hr fru lord lady capt captain sgt sergeant lt
   lieutenant col colonel gen general rev reverend fr father sister brother uncle aunt president
   senator judge rabbi imam sheikh господин госпожа`,
);

/** `Dear Jane`, `thanks Jane`: before a name that is written with a capital. */
export const greetings = listed(
  `dear hi hello hey thanks thx cheers regards sincerely salut bonjour cher chère hallo liebe lieber
   hola querido querida estimado estimada ciao caro cara gentile beste geachte witaj cześć ahoj hej
   hei kære käre bästa привет уважаемый уважаемая дорогой`,
);

/** `named Jane`, `said Jane`, `with Jane`: before a name in running text. */
export const namings = listed(
  `named called nicknamed alias aka née nee said says asked asks told tells met meet by with and
   cc attn`,
);

/** `Jane said`, `Jane lives in`: after a name in running text. */
export const deeds = listed(
  `said says asked asks told tells wrote writes replied replies answered called calls lives lived
   works worked thinks thought wants wanted was is has had will joined left went came moved sent
   invited spent listed took gave started began stayed knows knew likes liked got gets made makes
   does
   did can cannot could should would may might must mentioned commented posted shared liked assigned
   approved created updated and`,
);

/** Before a place. */
export const whereabouts = listed(
  `in at from to near around across via towards toward into outside inside visiting visit visited
   leaving of reach nach aus bei von zu à en de dans depuis pour di da per w z do i na fra från til
   till ze uit naar в из на к от`,
);

/** Before an employer. */
export const employers = listed(
  `for at from with by of joined join via through against versus vs sued acquired bought
   founded runs leads`,
);

export function isTitle(token: Token | undefined): boolean {
  return token !== undefined && titles.has(token.key) && token.shape !== 'number';
}
