import type { CloudName } from '../protocol/tenant.ts';

/*
 * Applications of Microsoft's own, by their ids, which are the same in every tenant. Source: Microsoft, "Verify first-party
 * Microsoft applications in sign-in reports"; for continuous access evaluation graph-facts 5.1.
 */

const exchange = '00000002-0000-0ff1-ce00-000000000000';

/** Resources whose tokens end in near real time after a revocation (graph-facts 5.1). */
const continuousAccess: Readonly<Record<string, string>> = {
  [exchange]: 'Exchange Online',
  '00000003-0000-0ff1-ce00-000000000000': 'SharePoint Online',
  'cc15fd57-2c6c-4117-a88c-83b1d56b4bbe': 'Teams',
  '00000003-0000-0000-c000-000000000000': 'Microsoft Graph',
};

/** Other resources of Microsoft 365. */
const office: Readonly<Record<string, string>> = {
  '00000004-0000-0ff1-ce00-000000000000': 'Skype for Business Online',
  '00000005-0000-0ff1-ce00-000000000000': 'Yammer',
  '00000006-0000-0ff1-ce00-000000000000': 'Office 365 Portal',
  '00000007-0000-0ff1-ce00-000000000000': 'Exchange Online Protection',
  '09abbdfd-ed23-44ee-a2d9-a627aa1c90f3': 'Project',
  '66a88757-258c-4c72-893c-3e8bed4d6899': 'Office 365 Search',
  '67e3df25-268a-4324-a550-0de1c7f97287': 'Office Web Apps',
  '94c63fef-13a3-47bc-8074-75af8c65887a': 'Delve',
  '95de633a-083e-42f5-b444-a4295d8e9314': 'Whiteboard',
  'c9a559d2-7aab-4f13-a6ed-e7e9c52aec87': 'Forms',
  'c5393580-f805-4401-95e8-94b7a6ef2fc2': 'Office 365 Management APIs',
};

/** Resources of Microsoft that are not of Microsoft 365. */
const others: Readonly<Record<string, string>> = {
  '00000002-0000-0000-c000-000000000000': 'Windows Azure Active Directory',
  '00000007-0000-0000-c000-000000000000': 'Dataverse',
  '00000009-0000-0000-c000-000000000000': 'Power BI',
  '0000000a-0000-0000-c000-000000000000': 'Intune',
  '0000000c-0000-0000-c000-000000000000': 'App Access Panel',
  '00000012-0000-0000-c000-000000000000': 'Rights Management',
  '00000015-0000-0000-c000-000000000000': 'Dynamics ERP',
  '022907d3-0f1b-48f7-badc-1ba6abab6d66': 'Azure SQL Database',
  '499b84ac-1321-427f-aa17-267ca6975798': 'Azure DevOps',
  '797f4846-ba00-4fd7-ba43-dac1f8f63013': 'Azure Service Management',
  'a3b79187-70b2-4139-83f9-6016c58cd27b': 'Defender',
  'c44b4083-3bb0-49c1-b47d-974e53cbdf3c': 'Azure Portal',
  'cfa8b339-82a2-471a-a3c9-0fc0be7a4093': 'Azure Key Vault',
  'd4ebce55-015a-49b5-a083-c84d1797ae8c': 'Intune Enrollment',
  'e406a681-f3d4-42a8-90b6-c2b029497af1': 'Azure Storage',
};

/** Clients of Microsoft 365, whose tokens live two hours in tenants without Conditional Access (graph-facts 5.1). */
const officeClients: Readonly<Record<string, string>> = {
  '08e18876-6177-487e-b8b5-cf950c1e598c': 'SharePoint Online Web Client Extensibility',
  '0ec893e0-5785-4de6-99da-4ed124e5296c': 'Office UWP PWA',
  '1fec8e78-bce4-4aaf-ab1b-5451cc387264': 'Microsoft Teams',
  '27922004-5251-4030-b22d-91ecd9a37ea4': 'Outlook Mobile',
  '2d4d3d8e-2be3-4bef-9f87-7875a61c29de': 'OneNote',
  '4345a7b9-9a63-4910-a426-35363201d503': 'O365 Suite UX',
  '4765445b-32c6-49b0-83e6-1d93765276ca': 'OfficeHome',
  '5e3ce6c0-2b1f-4285-8d4b-75ee78787346': 'Microsoft Teams Web Client',
  '89bee1f7-5e6e-4d8a-9f3d-ecd601259da7': 'Office365 Shell WCSS-Client',
  '9199bf20-a13f-4107-85dc-02114787ef48': 'One Outlook Web',
  'ab9b8c07-8f02-4f72-87fa-80105867a763': 'OneDrive SyncEngine',
  'd3590ed6-52b3-4102-aeff-aad2292ab01c': 'Microsoft Office',
};

const lower = (id: string | null): string => id?.toLowerCase() ?? '';

/** True for a resource that ends its tokens in near real time after a revocation; in Microsoft's US clouds Exchange alone. */
export function speaksContinuousAccess(resourceId: string | null, cloud: CloudName | null): boolean {
  const id = lower(resourceId);
  return cloud === 'USGov' || cloud === 'USGovDoD' ? id === exchange : id in continuousAccess;
}

/** True for what Conditional Access calls Office 365. Graph is none of it by itself. */
export const isOfficeResource = (resourceId: string | null): boolean => {
  const id = lower(resourceId);
  return id in office || (id in continuousAccess && continuousAccess[id] !== 'Microsoft Graph');
};

/** True for a resource that keeps no session of its own beside Entra's, as far as this table knows. */
export const isMicrosoftResource = (resourceId: string | null): boolean => {
  const id = lower(resourceId);
  return id in continuousAccess || id in office || id in others || id in officeClients;
};

/** True for a client, or for a web application that is its own client, of Microsoft 365. */
export const isOfficeClient = (appId: string | null): boolean =>
  lower(appId) in officeClients || isOfficeResource(appId);
