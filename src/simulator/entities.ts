import { badRequest, GraphError } from './graph-error.ts';
import type { EntityType, Filterable } from './odata-match.ts';

type Properties = Record<string, Filterable>;

/** Filtered by `any` only. */
const collections = [
  'proxyAddresses',
  'otherMails',
  'identities',
  'businessPhones',
  'groupTypes',
  'targetResources',
  'signInEventTypes',
];

const entity = (name: string, properties: Properties): EntityType => ({
  name,
  properties: new Map(
    Object.entries(properties).map(([key, filterable]) => [
      key.toLowerCase(),
      { name: key, filterable, collection: collections.includes(key) },
    ]),
  ),
});

/** What can be selected of a user, and what of it can be filtered by (graph-facts 4.1; Microsoft, "user resource type"). */
export const userEntity = entity('user', {
  id: 'exact',
  userPrincipalName: 'text and end',
  displayName: 'text',
  givenName: 'text',
  surname: 'text',
  mail: 'text and end',
  mailNickname: 'text',
  proxyAddresses: 'text and end',
  otherMails: 'text and end',
  accountEnabled: 'exact',
  userType: 'exact',
  identities: 'exact',
  externalUserState: 'exact',
  department: 'text',
  jobTitle: 'text',
  companyName: 'text',
  officeLocation: 'text',
  usageLocation: 'text',
  preferredLanguage: 'text',
  employeeId: 'text',
  businessPhones: 'text',
  mobilePhone: 'text',
  onPremisesSyncEnabled: 'exact',
  createdDateTime: 'order',
  signInSessionsValidFromDateTime: 'none',
});

export const groupEntity = entity('group', {
  id: 'exact',
  displayName: 'text',
  description: 'text',
  mail: 'text',
  mailEnabled: 'exact',
  mailNickname: 'text',
  securityEnabled: 'exact',
  groupTypes: 'exact',
  visibility: 'none',
  isAssignableToRole: 'exact',
  membershipRule: 'text',
  createdDateTime: 'order',
});

export const deviceEntity = entity('device', { id: 'exact', displayName: 'text' });
export const contactEntity = entity('orgContact', { id: 'exact', displayName: 'text', mail: 'text' });
export const servicePrincipalEntity = entity('servicePrincipal', {
  id: 'exact',
  displayName: 'text',
  appId: 'exact',
});
export const roleEntity = entity('directoryRole', {
  id: 'exact',
  displayName: 'exact',
  description: 'none',
  roleTemplateId: 'exact',
});

/** What entries of the audit log can be filtered by (Microsoft, "List directoryAudits"); not by the service principal. */
export const auditEntity = entity('directoryAudit', {
  id: 'exact',
  category: 'exact',
  correlationId: 'exact',
  result: 'exact',
  loggedByService: 'exact',
  activityDisplayName: 'text',
  activityDateTime: 'order',
  'initiatedBy/user/id': 'exact',
  'initiatedBy/user/userPrincipalName': 'text',
  'initiatedBy/app/appId': 'exact',
  targetResources: 'exact',
});

/** What sign-ins can be filtered by in version 1.0 (graph-facts 5.4; Microsoft, "List signIns"). */
const signInProperties: Properties = {
  id: 'exact',
  createdDateTime: 'order',
  userDisplayName: 'text',
  userPrincipalName: 'text',
  userId: 'exact',
  appId: 'exact',
  appDisplayName: 'text',
  ipAddress: 'text',
  clientAppUsed: 'exact',
  userAgent: 'none',
  correlationId: 'exact',
  conditionalAccessStatus: 'exact',
  isInteractive: 'none',
  resourceDisplayName: 'exact',
  resourceId: 'exact',
  resourceTenantId: 'none',
  homeTenantId: 'none',
  servicePrincipalId: 'none',
  servicePrincipalName: 'none',
  'status/errorCode': 'exact',
  'location/countryOrRegion': 'text',
  'location/city': 'text',
  'deviceDetail/operatingSystem': 'text',
  status: 'none',
  deviceDetail: 'none',
  location: 'none',
  riskDetail: 'none',
  riskLevelAggregated: 'exact',
  riskLevelDuringSignIn: 'exact',
  riskState: 'exact',
  riskEventTypes_v2: 'none',
  appliedConditionalAccessPolicies: 'none',
};
export const signInEntity = entity('signIn', signInProperties);
export const signInEntityBeta = entity('signIn', {
  ...signInProperties,
  signInEventTypes: 'exact',
  incomingTokenType: 'none',
  uniqueTokenIdentifier: 'exact',
  sessionId: 'exact',
  signInTokenProtectionStatus: 'none',
  authenticationProcessingDetails: 'none',
  authenticationRequirement: 'exact',
  authenticationProtocol: 'none',
  originalTransferMethod: 'none',
  crossTenantAccessType: 'exact',
  userType: 'none',
});

/** What comes of a user when nothing is selected (graph-facts 4.1). */
const userDefaults = [
  'businessPhones',
  'displayName',
  'givenName',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
  'id',
];
const groupDefaults = [...groupEntity.properties.values()].map(property => property.name);

/** All that User.ReadBasic.All shows. */
export const basicUserProperties: readonly string[] = [
  'id',
  'displayName',
  'givenName',
  'surname',
  'mail',
  'userPrincipalName',
];

/** Known to the type, but not served in this place: Graph answers 501. */
const elsewhere = [
  'aboutme',
  'birthday',
  'hiredate',
  'interests',
  'mailboxsettings',
  'mysite',
  'pastprojects',
  'preferredname',
  'responsibilities',
  'schools',
  'skills',
];

/** The properties to answer with, in Graph's spelling; names of a request may be in any case. */
export function selection(type: EntityType, select: readonly string[] | undefined): readonly string[] {
  if (!select) return defaults(type);
  return select.map(name => {
    const known = type.properties.get(name.toLowerCase());
    if (known) return known.name;
    if (type === userEntity && elsewhere.includes(name.toLowerCase()))
      throw new GraphError(501, 'NotImplemented', 'Not implemented');
    throw badRequest(
      `Parsing OData Select and Expand failed: Could not find a property named '${name}' on type 'microsoft.graph.${type.name}'.`,
    );
  });
}

function defaults(type: EntityType): readonly string[] {
  if (type === userEntity) return userDefaults;
  if (type === groupEntity) return groupDefaults;
  return [...type.properties.values()].map(property => property.name);
}

/** Only the named properties; what the object lacks is null. */
export function project(object: object, names: readonly string[]): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const name of names) result[name] = Reflect.get(object, name) ?? null;
  return result;
}
