import { commonClientId } from '../auth/sign-in.ts';
import { clouds } from '../graph/clouds.ts';
import { featureNeeds, graphAppId, permissions } from '../graph/permissions.ts';
import type { AccessReport } from '../protocol/access.ts';
import type { CloudName, TenantInfo } from '../protocol/tenant.ts';

type Remedy = Pick<AccessReport, 'consentUrl' | 'commands'>;

const nothing: Remedy = { consentUrl: null, commands: [] };

/**
 * How an administrator gives a sign-in the permissions that it lacks. Nothing for an endpoint that is none of Microsoft's:
 * nobody here knows where its consent page is.
 */
export function remedyOf(info: TenantInfo, missing: readonly string[]): Remedy {
  const cloud = info.environment;
  if (missing.length === 0 || info.simulated || cloud === null) return nothing;
  if (info.authType === 'AppOnly') return forApp(info, cloud, missing);
  return forPerson(info, cloud, missing);
}

/** For people to exactly what is missing. */
function forPerson(info: TenantInfo, cloud: CloudName, missing: readonly string[]): Remedy {
  const { clientId, signIn } = info;
  const scope = missing.map(name => `${clouds[cloud].graph}/${name}`).join(' ');
  const query = `client_id=${encodeURIComponent(clientId ?? '')}&scope=${encodeURIComponent(scope)}`;
  // Azure's own app can't be given other permissions than it has.
  const consentable = clientId !== null && signIn !== 'azureCli';
  const consentUrl = consentable
    ? `${clouds[cloud].login}/${info.tenantId ?? 'organizations'}/v2.0/adminconsent?${query}`
    : null;
  // Whoever signs in with us gets what was consented to by signing in again.
  if (signIn === 'deviceCode' || signIn === 'browser') return { consentUrl, commands: [] };
  const wanted = featureNeeds
    .filter(need => need.required || missing.includes(need.any[0] ?? ''))
    .map(need => need.any[0]);
  const own = consentable && clientId !== commonClientId ? ` -ClientId ${clientId}` : '';
  const tenant = info.tenantId === null ? '' : ` -TenantId ${info.tenantId}`;
  const environment = cloud === 'Global' ? '' : ` -Environment ${cloud}`;
  const scopes = [...new Set(wanted)].join(',');
  return { consentUrl, commands: [`Connect-MgGraph${own}${tenant}${environment} -Scopes ${scopes}`] };
}

function forApp(info: TenantInfo, cloud: CloudName, missing: readonly string[]): Remedy {
  const app = info.clientId ?? '<client id>';
  const ids = missing.map(name => permissions.find(p => p.name === name)?.appRoleId).filter(id => id != null);
  const environment = cloud === 'Global' ? '' : ` -Environment ${cloud}`;
  // It has no app registration: a role is assigned to its service principal.
  if (info.signIn === 'managedIdentity') {
    const commands = [
      `Connect-MgGraph${environment} -Scopes AppRoleAssignment.ReadWrite.All,Application.Read.All`,
      `$graph = Get-MgServicePrincipal -Filter "appId eq '${graphAppId}'"`,
      `$identity = Get-MgServicePrincipal -Filter "appId eq '${app}'"`,
      ...ids.map(
        id =>
          `New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $identity.Id -PrincipalId $identity.Id -ResourceId $graph.Id -AppRoleId ${id}`,
      ),
    ];
    return { consentUrl: null, commands };
  }
  const tenant = info.tenantId ?? 'organizations';
  return {
    // To all that the registration lists.
    consentUrl:
      info.clientId === null ? null : `${clouds[cloud].login}/${tenant}/adminconsent?client_id=${app}`,
    commands: [
      ...(cloud === 'Global' ? [] : [`az cloud set --name ${azureClouds[cloud]}`]),
      `az ad app permission add --id ${app} --api ${graphAppId} --api-permissions ${ids.map(id => `${id}=Role`).join(' ')}`,
      `az ad app permission admin-consent --id ${app}`,
    ],
  };
}

/** Microsoft, "Azure cloud management with the Azure CLI". */
const azureClouds: Readonly<Record<Exclude<CloudName, 'Global'>, string>> = {
  USGov: 'AzureUSGovernment',
  USGovDoD: 'AzureUSGovernment',
  China: 'AzureChinaCloud',
};
