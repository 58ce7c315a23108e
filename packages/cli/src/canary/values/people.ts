// Persons, where they live, whom they work for and when they were born. Names and towns are real
// words of many languages, in small lists of our own; the persons are nobody.
import { capital, digits, type Maker, madeWord, number, pick, some, upper } from './alphabet.ts';

const given = [
  ...['Ingrid', 'Teodora', 'Mateusz', 'Aoife', 'Hiroshi', 'Fatoumata', 'Lorenzo', 'Svetlana'],
  ...['Rahul', 'Xiomara', 'Bartholomew', 'Greta', 'Nkechi', 'Emiliano', 'Sunita', 'Dragan'],
  ...['Yasmin', 'Torsten', 'Perpetua', 'Anselm', 'Noor', 'Kwabena', 'Ludmila', 'Fergus'],
  ...['Rosalind', 'Jean-Baptiste', 'Zsófia', 'Søren', 'Hyun-woo', 'Olufemi', 'Maëlle', 'Casimir'],
] as const;
const family = [
  ...['Abernathy', 'Okonkwo', 'Lindqvist', 'Petrosyan', 'Villanueva', 'Castellani', 'Hoffmeister'],
  ...['Nakashima', 'Oyelaran', 'Drummond', 'Kowalczyk', 'Bhattacharya', 'Fitzwilliam', 'Moreau'],
  ...[
    'Vandenberg',
    'Szczepański',
    'Grünewald',
    'McAllister',
    'Rasmussen',
    'Papadopoulos',
    'Tanaka',
  ],
  ...['Echeverría', 'Whitcombe', 'Al-Masri', 'Zielinski', 'Ferreira', 'Halloran', 'Brånemark'],
  ...[
    'Thorvaldsen',
    'Achterberg',
    'Montenegro',
    'Blackwood',
    'Iyengar',
    'Radhakrishnan',
    'Yamamoto',
  ],
  ...[
    'Sorensen',
    'Wojciechowski',
    'Delacroix',
    'Macpherson',
    'Haugland',
    'Cunningham',
    'Ebersbach',
  ],
  ...['Trevelyan', 'Olanrewaju', 'Gutierrez', 'Schumacher', 'Bellingham', 'Kirchner', 'Lefebvre'],
  ...['Adeyemi', 'Barrington', 'Castleman', 'Dimitrov', 'Engström', 'Fairweather', 'Giordano'],
  ...['Hartmann', 'Ivanenko', 'Jankowski', 'Kuznetsova', 'Lombardi', 'Mwangi', 'Nowakowski'],
  ...['Obermayer', 'Przybylski', 'Quesnel', 'Rosenthal', 'Summerfield', 'Tchaikovsky', 'Underhill'],
  ...['Vasquez', 'Winterbourne', 'Yilmaz', 'Zimmermann', 'Ashworth', 'Birkenstock', 'Chaudhary'],
  ...['Desrosiers', 'Eriksson', 'Fernandes', 'Goldschmidt', 'Hathaway', 'Jimenez', 'Kristoffersen'],
  ...['Quintero', 'Stanislavsky', 'Pemberton', 'Ogilvie', 'Marchetti', 'Duchesne', 'Kirkpatrick'],
] as const;
const towns = ['Leeds LS', 'Norwich NR', 'Exeter EX', 'Stirling FK'] as const;
const continental = ['34 Kassel', '18 Rostock', '96 Bamberg', '69 Heidelberg'] as const;
const streets = ['Willow', 'Chapel', 'Juniper', 'Foundry', 'Larkspur', 'Quarry', 'Beacon'] as const;
const strassen = ['Lindenstraße', 'Gartenweg', 'Bahnhofstraße', 'Mühlenweg', 'Marktplatz'] as const;
const rues = ['rue des Lilas', 'avenue de la Gare', 'place du Moulin', 'rue Pasteur'] as const;
const months = ['January', 'March', 'April', 'June', 'August', 'October', 'December'] as const;

export const persons: Readonly<Record<string, Maker>> = {
  bare: () => `${pick(given)} ${pick(family)}`,
  greeted: () => ['Dear ', `${pick(given)} ${pick(family)}`, ', thank you'],
  initial: () => ['signed by ', `${pick(given)} ${some(upper, 1)}. ${pick(family)}`],
  reversed: () => `${pick(family)}, ${pick(given)}`,
  titled: () => ['Dr. ', `${pick(given)} ${pick(family)}`],
};

export const addresses: Readonly<Record<string, Maker>> = {
  american: () => `${number(100, 9900)} ${pick(streets)} Avenue, Springfield, OH ${digits(5)}`,
  british: () => {
    const house = `${number(2, 190)} ${pick(streets)} Road`;
    return `${house}, ${pick(towns)}${number(1, 9)} ${number(1, 9)}QX`;
  },
  german: () => {
    const [code, town] = pick(continental).split(' ');
    return `${pick(strassen)} ${number(2, 140)}, ${code}${digits(3)} ${town}`;
  },
  french: () => `${number(2, 140)} ${pick(rues)}, 69${digits(3)} Lyon`,
};

export const organisations: Readonly<Record<string, Maker>> = {
  limited: () => `${capital(madeWord(3))} Ltd`,
  gmbh: () => `${capital(madeWord(2))} ${capital(madeWord(2))} GmbH`,
  bank: () => ['account at ', `${capital(madeWord(3))} Bank`],
  school: () => `University of ${capital(madeWord(3))}`,
  bare: () => [
    'works for ',
    `${capital(madeWord(2))} ${pick(['Holdings', 'Partners', 'Industries'])}`,
  ],
};

/** Of years that hardly stand in anything that Handrail itself keeps, such as compiled code. */
export const dates: Readonly<Record<string, Maker>> = {
  spelled: () => ['born ', `${number(1, 29)} ${pick(months)} ${number(1931, 1962)}`],
  american: () => ['DOB: ', `${number(1, 13, 2)}/${number(13, 29)}/${number(1931, 1962)}`],
  numeric: () => [
    'Date of birth ',
    `${number(1931, 1962)}-${number(1, 13, 2)}-${number(1, 29, 2)}`,
  ],
};

export const numbers: Readonly<Record<string, Maker>> = {
  employee: () => ['Employee no. ', digits(9)],
  account: () => ['Account number ', digits(10)],
  passport: () => ['Passport ', `${pick(['C', 'K', 'L', 'X'])}${digits(8)}`],
  licence: () => ['Driver licence ', `${pick(['D', 'F', 'S'])}${digits(12)}`],
  member: () => ['Member ID ', `${pick(['W', 'Z', 'H'])}${digits(9)}`],
};
