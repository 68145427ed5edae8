import { randomBytes } from 'node:crypto';

/** One prefix per kind of row; the same in the database, logs, URLs and tests. */
export type IdPrefix =
  | 'usr'
  | 'cst'
  | 'rlm'
  | 'itm'
  | 'ver'
  | 'pay'
  | 'mbk'
  | 'scl'
  | 'mail'
  | 'req'
  | 'act'
  | 'apr'
  | 'rpl'
  | 'fnd'
  | 'rcn'
  | 'sbs'
  | 'sbo'
  | 'sba'
  | 'prt'
  | 'tur'
  | 'tuc'
  | 'crd'
  | 'cds'
  | 'apc'
  | 'apk'
  | 'msg'
  | 'whe'
  | 'snd'
  | 'lnk'
  | 'not'
  | 'inv'
  | 'del'
  | 'dls'
  | 'viw'
  | 'wrk'
  | 'alr'
  | 'aln';

/**
 * A new id: prefix, underscore, UUIDv7 in hex. Ids of one kind sort by the time they were made.
 * SQL functions make theirs (`wal_`, `lot_`, `txf_`) the same way with Postgres' uuidv7().
 */
export function newId(prefix: IdPrefix, now: number = Date.now()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return `${prefix}_${bytes.toString('hex')}`;
}
