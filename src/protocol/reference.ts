/**
 * A user as the host hands it over, before anybody has decided who is meant: either text, or the identity properties
 * that a piped object has. The decision is made in `graph/user-reference.ts`, for the module and the CLI alike.
 */
export type UserReference = TextReference | ObjectReference;

/** Who is handed over: by reference, or out of the record of the run that is being resumed. */
export type HandedUser = UserReference | RecordedReference;

/** Somebody in the record of the run that is being resumed, by number. */
export interface RecordedReference {
  /** @asType integer */
  recorded: number;
  /** How the record names them, for a person. */
  text?: string;
}

/** A string, or something that is one by nature, like a GUID. */
export interface TextReference {
  text: string;
}

/** A piped object, a hashtable or a CSV row, reduced to the properties in `identityProperties`. */
export interface ObjectReference {
  /** Property names as the object spells them; anything that is not in `identityProperties` is ignored. */
  properties: { [name: string]: string | null };
  /** What it is - the object's type, the line of a file - for the message when nothing in it names a user. */
  type?: string;
}

/**
 * The properties that may say who is meant, without case, spaces, dashes and underscores: Graph's and Entra's names,
 * and the headings of the CSV files that admins export. The engine sends them in its `hello`; the host looks for
 * nothing else.
 */
export const identityProperties: readonly string[] = [
  'userid',
  'externaldirectoryobjectid',
  'objectid',
  'id',
  'userprincipalname',
  'mail',
  'displayname',
  'usertype',
  '@odata.type',
  'objecttype',
  'upn',
  'azureadobjectid',
  'entraobjectid',
  'aadobjectid',
  'userobjectid',
  'accountobjectid',
  'accountupn',
  'accountid',
  'aaduserid',
  'user',
  'username',
  'signinname',
  'loginname',
  'login',
  'account',
  'email',
  'emailaddress',
  'mailaddress',
  'primarysmtpaddress',
  'windowsemailaddress',
  'recipientaddress',
  'name',
  'reference',
];
