import type { CloudName } from '../protocol/tenant.ts';

/** Where a cloud is. Tokens and app registrations of one do not work in another. */
export interface Cloud {
  graph: string;
  login: string;
}

/** Source: graph-docs, concepts/deployments.md; for China the login host that @azure/identity has, too. */
export const clouds: Readonly<Record<CloudName, Cloud>> = {
  Global: { graph: 'https://graph.microsoft.com', login: 'https://login.microsoftonline.com' },
  USGov: { graph: 'https://graph.microsoft.us', login: 'https://login.microsoftonline.us' },
  USGovDoD: { graph: 'https://dod-graph.microsoft.us', login: 'https://login.microsoftonline.us' },
  China: { graph: 'https://microsoftgraph.chinacloudapi.cn', login: 'https://login.chinacloudapi.cn' },
};

export const cloudNames = Object.keys(clouds) as CloudName[];

/** The cloud that a Graph endpoint belongs to; null for one that is not Microsoft's. */
export const cloudOf = (graphRoot: string): CloudName | null =>
  cloudNames.find(name => clouds[name].graph === graphRoot) ?? null;
