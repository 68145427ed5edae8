import type { AlterTableCmd, AlterTableStmt, ColumnDef, Constraint, Node, RangeVar } from 'libpg-query';
import { parseSync } from 'libpg-query';

const USED = 'the old release may use it still: it goes with the release after the one that stopped using it';
const CONCURRENTLY = 'blocks writes: CONCURRENTLY, alone in its migration';
const VALIDATED =
  'reads the whole table under a lock: NOT VALID, and VALIDATE CONSTRAINT in a later migration';
const REWRITTEN = 'rewrites the table under a lock: a nullable column, filled by a job';
const BOUND = 'the old release may write what it refuses';
const UNKNOWN = 'is not known to be safe while the old release works';

type Kind = Node extends infer Each ? (Each extends object ? keyof Each : never) : never;

/** They add, or replace what takes and answers the same. */
const EXPANDING: readonly Kind[] = [
  ...(['CreateStmt', 'CreateSchemaStmt', 'CreateExtensionStmt', 'CreateSeqStmt'] as const),
  ...(['CreateEnumStmt', 'CompositeTypeStmt', 'CreateFunctionStmt', 'ViewStmt'] as const),
  ...(['InsertStmt', 'SelectStmt', 'CommentStmt', 'VariableSetStmt'] as const),
];
const HARMLESS_TO_TABLES = [
  'AT_ValidateConstraint',
  'AT_SetRelOptions',
  'AT_ResetRelOptions',
  'AT_SetStatistics',
];

/**
 * Why a migration must not run while the release before it works, a sentence for each statement; nothing when it may.
 * What is not known to be safe is unsafe. Tables that it makes itself are its own. Bodies of functions are not read.
 * @throws SqlError when Postgres would not parse it
 */
export function unsafeInMigration(sql: string): string[] {
  const bytes = Buffer.from(sql);
  const statements = (parseSync(sql).stmts ?? []).flatMap(
    ({ stmt, stmt_location: from = 0, stmt_len: length }) =>
      stmt === undefined
        ? []
        : [{ stmt, words: inWords(bytes.subarray(from, length === undefined ? undefined : from + length)) }],
  );
  const made = new Set(
    statements.flatMap(({ stmt }) => ('CreateStmt' in stmt ? nameOf(stmt.CreateStmt.relation) : [])),
  );
  const migration: Migration = {
    isAlone: statements.length === 1,
    isOwn: (table) => table !== undefined && nameOf(table).some((name) => made.has(name)),
  };
  return statements.flatMap(({ stmt, words }) =>
    faultsOf(stmt, migration).map((fault) => `${words}: ${fault}`),
  );
}

interface Migration {
  isAlone: boolean;
  isOwn: (table: RangeVar | undefined) => boolean;
}

function faultsOf(stmt: Node, { isAlone, isOwn }: Migration): string[] {
  if (EXPANDING.some((kind) => kind in stmt)) return [];
  if ('IndexStmt' in stmt) {
    const { relation, concurrent = false, unique = false } = stmt.IndexStmt;
    if (isOwn(relation)) return [];
    return [...(concurrent && isAlone ? [] : [CONCURRENTLY]), ...(unique ? [BOUND] : [])];
  }
  if ('AlterTableStmt' in stmt)
    return isOwn(stmt.AlterTableStmt.relation)
      ? []
      : commandsOf(stmt.AlterTableStmt).flatMap(faultsOfCommand);
  // What the new value is written by comes with a later release than the type that knows it.
  if ('AlterEnumStmt' in stmt) return stmt.AlterEnumStmt.oldVal === undefined ? [] : [USED];
  if ('CreateTrigStmt' in stmt) return isOwn(stmt.CreateTrigStmt.relation) ? [] : [BOUND];
  if ('UpdateStmt' in stmt || 'DeleteStmt' in stmt) {
    const table = 'UpdateStmt' in stmt ? stmt.UpdateStmt.relation : stmt.DeleteStmt.relation;
    return isOwn(table) ? [] : ['locks each row until the migration ends: in batches, by a job'];
  }
  if ('RenameStmt' in stmt) return [USED];
  if ('DropStmt' in stmt) {
    if (stmt.DropStmt.removeType !== 'OBJECT_INDEX') return [USED];
    return stmt.DropStmt.concurrent === true && isAlone ? [] : [CONCURRENTLY];
  }
  return [UNKNOWN];
}

const commandsOf = ({ cmds = [] }: AlterTableStmt): AlterTableCmd[] =>
  cmds.flatMap((each) => ('AlterTableCmd' in each ? each.AlterTableCmd : []));

function faultsOfCommand({ subtype, def }: AlterTableCmd): string[] {
  if (subtype !== undefined && HARMLESS_TO_TABLES.includes(subtype)) return [];
  switch (subtype) {
    case 'AT_AddColumn':
      return def !== undefined && 'ColumnDef' in def ? faultsOfColumn(def.ColumnDef) : [UNKNOWN];
    case 'AT_AddConstraint':
      return def !== undefined && 'Constraint' in def ? faultsOfConstraint(def.Constraint) : [UNKNOWN];
    // A default may be set; without its default the old release's rows lack a value.
    case 'AT_ColumnDefault':
      return def === undefined ? [USED] : [];
    case 'AT_DropColumn':
    case 'AT_DropConstraint':
      return [USED];
    case 'AT_DropNotNull':
      return ['the old release may read a null that it does not know of'];
    case 'AT_SetNotNull':
      return [VALIDATED, BOUND];
    case 'AT_AlterColumnType':
      return [REWRITTEN];
    default:
      return [UNKNOWN];
  }
}

function faultsOfColumn({ constraints = [], typeName }: ColumnDef): string[] {
  const given = constraints.flatMap((each) => ('Constraint' in each ? each.Constraint : []));
  const fallback = given.find(({ contype }) => contype === 'CONSTR_DEFAULT');
  const type = (typeName?.names ?? []).flatMap((each) => ('String' in each ? (each.String.sval ?? '') : []));
  return [
    ...(type.some((name) => /^(big|small)?serial\d?$/.test(name)) ? [REWRITTEN] : []),
    ...(fallback === undefined || isSameForAll(fallback.raw_expr) ? [] : [REWRITTEN]),
    ...given.flatMap((constraint) => {
      switch (constraint.contype) {
        case 'CONSTR_NULL':
        case 'CONSTR_DEFAULT':
          return [];
        case 'CONSTR_NOTNULL':
          return fallback === undefined
            ? ['the old release does not write it: with a DEFAULT, or nullable']
            : [];
        case 'CONSTR_IDENTITY':
        case 'CONSTR_GENERATED':
          return [REWRITTEN];
        default:
          return faultsOfConstraint(constraint);
      }
    }),
  ];
}

function faultsOfConstraint({ contype, skip_validation: isLater = false, indexname }: Constraint): string[] {
  switch (contype) {
    case 'CONSTR_CHECK':
    case 'CONSTR_FOREIGN':
      return isLater ? [] : [VALIDATED];
    case 'CONSTR_UNIQUE':
    case 'CONSTR_PRIMARY':
      return indexname === undefined ? [CONCURRENTLY] : [];
    default:
      return [UNKNOWN];
  }
}

/** A value that Postgres computes once: it keeps it beside the table, whose rows stay as they are. */
function isSameForAll(expression: Node | undefined): boolean {
  if (expression === undefined) return false;
  if ('TypeCast' in expression) return isSameForAll(expression.TypeCast.arg);
  if ('A_ArrayExpr' in expression) return (expression.A_ArrayExpr.elements ?? []).every(isSameForAll);
  return 'A_Const' in expression || 'SQLValueFunction' in expression;
}

const nameOf = (table: RangeVar | undefined): string[] =>
  table?.relname === undefined ? [] : [table.relname];

/** Its first words, without comments. */
const inWords = (statement: Uint8Array): string =>
  Buffer.from(statement).toString().replaceAll(/--.*$/gm, '').replaceAll(/\s+/g, ' ').trim().slice(0, 90);
