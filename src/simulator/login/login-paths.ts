/** Where App Service's identity endpoint is, and that of a virtual machine. */
export const appServicePath = '/msi/token';
export const imdsPath = '/metadata/identity/oauth2/token';
export const instanceDiscoveryPath = '/common/discovery/instance';

const tenantPath =
  /^\/(?!v1\.0\/|beta\/)([^/]+)\/((?:v2\.0\/)?\.well-known\/openid-configuration|discovery\/v2\.0\/keys|oauth2\/v2\.0\/(?:token|authorize|devicecode)|device)$/i;

/** A path without query, as the login endpoint knows it; undefined for all that is Graph's. */
export function loginPath(path: string): { tenant: string; rest: string } | undefined {
  // MSAL puts a slash behind the path of the metadata service.
  const whole = path.toLowerCase().replace(/\/$/, '');
  if ([appServicePath, imdsPath, instanceDiscoveryPath].includes(whole)) return { tenant: '', rest: whole };
  const [, tenant, rest] = tenantPath.exec(path) ?? [];
  return tenant !== undefined && rest !== undefined ? { tenant, rest: rest.toLowerCase() } : undefined;
}
