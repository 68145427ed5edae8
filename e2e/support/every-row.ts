import { type Db, poolOf } from '../../app/platform/db.server';

/** All that stands in the database, as one text: a sum for each table. */
export async function everyRow(db: Db): Promise<string> {
  const tables = await poolOf(db).query<{ name: string }>(
    "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
  );
  const sums = tables.rows.map(
    ({ name }) =>
      `SELECT '${name}' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS sum FROM ${name} t`,
  );
  const { rows } = await poolOf(db).query<{ sum: string }>(sums.join(' UNION ALL '));
  return rows
    .map(({ sum }) => sum)
    .sort()
    .join('\n');
}
