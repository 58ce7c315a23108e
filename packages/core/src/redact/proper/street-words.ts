// Words that make a street of the names beside them, in many languages.
import { bounded } from '../pattern-linear.ts';
import { wide } from '../pattern-lines.ts';

const listed = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

/** After the street's own name. */
export const streetWords = listed(
  `street st str road rd avenue ave av lane ln drive dr boulevard blvd way court ct place pl square
    sq
   terrace ter close crescent cres circle cir highway hwy parkway pkwy trail trl alley row walk mews
   gardens grove park hill hills heights bridge bypass causeway canyon cove creek crossing estate
   estates expressway extension fall falls ferry field fields flat flats ford fords forest forge
   forges fork forks fort freeway garden gateway glen glens green greens groves harbor harbors haven
   hollow inlet island islands isle junction key keys knoll knolls lake lakes landing light lights
   loaf lock locks lodge loop mall manor manors meadow meadows mill mills mission motorway mount
   mountain mountains neck orchard oval overpass parks parkways pass passage path pike pine pines
   plain plains plaza point points port ports prairie radial ramp ranch rapid rapids rest ridge
   ridges river route run shoal shoals shore shores skyway spring springs spur spurs squares station
   stravenue stream streets summit throughway trace track trafficway tunnel turnpike underpass union
   unions valley valleys via viaduct view views village villages ville vista walks wall ways well
   wells junctions divide dale dam corner corners common course courts curve coves club cliff cliffs
   center centers centre camp cape branch brook brooks burg burgs bluff bluffs beach bayou
   terrasse allé vej katu tie gade út útja utca u ulica tee kuja polku tänav cesta`,
);
/** Before it. */
export const streetPrefixes = listed(
  `rue avenue av boulevard bd place allée chemin impasse quai route cours calle c carrer avenida
   avda
   plaza paseo camino carretera ronda via viale piazza corso vicolo largo strada rua r travessa
   praça rúa ul ulica aleja al os plac ulice náměstí cesta trg strada bulevardul jalan jl straße
   strasse canale borgo contrada piazzetta rotonda incrocio stretto acceso alameda glorieta pasaje
   vial
   callejón urbanización intrarea aleea calea bulevardul gang ngõ phố đường наб набережная бульвар
   шоссе вулиця вул площа площадь strædet tee am an im auf zum zur unter ул улица проспект пр
   переулок λεωφόρος οδός`,
);
/** What a street's name ends in where it is one word. */
export const streetEnding = bounded(
  wide('i')`
  (?:stra(?:ss|ß)e|str|gasse|weg|allee|platz|ufer|damm|ring|steig|straat|laan|plein|gracht|kade
  |dijk|singel|dreef|gatan|gata|vägen|veien|vegen|vej|gade|stræde|allé|katu|tie|kuja|polku|tänav
  |maantee|utca|út|útja|tere|sokak|caddesi|cesta|ova|ská|ého|ného|terrasse|stien|haugen|braut|vegur
  |tún|hólar|sund|stígur)$`,
);
