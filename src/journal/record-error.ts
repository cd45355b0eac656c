/** Why a record can't be used. */
export type RecordErrorCode = 'Unavailable' | 'NotFound' | 'Damaged' | 'Busy';

/** A record that can't be written, read or taken up; the message says what to do. */
export class RecordError extends Error {
  override name = 'RecordError';
  readonly code: RecordErrorCode;
  constructor(code: RecordErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
