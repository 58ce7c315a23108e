// Countries in many languages, as the platform's own locale data names them, and the parts of
// countries that people name as if they were towns.

const languages = ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'cs', 'sk', 'hu', 'ro', 'sv'];
const more = ['da', 'nb', 'fi', 'et', 'lv', 'lt', 'sl', 'hr', 'sr', 'tr', 'el', 'ru', 'uk', 'bg'];
const others = ['ar', 'he', 'fa', 'hi', 'bn', 'th', 'vi', 'id', 'ja', 'ko', 'zh'];
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const notCountries = /^(?:EU|EZ|UN|QO|X[A-Z]|ZZ|AA)$/;

const alsoCountries = `England|Scotland|Wales|Northern Ireland|Great Britain|Britain|Holland|USA|UK
|U.S.|U.S.A.|U.K.|UAE|Czech Republic|Ivory Coast|Burma|Macedonia|Korea|Bosnia|Congo|Herzegovina
|Palestine|Tibet|Catalonia|Crimea|Chechnya|Kurdistan|Kashmir|Europe|Africa|Asia|America|Australia
|North America|South America|Latin America|Scandinavia|Türkiye|Turkey|Swaziland|Cape Verde`;

const partsOfCountries = `Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware
|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland
|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire
|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania
|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington
|West Virginia|Wisconsin|Wyoming|Puerto Rico|Ontario|Quebec|Québec|British Columbia|Alberta
|Manitoba|Saskatchewan|Nova Scotia|New Brunswick|Newfoundland|Prince Edward Island|Yukon|Nunavut
|New South Wales|Victoria|Queensland|Tasmania|South Australia|Western Australia
|Northern Territory|Bavaria|Bayern|Baden-Württemberg|Berlin|Brandenburg|Bremen|Hamburg|Hessen
|Hesse|Niedersachsen|Lower Saxony|Nordrhein-Westfalen|North Rhine-Westphalia|Rheinland-Pfalz
|Saarland|Sachsen|Saxony|Sachsen-Anhalt|Schleswig-Holstein|Thüringen|Thuringia|Tirol|Tyrol
|Steiermark|Styria|Kärnten|Carinthia|Vorarlberg|Burgenland|Upper Austria|Lower Austria
|Oberösterreich|Niederösterreich|Salzburg|Wien|Vienna|Zürich|Genève|Ticino|Valais|Vaud|Graubünden
|Normandy|Normandie|Brittany|Bretagne|Provence|Alsace|Occitanie|Aquitaine|Burgundy|Bourgogne
|Corsica|Corse|Île-de-France|Auvergne|Rhône-Alpes|Lorraine|Picardie|Andalusia|Andalucía
|Cataluña|Catalunya|Galicia|Asturias|Cantabria|Navarra|Aragón|Extremadura|Castilla y León
|Castilla-La Mancha|Murcia|Valencia|País Vasco|Canarias|Baleares|Lombardy|Lombardia|Tuscany
|Toscana|Sicily|Sicilia|Sardinia|Sardegna|Piedmont|Piemonte|Veneto|Umbria|Liguria|Calabria|Apulia
|Puglia|Campania|Lazio|Abruzzo|Molise|Basilicata|Friuli|Emilia-Romagna|Trentino|Flanders
|Vlaanderen|Wallonia|Wallonie|Brabant|Noord-Brabant|Gelderland|Overijssel|Drenthe|Friesland
|Zeeland|Limburg|Utrecht|Flevoland|Noord-Holland|Zuid-Holland|Silesia|Mazovia|Masovia|Bohemia
|Moravia|Slovakia|Transylvania|Dalmatia|Istria|Lapland|Jutland|Scania|Skåne|Maharashtra|Karnataka
|Kerala|Tamil Nadu|Gujarat|Rajasthan|Punjab|Haryana|Uttar Pradesh|Madhya Pradesh|Andhra Pradesh
|Telangana|West Bengal|Bihar|Odisha|Assam|Goa|Jharkhand|Uttarakhand|Himachal Pradesh|São Paulo
|Rio de Janeiro|Minas Gerais|Bahia|Paraná|Santa Catarina|Rio Grande do Sul|Pernambuco|Ceará
|Jalisco|Yucatán|Nuevo León|Chihuahua|Sonora|Oaxaca|Veracruz|Chiapas|Hokkaido|Okinawa|Kyushu
|Guangdong|Sichuan|Zhejiang|Jiangsu|Fujian|Shandong|Yorkshire|Cornwall|Devon|Kent|Essex|Sussex
|Surrey|Norfolk|Suffolk|Lancashire|Cheshire|Cumbria|Northumberland|Hampshire|Dorset|Somerset
|Wiltshire|Oxfordshire|Hertfordshire|Bedfordshire|Cambridgeshire|Leicestershire|Derbyshire
|Nottinghamshire|Lincolnshire|Staffordshire|Shropshire|Worcestershire|Gloucestershire
|Aberdeenshire`;

export function* regionNames(): Generator<string> {
  for (const language of [...languages, ...more, ...others]) {
    const names = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
    for (const code of codes()) {
      const name = names.of(code);
      if (name !== undefined) yield name;
    }
  }
  yield* alsoCountries.split(/\s*\|\s*/);
  yield* partsOfCountries.split(/\s*\|\s*/);
}

function* codes(): Generator<string> {
  for (const first of letters) {
    for (const second of letters) {
      if (!notCountries.test(first + second)) yield first + second;
    }
  }
}
