/** A name as it is shown, and as it stands in an address. */
export type Name = readonly [shown: string, ascii: string];

const plain = (names: string): Name[] => names.split(' ').map(name => [name, name.toLowerCase()]);

/** Given names and surnames that go together, with the language their owners prefer. */
export interface NamePool {
  readonly language: string;
  readonly country: string;
  readonly given: readonly Name[];
  readonly surnames: readonly Name[];
  /** True where the surname comes first. */
  readonly surnameFirst?: boolean;
}

export const namePools: readonly NamePool[] = [
  {
    language: 'en-GB',
    country: 'GB',
    given: plain(
      'Adele Alex Amelia Ben Charlotte Diego Emily Grace Harry Isaiah Johanna Lee Lynne Megan Nestor Oliver Patti Pradeep Sarah Tom',
    ),
    surnames: [
      ...plain(
        'Vance Wilber Baker Hughes Clarke Siciliani Morgan Foster Turner Langer Lorenz Gu Robbins Bowen Wilke Knight Fernandez Gupta Price Whitaker',
      ),
      ["O'Connor", 'oconnor'],
      ["D'Arcy-Smythe", 'darcy-smythe'],
    ],
  },
  {
    language: 'de-DE',
    country: 'DE',
    given: [
      ...plain('Anna Lukas Greta Paul Hannah'),
      ['Jörg', 'joerg'],
      ['Käthe', 'kaethe'],
      ['Björn', 'bjoern'],
    ],
    surnames: [
      ...plain('Schmidt Weber Krause Vogel'),
      ['Müller', 'mueller'],
      ['Größmann', 'groessmann'],
      ['von der Höhe', 'von-der-hoehe'],
    ],
  },
  {
    language: 'fr-FR',
    country: 'FR',
    given: [...plain('Camille Louis Manon'), ['Éloïse', 'eloise'], ['François', 'francois'], ['Zoé', 'zoe']],
    surnames: [
      ...plain('Dupont Moreau Garnier'),
      ['Lefèvre', 'lefevre'],
      ['Saint-Exupéry', 'saint-exupery'],
      ["L'Hôpital", 'lhopital'],
    ],
  },
  {
    language: 'pl-PL',
    country: 'PL',
    given: [...plain('Ewa Jan Zofia'), ['Łukasz', 'lukasz'], ['Małgorzata', 'malgorzata']],
    surnames: [
      ...plain('Nowak Kowalski'),
      ['Wiśniewska', 'wisniewska'],
      ['Brzęczyszczykiewicz', 'brzeczyszczykiewicz'],
    ],
  },
  {
    language: 'ru-RU',
    country: 'EE',
    given: [
      ['Анна', 'anna'],
      ['Дмитрий', 'dmitry'],
      ['Екатерина', 'ekaterina'],
      ['Иван', 'ivan'],
    ],
    surnames: [
      ['Смирнова', 'smirnova'],
      ['Кузнецов', 'kuznetsov'],
      ['Щербаков', 'shcherbakov'],
    ],
  },
  {
    language: 'el-GR',
    country: 'GR',
    given: [
      ['Ελένη', 'eleni'],
      ['Γιώργος', 'giorgos'],
    ],
    surnames: [
      ['Παπαδοπούλου', 'papadopoulou'],
      ['Νικολαΐδης', 'nikolaidis'],
    ],
  },
  {
    language: 'ar-SA',
    country: 'SA',
    given: [
      ['فاطمة', 'fatima'],
      ['محمد', 'mohammed'],
      ['ليلى', 'layla'],
    ],
    surnames: [
      ['الحسيني', 'alhusseini'],
      ['النجار', 'alnajjar'],
    ],
  },
  {
    language: 'he-IL',
    country: 'IL',
    given: [
      ['נועה', 'noa'],
      ['דוד', 'david'],
    ],
    surnames: [
      ['כהן', 'cohen'],
      ['לוי', 'levi'],
    ],
  },
  {
    language: 'zh-CN',
    country: 'SG',
    given: [
      ['伟', 'wei'],
      ['秀英', 'xiuying'],
      ['梓涵', 'zihan'],
    ],
    surnames: [
      ['王', 'wang'],
      ['欧阳', 'ouyang'],
      ['李', 'li'],
    ],
    surnameFirst: true,
  },
  {
    language: 'ja-JP',
    country: 'JP',
    given: [
      ['さくら', 'sakura'],
      ['健太', 'kenta'],
      ['美咲', 'misaki'],
    ],
    surnames: [
      ['佐藤', 'sato'],
      ['高橋', 'takahashi'],
      ['渡邉', 'watanabe'],
    ],
    surnameFirst: true,
  },
  {
    language: 'ko-KR',
    country: 'KR',
    given: [
      ['민준', 'minjun'],
      ['서연', 'seoyeon'],
    ],
    surnames: [
      ['김', 'kim'],
      ['박', 'park'],
    ],
    surnameFirst: true,
  },
  {
    language: 'hi-IN',
    country: 'IN',
    given: [
      ['प्रिया', 'priya'],
      ['अर्जुन', 'arjun'],
    ],
    surnames: [
      ['शर्मा', 'sharma'],
      ['पटेल', 'patel'],
    ],
  },
  {
    language: 'vi-VN',
    country: 'VN',
    given: [
      ['Thị Minh Khai', 'minhkhai'],
      ['Văn Đức', 'vanduc'],
    ],
    surnames: [
      ['Nguyễn', 'nguyen'],
      ['Trần', 'tran'],
    ],
    surnameFirst: true,
  },
];

/** Display names that have broken tools before: each of them is some user's. */
export const awkwardNames: readonly Name[] = [
  ["=cmd|' /C calc'!A0", 'formula'],
  ['2026-11-23T10:00:00Z', 'looks.like.a.date'],
  ['Khai, Nguyễn Thị Minh', 'comma'],
  ['Dwayne "Rocky" Miller', 'quote'],
  ["Siobhán O'Connor; DROP TABLE users--", 'oconnor.droptable'],
  ['+41 44 668 18 00', 'plus'],
  ['@SUM(1+1)*2', 'at.sum'],
  ['-2+3', 'minus'],
  ['$(Stop-Process -Id $PID)', 'subexpression'],
  ['<img src=x onerror=alert(1)>', 'markup'],
  ['true', 'boolean'],
  ['00123', 'leading.zeros'],
  ['Émilie\u0301 zu\u202Egpj.exe', 'bidi'],
  ['👩🏽‍💻 Ada 🚀', 'emoji'],
  ['  leading and trailing  ', 'blanks'],
  [`Maria-Magdalena ${'Wilhelmina Friederike '.repeat(9)}von Hohenlohe-Waldenburg`, 'long.name'],
];
