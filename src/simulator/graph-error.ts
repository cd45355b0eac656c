/** A refusal as Graph words it; on its way out it becomes the error envelope of graph-facts 1.9. */
export class GraphError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.name = 'GraphError';
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export const badRequest = (message: string): GraphError => new GraphError(400, 'BadRequest', message);

export const unsupportedQuery = (message: string): GraphError =>
  new GraphError(400, 'Request_UnsupportedQuery', message);

export const invalidIdentifier = (text: string): GraphError =>
  new GraphError(400, 'Request_BadRequest', `Invalid object identifier '${text}'.`);

export const noSuchSegment = (segment: string): GraphError =>
  badRequest(`Resource not found for the segment '${segment}'.`);

export const denied = (message = 'Insufficient privileges to complete the operation.'): GraphError =>
  new GraphError(403, 'Authorization_RequestDenied', message);

export const notFound = (text: string): GraphError =>
  new GraphError(
    404,
    'Request_ResourceNotFound',
    `Resource '${text}' does not exist or one of its queried reference-property objects are not present.`,
  );

/** The envelope; `date` comes without a zone, as seen in the wild. */
export function errorBody(
  error: GraphError,
  at: number,
  requestId: string,
  clientRequestId: string,
): unknown {
  const innerError = {
    date: new Date(at).toISOString().slice(0, 19),
    'request-id': requestId,
    'client-request-id': clientRequestId,
  };
  return { error: { code: error.code, message: error.message, innerError } };
}
