import { mayReadDirectory, mayReadOrganization } from '../caller.ts';
import { badRequest, denied, invalidIdentifier, notFound } from '../graph-error.ts';
import { memberView } from '../views.ts';
import { context, type Route } from './route.ts';

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const mostIds = 1000;

/** Ids that nobody has are left out without a word (graph-facts 4.3). */
const getByIds: Route['run'] = (call, realm) => {
  if (!mayReadDirectory(call.caller)) throw denied();
  const { ids, types } = readIds(call.body);
  const wrong = ids.find(id => !guid.test(id));
  if (wrong !== undefined) throw invalidIdentifier(wrong);
  const objects = [...new Set(ids.map(id => realm.directory.object(id)))].filter(
    object => object !== undefined,
  );
  const wanted = objects.filter(
    object => !types || types.includes(object.kind) || types.includes('directoryObject'),
  );
  return {
    status: 200,
    body: { '@odata.context': context(call, 'directoryObjects'), value: wanted.map(memberView(call, realm)) },
  };
};

function readIds(body: string): { ids: string[]; types: string[] | undefined } {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw badRequest(
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    );
  }
  const { ids, types } = (value ?? {}) as { ids?: unknown; types?: unknown };
  if (!Array.isArray(ids) || !ids.every(id => typeof id === 'string'))
    throw badRequest("The 'ids' parameter is missing or invalid.");
  if (ids.length > mostIds) throw badRequest(`Too many ids: ${ids.length}. At most ${mostIds} are allowed.`);
  return { ids, types: Array.isArray(types) ? types.map(String) : undefined };
}

const get: Route['run'] = (call, realm, [key]) => {
  if (!mayReadDirectory(call.caller)) throw denied();
  const id = key?.text ?? '';
  if (!guid.test(id)) throw invalidIdentifier(id);
  const object = realm.directory.object(id);
  if (!object) throw notFound(id);
  return {
    status: 200,
    body: { '@odata.context': context(call, 'directoryObjects/$entity'), ...memberView(call, realm)(object) },
  };
};

const organization: Route['run'] = (call, realm) => {
  if (!mayReadOrganization(call.caller)) throw denied();
  const { tenantId, domain } = realm.world;
  const verifiedDomains = [
    {
      capabilities: 'Email, OfficeCommunicationsOnline',
      isDefault: true,
      isInitial: true,
      name: domain,
      type: 'Managed',
    },
  ];
  const value = [{ id: tenantId, displayName: 'Contoso (simulated)', tenantType: 'AAD', verifiedDomains }];
  return { status: 200, body: { '@odata.context': context(call, 'organization'), value } };
};

/** With a selection it costs two in all; one of the savings is the usual one of a selection (graph-facts 3). */
const getByIdsUnits: Route['units'] = query => (query.select ? 3 : 5);

export const directoryObjectRoutes: Route[] = [
  { method: 'POST', path: 'directoryobjects/getbyids', units: getByIdsUnits, writes: 0, run: getByIds },
  {
    method: 'POST',
    path: 'directoryobjects/microsoft.graph.getbyids',
    units: getByIdsUnits,
    writes: 0,
    run: getByIds,
  },
  { method: 'GET', path: 'directoryobjects/{}', run: get },
  { method: 'GET', path: 'organization', run: organization },
];
