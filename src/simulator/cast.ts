import { awkwardNames } from './names.ts';
import type { SimulatedUser } from './objects.ts';
import type { Home, People, Person } from './people.ts';
import type { PersonaName } from './personas.ts';
import { roleTemplates } from './roles.ts';

/** The people that every simulated tenant has, whatever its size: callers, admins, guests and the awkward ones. */
export interface Cast {
  users: SimulatedUser[];
  personas: Map<PersonaName, SimulatedUser>;
  sales: SimulatedUser[];
  contractors: SimulatedUser[];
  leavers: SimulatedUser[];
  breakGlass: SimulatedUser[];
  tierZero: SimulatedUser[];
  guests: SimulatedUser[];
  deleted: SimulatedUser[];
}

const fabrikam: Home = { domain: 'fabrikam.example', issuer: 'ExternalAzureAD' };
const gmail: Home = { domain: 'gmail.example', issuer: 'google.com' };
const outlook: Home = { domain: 'outlook.example', issuer: 'MicrosoftAccount' };
const oneTimeCode: Home = { domain: 'northwind.example', issuer: 'mail' };

const callers: [PersonaName, Person][] = [
  [
    'userAdministrator',
    { name: ['Ursula Adeyemi', 'ursula.adeyemi'], roles: ['User Administrator'], department: 'IT' },
  ],
  [
    'helpdeskAdministrator',
    { name: ['Henk Delacroix', 'henk.delacroix'], roles: ['Helpdesk Administrator'], department: 'IT' },
  ],
  [
    'globalAdministrator',
    { name: ['Gloria Albrecht', 'gloria.albrecht'], roles: ['Global Administrator'], department: 'IT' },
  ],
  [
    'privilegedAuthenticationAdministrator',
    {
      name: ['Priya Ahluwalia', 'priya.ahluwalia'],
      roles: ['Privileged Authentication Administrator'],
      department: 'IT',
    },
  ],
  ['reader', { name: ['Rosa Lindqvist', 'rosa.lindqvist'], department: 'Operations' }],
  ['noRead', { name: ['Norbert Eilers', 'norbert.eilers'], roles: ['User Administrator'], department: 'IT' }],
  ['member', { name: ['Milo Brandt', 'milo.brandt'], department: 'Operations' }],
];

export function makeCast(people: People, domain: string): Cast {
  const make = (person: Person): SimulatedUser => people.make(person);
  const personas = new Map(callers.map(([name, person]) => [name, make(person)] as const));

  const sales = [
    make({
      name: ['Adele Vance', 'adelev'],
      department: 'Sales',
      jobTitle: 'Retail Manager',
      aliases: [`adele@${domain}`],
    }),
    make({ name: ["Siobhán O'Connor", 'siobhan.oconnor'], department: 'Sales', jobTitle: 'Account Manager' }),
    make({ name: ['王秀英', 'xiuying.wang'], department: 'Sales', jobTitle: 'Account Manager' }),
    make({ name: ['فاطمة الحسيني', 'fatima.alhusseini'], department: 'Sales' }),
    make({
      name: ['Jörg Größmann', 'joerg.groessmann'],
      department: 'Sales',
      mail: `j.groessmann@sales.${domain}`,
    }),
    make({ name: ['Екатерина Щербакова', 'ekaterina.shcherbakova'], department: 'Sales' }),
    make({ name: ['Diego Siciliani', 'diegos'], department: 'Sales', enabled: false }),
    make({
      name: ['Grace Whitaker', 'grace.whitaker'],
      department: 'Sales',
      roles: ['Exchange Administrator'],
    }),
    make({ name: ['Tailspin Reseller', 'reseller'], department: 'Sales', userType: 'Guest', home: fabrikam }),
    make({
      name: ['Lee Gu', 'lee.gu'],
      department: 'Sales',
      home: { ...fabrikam, domain: 'tailspin.example' },
    }),
    make({ name: ['Megan Bowen', 'meganb'], department: 'Sales', jobTitle: 'Vice President' }),
  ];
  const contractors = awkwardNames.map(name => make({ name, department: 'Contractors' }));
  const leavers = [
    'leaver.one',
    'leaver.two',
    'leaver.three',
    'leaver.four',
    'leaver.five',
    'leaver.six',
  ].map((alias, index) => make({ alias, department: 'Operations', enabled: index > 3 }));
  const breakGlass = ['breakglass1', 'breakglass2'].map((alias, index) =>
    make({ name: [`Break Glass ${index + 1}`, alias], roles: ['Global Administrator'], mail: null }),
  );
  const tierZero = [
    make({ department: 'IT', jobTitle: 'Tier 0 Operator' }),
    make({ department: 'IT', jobTitle: 'Tier 0 Operator' }),
  ];
  const guests = [fabrikam, fabrikam, gmail, gmail, outlook, outlook, oneTimeCode, fabrikam].map(
    (home, index) =>
      make({ userType: 'Guest', home, pending: index === 7, ...(index === 3 && { enabled: false }) }),
  );
  const special = [
    make({ home: fabrikam, department: 'Engineering' }),
    // Internal guests: guests by relation only; they sign in here and their sessions end here.
    make({ alias: 'intern.guest', userType: 'Guest', department: 'Finance' }),
    make({ alias: 'supplier.portal', userType: 'Guest' }),
    make({ name: ['Payments Service', '$svc-payments'], department: 'Finance' }),
    make({ name: ['Front Desk A', 'frontdesk.a'], department: 'Support', aliases: [`info@${domain}`] }),
    make({ name: ['Front Desk B', 'frontdesk.b'], department: 'Support', aliases: [`info@${domain}`] }),
    make({ name: ['Conference Room Everest', 'room.everest'], enabled: false, department: null }),
    make({
      name: ['Cosima Hartwell', 'cosima.hartwell'],
      department: 'Executive',
      restrictedManagement: true,
    }),
    make({ department: 'IT', roles: ['Security Administrator', 'Reports Reader'] }),
  ];
  const admins = Object.keys(roleTemplates).map(role =>
    make({ department: 'IT', jobTitle: role, roles: [role] }),
  );
  const deleted = ['deleted.one', 'deleted.two', 'deleted.three'].map(alias =>
    make({ alias, department: 'Sales' }),
  );

  const users = [
    ...personas.values(),
    ...sales,
    ...contractors,
    ...leavers,
    ...breakGlass,
    ...tierZero,
    ...guests,
    ...special,
    ...admins,
  ];
  return { users, personas, sales, contractors, leavers, breakGlass, tierZero, guests, deleted };
}
