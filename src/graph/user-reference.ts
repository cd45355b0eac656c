import { longestName, shortened } from './shortened.ts';
import type { ObjectReference, UserReference } from '../protocol/reference.ts';

/** What a reference says about a user besides who it is; good for a message, never for a decision that Graph could make. */
export interface Hints {
  userPrincipalName: string | null;
  displayName: string | null;
}

/** Who is meant, as far as the reference alone tells. `text` is how the caller named the user. */
export type Identified =
  | { kind: 'id'; id: string; text: string; hints: Hints }
  /** A UPN, or an address that may belong to somebody as mail or alias. */
  | { kind: 'address'; address: string; text: string; hints: Hints }
  | { kind: 'notAUser'; type: string; id: string | null; text: string; hints: Hints }
  | { kind: 'invalid'; why: string; text: string; hints: Hints };

const guid = /^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?$/i;
const noHints: Hints = { userPrincipalName: null, displayName: null };
/** Graph's own bound on a UPN is 113 characters; nothing a mail system knows is longer than this. */
const longestAddress = 320;

/**
 * Decides who is meant; once, for module and CLI. `UserId` first, since in a sign-in row `Id` is the event; then
 * `ExternalDirectoryObjectId`, since in a mailbox `Id` is a name; then `ObjectId`, a GUID-shaped `Id`, and at last an
 * address. (peers section 6)
 */
export function identify(reference: UserReference): Identified {
  return 'text' in reference ? identifyText(reference.text) : identifyObject(reference);
}

/** A property name without case, spaces, dashes and underscores: `Object Id`, `object_id` and `ObjectId` are one. */
export const normalizeName = (name: string): string => name.toLowerCase().replace(/[\s_-]/g, '');

function identifyText(raw: string): Identified {
  const text = raw
    .trim()
    .replace(/^(["'])(.*)\1$/s, '$2')
    .trim();
  if (text === '') return invalid(raw, 'an empty text names nobody');
  const id = guid.exec(text)?.[1];
  if (id) return { kind: 'id', id: id.toLowerCase(), text, hints: noHints };
  const fault = faultOfAddress(text);
  if (fault) return invalid(text, fault);
  return { kind: 'address', address: text, text, hints: { userPrincipalName: text, displayName: null } };
}

function faultOfAddress(text: string): string | null {
  if (text.length > longestAddress) return 'the text is too long for a user principal name';

  if (/[\u0000-\u001f\u007f]/.test(text)) return 'the text has control characters';
  if (!text.isWellFormed()) return 'the text is no proper Unicode';
  if (/^System\.|^Microsoft\.|^@\{/.test(text)) {
    return 'this is the name of an object type, not of a user: an object was turned into text on the way. Pipe the object itself';
  }
  if (text.includes('\\')) {
    return 'DOMAIN\\name is an on-premises name. Give the user principal name (name@domain) or the object id';
  }
  if (!/^[^@\s]+@[^@\s]+$/.test(text)) {
    return 'this is neither an object id (a GUID) nor a user principal name (name@domain), as Get-MgUser shows them';
  }
  return null;
}

/** Objects of our own that tell of an account without meaning it: whoever is named in one must not be revoked by it. */
const ownObject = /^(?:Deserialized\.)?UserSession\.(Run|Tenant|Access)$/;

function identifyObject(reference: ObjectReference): Identified {
  const own = ownObject.exec(reference.type ?? '')?.[1];
  if (own) {
    const instead = own === 'Run' ? '. Pipe the Results of Get-UserSessionRun -RunId' : '';
    return invalid(reference.type ?? '', `this object (${reference.type}) is no user${instead}`);
  }
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(reference.properties)) {
    const key = normalizeName(name);
    const text = value?.trim();
    if (text && !values.has(key)) values.set(key, text);
  }
  const first = (...names: string[]) => names.map(n => values.get(n)).find(v => v !== undefined) ?? null;
  const addressIn = (...names: string[]) =>
    names.map(n => values.get(n)).find(v => v !== undefined && faultOfAddress(v) === null) ?? null;
  const idIn = (...names: string[]) =>
    names.map(n => guid.exec(values.get(n) ?? '')?.[1]?.toLowerCase()).find(v => v !== undefined) ?? null;

  const hints: Hints = {
    userPrincipalName: addressIn('userprincipalname', 'upn', 'accountupn'),
    displayName: nameFrom(first('displayname', 'name')),
  };
  const id = idIn(...idNames);
  const text =
    hints.userPrincipalName ??
    addressIn(...addressNames) ??
    id ??
    hints.displayName ??
    nameFrom(reference.type ?? null) ??
    'object';
  const type = typeOf(reference, values);
  if (type !== null && type !== 'user')
    return { kind: 'notAUser', type: shorten(type), id, text: hints.displayName ?? text, hints };

  if (id) return { kind: 'id', id, text, hints };
  const address = addressIn(...addressNames);
  if (address) return { kind: 'address', address, text: address, hints };
  return {
    kind: 'invalid',
    text,
    hints,
    why: whyNobody(reference, values, first(...[...idNames, ...addressNames].filter(n => n !== 'name'))),
  };
}

/** In the order in which they are believed. */
const idNames = [
  'userid',
  'externaldirectoryobjectid',
  'objectid',
  'azureadobjectid',
  'entraobjectid',
  'aadobjectid',
  'userobjectid',
  'accountobjectid',
  'aaduserid',
  'accountid',
  'id',
  'user',
  'account',
  'reference',
];

const addressNames = [
  'userprincipalname',
  'upn',
  'accountupn',
  'userid',
  'signinname',
  'loginname',
  'username',
  'user',
  'login',
  'account',
  'accountid',
  'id',
  'primarysmtpaddress',
  'windowsemailaddress',
  'mail',
  'email',
  'emailaddress',
  'mailaddress',
  'recipientaddress',
  'name',
  'reference',
];

/** The kind of directory object, in one word and lower case; null when nothing says it. */
function typeOf(reference: ObjectReference, values: Map<string, string>): string | null {
  const odata = values.get('@odata.type');
  if (odata) return odata.toLowerCase().replace(/^#?microsoft\.graph\./, '');
  // A Graph PowerShell group is an object of its own class, without @odata.type.
  const modelled = /MicrosoftGraph(Group|Device|ServicePrincipal|OrgContact|Application)\d*$/.exec(
    reference.type ?? '',
  );
  if (modelled?.[1]) return modelled[1].toLowerCase();
  const declared = values.get('objecttype')?.toLowerCase();
  return declared &&
    /^(user|group|device|serviceprincipal|orgcontact|contact|application|role)$/.test(declared)
    ? declared
    : null;
}

function whyNobody(reference: ObjectReference, values: Map<string, string>, found: string | null): string {
  if (found !== null) {
    return `"${shorten(found)}" is neither an object id (a GUID) nor a user principal name (name@domain)`;
  }
  const type = reference.type ? ` (${shorten(reference.type)})` : '';
  if (values.size === 0 && reference.type === '$null') return '$null names nobody';
  const empty = Object.keys(reference.properties).find(name => {
    const known = normalizeName(name);
    return [...idNames, ...addressNames].includes(known) && !values.has(known);
  });
  if (empty !== undefined) return `the ${empty} of this object${type} is empty`;
  return `nothing in this object${type} names a user; it needs a property or column such as UserPrincipalName, UserId, ObjectId, Id or Email (for a CSV with semicolons: Import-Csv -Delimiter ';')`;
}

const shorten = (text: string): string => shortened(text, 120);

/** For people to read, and never for a decision. */
const nameFrom = (text: string | null): string | null => text && shortened(text, longestName);

const invalid = (text: string, why: string): Identified => ({
  kind: 'invalid',
  why,
  text: shorten(text),
  hints: noHints,
});
