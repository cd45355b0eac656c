import { type Name, type NamePool, namePools } from './names.ts';
import type { SimulatedIdentity, SimulatedUser } from './objects.ts';
import { Random } from './random.ts';

/** Where an external user signs in. */
export interface Home {
  /** Mail domain there. */
  domain: string;
  /** `issuer` of the federated identity. */
  issuer: 'ExternalAzureAD' | 'google.com' | 'MicrosoftAccount' | 'mail';
}

/** What is special about somebody; everything left out is drawn. */
export interface Person {
  name?: Name;
  /** The part of the UPN before the @. */
  alias?: string;
  department?: string | null;
  jobTitle?: string;
  roles?: string[];
  enabled?: boolean;
  userType?: 'Member' | 'Guest';
  home?: Home;
  pending?: boolean;
  mail?: string | null;
  /** Further addresses, as `info@contoso.example`. */
  aliases?: string[];
  restrictedManagement?: boolean;
}

const daySeconds = 86_400;

/** Makes people who all have a UPN of their own. */
export class People {
  readonly #random: Random;
  readonly #domain: string;
  readonly #startSeconds: number;
  readonly #takenAliases = new Map<string, number>();
  #made = 0;

  constructor(random: Random, domain: string, startedAt: number) {
    this.#random = random;
    this.#domain = domain;
    this.#startSeconds = Math.floor(startedAt / 1000);
  }

  make(person: Person): SimulatedUser {
    const random = this.#random;
    const pool = random.pick(namePools);
    const drawn = drawName(random, pool);
    const [displayName, ascii] = person.name ?? drawn.full;
    const alias = this.#freeAlias(person.alias ?? ascii);
    const local = `${alias}@${this.#domain}`;
    const homeMail = person.home && `${alias}@${person.home.domain}`;
    const userPrincipalName = homeMail ? `${homeMail.replace('@', '_')}#EXT#@${this.#domain}` : local;
    const mail = person.mail === undefined ? (homeMail ?? local) : person.mail;
    const ageSeconds = (30 + random.below(1500)) * daySeconds + random.below(daySeconds);
    const lastRevokedSeconds = 3600 + random.below(ageSeconds - 7200);
    this.#made++;
    return {
      id: random.guid(),
      userPrincipalName,
      displayName,
      givenName: person.name ? null : drawn.given,
      surname: person.name ? null : drawn.surname,
      mail,
      mailNickname: userPrincipalName.split('@')[0]?.replace('#EXT#', '') ?? alias,
      proxyAddresses: [
        ...(mail ? [`SMTP:${mail}`] : []),
        ...(person.aliases ?? []).map(address => `smtp:${address}`),
      ],
      otherMails: homeMail ? [homeMail] : [],
      accountEnabled: person.enabled ?? true,
      userType: person.userType ?? 'Member',
      identities: this.#identities(userPrincipalName, person.home),
      externalUserState: person.home ? (person.pending ? 'PendingAcceptance' : 'Accepted') : null,
      department: person.department ?? null,
      jobTitle: person.jobTitle ?? null,
      companyName: person.home ? (person.home.domain.split('.')[0] ?? null) : 'Contoso',
      officeLocation: random.pick(['18/2111', '20/1101', '131/1104', '24/1106', null]),
      usageLocation: pool.country,
      preferredLanguage: pool.language,
      employeeId: person.home ? null : String(100_000 + this.#made),
      businessPhones: random.below(3) === 0 ? [`+1 555 01${String(random.below(100)).padStart(2, '0')}`] : [],
      mobilePhone: null,
      onPremisesSyncEnabled: person.home ? null : random.below(4) === 0 ? true : null,
      createdDateTime: this.#time(ageSeconds),
      signInSessionsValidFromDateTime: this.#time(lastRevokedSeconds),
      roles: person.roles ?? [],
      external: person.home !== undefined,
      restrictedManagement: person.restrictedManagement ?? false,
    };
  }

  /** Whole seconds, as the directory stores them. */
  #time(secondsAgo: number): string {
    return new Date((this.#startSeconds - secondsAgo) * 1000).toISOString().replace('.000Z', 'Z');
  }

  #freeAlias(wanted: string): string {
    const before = this.#takenAliases.get(wanted) ?? 0;
    this.#takenAliases.set(wanted, before + 1);
    return before === 0 ? wanted : `${wanted}${before + 1}`;
  }

  /** Guests carry both identities: the one abroad, and the `#EXT#` name here. */
  #identities(userPrincipalName: string, home: Home | undefined): SimulatedIdentity[] {
    const here: SimulatedIdentity = {
      signInType: 'userPrincipalName',
      issuer: this.#domain,
      issuerAssignedId: userPrincipalName,
    };
    if (!home) return [here];
    return [{ signInType: 'federated', issuer: home.issuer, issuerAssignedId: null }, here];
  }
}

function drawName(random: Random, pool: NamePool): { full: Name; given: string; surname: string } {
  const [given, givenAscii] = random.pick(pool.given);
  const [surname, surnameAscii] = random.pick(pool.surnames);
  const shown = pool.surnameFirst ? `${surname} ${given}` : `${given} ${surname}`;
  return { full: [shown, `${givenAscii}.${surnameAscii}`], given, surname };
}
