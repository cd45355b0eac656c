const pattern = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** True for an object id as the directory writes it. Everything else, put into a path, could lead anywhere. */
export const isGuid = (text: unknown): text is string => typeof text === 'string' && pattern.test(text);
