/** A refusal of the login endpoint; on its way out it becomes Entra's error object. */
export class EntraError extends Error {
  readonly status: number;
  /** OAuth's word for it: `invalid_grant`, ... */
  readonly error: string;
  /** The number behind `AADSTS`. */
  readonly code: number;
  readonly suberror: string | undefined;

  constructor(status: number, error: string, code: number, message: string, suberror?: string) {
    super(message);
    this.name = 'EntraError';
    this.status = status;
    this.error = error;
    this.code = code;
    this.suberror = suberror;
  }
}

/** The error object of graph-facts 1.9. */
export function entraErrorBody(
  error: EntraError,
  now: number,
  traceId: string,
  correlationId: string,
): Record<string, unknown> {
  const timestamp = `${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  return {
    error: error.error,
    error_description: `${describe(error)} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [error.code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${error.code}`,
    ...(error.suberror !== undefined && { suberror: error.suberror }),
  };
}

export const describe = (error: EntraError): string => `AADSTS${error.code}: ${error.message}`;
