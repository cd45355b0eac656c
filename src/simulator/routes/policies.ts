import { mayReadApplications, mayReadPolicies } from '../caller.ts';
import { denied, GraphError, notFound, unsupportedQuery } from '../graph-error.ts';
import type { ConditionalAccessPolicy } from '../policies/conditional-access-policy.ts';
import { lifetimeBody, timeoutBody } from '../policies/lifetime-policies.ts';
import { Random } from '../random.ts';
import { collection } from './collection.ts';
import { type Call, context, type Realm, type Reply, type Route } from './route.ts';
import { knowsLaterMembers } from './sign-ins.ts';

/** Conditional Access refuses in words of its own. */
const scopesMissing = (): GraphError =>
  new GraphError(
    403,
    'AccessDenied',
    'You cannot perform the requested operation, required scopes are missing in the token.',
  );

function refuseOptions({ query }: Call): void {
  if ([query.filter, query.search, query.orderby].some(option => option !== undefined) || query.count)
    throw unsupportedQuery('Unsupported Query.');
}

const conditionalAccess: Route['run'] = (call, realm) => {
  if (!mayReadPolicies(call.caller)) throw scopesMissing();
  refuseOptions(call);
  const policies = realm.desk.policies.conditionalAccess;
  return collection(call, realm, context(call, 'identity/conditionalAccess/policies'), policies, policy =>
    shownTo(call, policy),
  );
};

/** Version 1.0 knows nothing of continuous access evaluation; a later mode is shown to those who know it (graph-facts 6). */
function shownTo(call: Call, policy: ConditionalAccessPolicy): object {
  if (!policy.sessionControls) return policy;
  const { continuousAccessEvaluation: continuous, ...controls } = policy.sessionControls;
  if (call.version === 'v1.0') {
    // Controls that only beta has leave nothing behind here.
    const empty = Object.values(controls).every(control => control === null);
    return { ...policy, sessionControls: empty ? null : controls };
  }
  const hidden = continuous?.mode === 'strictLocation' && !knowsLaterMembers(call);
  return {
    ...policy,
    sessionControls: {
      ...controls,
      continuousAccessEvaluation: hidden ? { mode: 'unknownFutureValue' } : continuous,
    },
  };
}

function listed<T>(
  call: Call,
  realm: Realm,
  name: string,
  items: readonly T[],
  view: (item: T) => object,
): Reply {
  if (!mayReadPolicies(call.caller)) throw denied();
  refuseOptions(call);
  return collection(call, realm, context(call, `policies/${name}`), items, view);
}

/** What a policy was put on; of apps that the caller may not read only the id is told, as of group members (graph-facts 4.2). */
const appliesTo: Route['run'] = (call, realm, [key]) => {
  if (!mayReadPolicies(call.caller)) throw denied();
  const policy = realm.desk.policies.tokenLifetimes.find(one => one.id === key?.text);
  if (!policy) throw notFound(key?.text ?? '');
  const limited = !mayReadApplications(call.caller);
  return collection(call, realm, context(call, 'directoryObjects'), policy.appIds, appId => ({
    '@odata.type': '#microsoft.graph.servicePrincipal',
    id: new Random(0, `service principal ${appId}`).guid(),
    ...(!limited && { appId, displayName: realm.appName(appId) }),
  }));
};

const securityDefaults: Route['run'] = (call, realm) => {
  if (!mayReadPolicies(call.caller)) throw denied();
  return {
    status: 200,
    body: {
      '@odata.context': context(call, 'policies/identitySecurityDefaultsEnforcementPolicy/$entity'),
      id: '00000000-0000-0000-0000-000000000005',
      displayName: 'Security Defaults',
      description:
        'Security defaults is a set of basic identity security mechanisms recommended by Microsoft.',
      isEnabled: realm.desk.policies.securityDefaults,
    },
  };
};

/** The controls of sessions in a tenant (graph-facts 6). */
export const policyRoutes: Route[] = [
  { method: 'GET', path: 'identity/conditionalaccess/policies', policy: true, run: conditionalAccess },
  {
    method: 'GET',
    path: 'policies/tokenlifetimepolicies',
    run: (call, realm) =>
      listed(call, realm, 'tokenLifetimePolicies', realm.desk.policies.tokenLifetimes, lifetimeBody),
  },
  { method: 'GET', path: 'policies/tokenlifetimepolicies/{}/appliesto', run: appliesTo },
  {
    method: 'GET',
    path: 'policies/activitybasedtimeoutpolicies',
    run: (call, realm) =>
      listed(call, realm, 'activityBasedTimeoutPolicies', realm.desk.policies.idleTimeouts, timeoutBody),
  },
  { method: 'GET', path: 'policies/identitysecuritydefaultsenforcementpolicy', run: securityDefaults },
];
