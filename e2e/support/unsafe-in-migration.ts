import type {
  AlterTableCmd,
  AlterTableStmt,
  AlterTableType,
  ColumnDef,
  Constraint,
  Node,
  RangeVar,
} from 'libpg-query';
import { parseSync } from 'libpg-query';

const USED = 'the old release may use it still: it goes with the release after the one that stopped using it';
const CONCURRENTLY = 'blocks writes: CONCURRENTLY, alone in its migration';
const VALIDATED =
  'reads the whole table under a lock: NOT VALID, and VALIDATE CONSTRAINT in a later migration';
const REWRITTEN = 'rewrites the table under a lock: a nullable column, filled by a job';
const BOUND = 'the old release may write what it refuses';
const TOGETHER =
  'locks tables one after the other, and may meet an act of the old release that locks them the other way: one such table in a migration';
const UNKNOWN = 'is not known to be safe while the old release works';

type Kind = Node extends infer Each ? (Each extends object ? keyof Each : never) : never;

/** They add, or replace what takes and answers the same. */
const EXPANDING: readonly Kind[] = [
  ...(['CreateStmt', 'CreateSchemaStmt', 'CreateExtensionStmt', 'CreateSeqStmt'] as const),
  ...(['CreateEnumStmt', 'CompositeTypeStmt', 'CreateFunctionStmt', 'ViewStmt'] as const),
  ...(['InsertStmt', 'SelectStmt', 'CommentStmt', 'VariableSetStmt'] as const),
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
  const locked = new Set(statements.flatMap(({ stmt }) => lockedBy(stmt)).filter((name) => !made.has(name)));
  return [
    ...statements.flatMap(({ stmt, words }) =>
      faultsOf(stmt, migration).map((fault) => `${words}: ${fault}`),
    ),
    ...(locked.size > 1 ? [`${[...locked].join(', ')}: ${TOGETHER}`] : []),
  ];
}

/** Tables that writers wait for until the migration ends. */
function lockedBy(stmt: Node): string[] {
  if ('AlterTableStmt' in stmt) return nameOf(stmt.AlterTableStmt.relation);
  if ('CreateTrigStmt' in stmt) return nameOf(stmt.CreateTrigStmt.relation);
  if (!('CreateStmt' in stmt)) return [];
  const parts = stmt.CreateStmt.tableElts ?? [];
  const constraints = parts.flatMap((part) =>
    'ColumnDef' in part ? (part.ColumnDef.constraints ?? []) : part,
  );
  return constraints.flatMap((each) => ('Constraint' in each ? nameOf(each.Constraint.pktable) : []));
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

const safe = (): string[] => [];

const OF_COMMAND: Partial<Record<AlterTableType, (def: Node | undefined) => string[]>> = {
  AT_ValidateConstraint: safe,
  AT_SetRelOptions: safe,
  AT_ResetRelOptions: safe,
  AT_SetStatistics: safe,
  AT_AddColumn: (def) =>
    def !== undefined && 'ColumnDef' in def ? faultsOfColumn(def.ColumnDef) : [UNKNOWN],
  AT_AddConstraint: (def) =>
    def !== undefined && 'Constraint' in def ? faultsOfConstraint(def.Constraint) : [UNKNOWN],
  // A default may be set; without its default the old release's rows lack a value.
  AT_ColumnDefault: (def) => (def === undefined ? [USED] : []),
  AT_DropColumn: () => [USED],
  AT_DropConstraint: () => [USED],
  AT_DropNotNull: () => ['the old release may read a null that it does not know of'],
  AT_SetNotNull: () => [VALIDATED, BOUND],
  AT_AlterColumnType: () => [REWRITTEN],
};

const faultsOfCommand = ({ subtype, def }: AlterTableCmd): string[] =>
  (subtype === undefined ? undefined : OF_COMMAND[subtype])?.(def) ?? [UNKNOWN];

function faultsOfColumn({ constraints = [], typeName }: ColumnDef): string[] {
  const given = constraints.flatMap((each) => ('Constraint' in each ? each.Constraint : []));
  const fallback = given.find(({ contype }) => contype === 'CONSTR_DEFAULT');
  const type = (typeName?.names ?? []).flatMap((each) => ('String' in each ? (each.String.sval ?? '') : []));
  return [
    ...(type.some((name) => /^(big|small)?serial\d?$/.test(name)) ? [REWRITTEN] : []),
    ...(fallback === undefined || isSameForAll(fallback.raw_expr) ? [] : [REWRITTEN]),
    ...given.flatMap((constraint) => faultsOfColumnConstraint(constraint, fallback !== undefined)),
  ];
}

function faultsOfColumnConstraint(constraint: Constraint, hasDefault: boolean): string[] {
  const { contype } = constraint;
  if (contype === 'CONSTR_NULL' || contype === 'CONSTR_DEFAULT') return [];
  if (contype === 'CONSTR_IDENTITY' || contype === 'CONSTR_GENERATED') return [REWRITTEN];
  if (contype === 'CONSTR_NOTNULL')
    return hasDefault ? [] : ['the old release does not write it: with a DEFAULT, or nullable'];
  return faultsOfConstraint(constraint);
}

function faultsOfConstraint({ contype, skip_validation: isLater = false, indexname }: Constraint): string[] {
  if (contype === 'CONSTR_CHECK' || contype === 'CONSTR_FOREIGN') return isLater ? [] : [VALIDATED];
  if (contype === 'CONSTR_UNIQUE' || contype === 'CONSTR_PRIMARY')
    return indexname === undefined ? [CONCURRENTLY] : [];
  return [UNKNOWN];
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
