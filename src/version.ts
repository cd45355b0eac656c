/** The product's version; the bundler puts it in. */
export const version = process.env['USERSESSION_VERSION'] ?? '0.0.0-source';
