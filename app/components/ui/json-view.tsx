import Check from 'lucide-react/icons/check';
import ChevronRight from 'lucide-react/icons/chevron-right';
import Copy from 'lucide-react/icons/copy';
import Search from 'lucide-react/icons/search';
import { useId, useMemo, useState } from 'react';
import { IconButton } from './button';
import { classes } from './classes';
import {
  childPath,
  entriesOf,
  isList,
  isParent,
  type Json,
  type JsonMatches,
  type JsonParent,
  searchJson,
} from './json-search';
import { useCopy } from './use-copy';

export interface JsonViewProps {
  value: Json;
  /** Names the viewer: "Payload of evt_…". */
  label: string;
  /** Levels open at first. */
  depth?: number | undefined;
}

const SAID = { idle: '', copied: 'Copied', failed: 'Could not copy' };

/** Folds, searches keys and values, copies. */
export function JsonView({ value, label, depth = 2 }: JsonViewProps) {
  const id = useId();
  const [words, setWords] = useState('');
  const [copyState, copy] = useCopy();
  const matches = useMemo(() => searchJson(value, words), [value, words]);
  const isSearching = words.trim() !== '';
  return (
    <section aria-label={label} className="overflow-hidden rounded border bg-surface-sunken">
      <div className="flex items-center gap-2 border-b bg-surface-raised pl-3 pr-1">
        <Search aria-hidden size={14} className="shrink-0 text-text-muted" />
        <label htmlFor={`${id}-search`} className="sr-only">
          Search in {label}
        </label>
        <input
          id={`${id}-search`}
          type="search"
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
          placeholder="Search keys and values"
          className="h-9 min-w-0 flex-1 bg-transparent text-sm placeholder:text-text-muted focus-visible:outline-none"
        />
        <span role="status" className="figures shrink-0 text-xs text-text-muted">
          {isSearching ? `${matches.hits.size} found` : SAID[copyState]}
        </span>
        <IconButton
          label="Copy JSON"
          icon={copyState === 'copied' ? Check : Copy}
          size="sm"
          onClick={() => copy(JSON.stringify(value, null, 2))}
        />
      </div>
      <div
        role="region"
        aria-label={`${label}, content`}
        tabIndex={0}
        className="max-h-[32rem] overflow-auto p-3 font-mono text-xs leading-5 focus-visible:outline-offset-[-2px]"
      >
        <JsonNode value={value} path="" depth={depth} matches={matches} />
      </div>
    </section>
  );
}

interface NodeProps {
  name?: string | number | undefined;
  value: Json;
  path: string;
  depth: number;
  matches: JsonMatches;
}

function JsonNode({ name, value, path, depth, matches }: NodeProps) {
  if (isParent(value) && entriesOf(value).length > 0) {
    return <JsonBranch name={name} value={value} path={path} depth={depth} matches={matches} />;
  }
  return (
    <div
      className={classes(
        'whitespace-pre-wrap pl-4 [overflow-wrap:anywhere]',
        matches.hits.has(path) && 'rounded bg-warn-soft',
      )}
    >
      <Name name={name} />
      <Scalar value={value} />
    </div>
  );
}

function JsonBranch({ name, value, path, depth, matches }: NodeProps & { value: JsonParent }) {
  const [isOpenByHand, setOpenByHand] = useState(depth > 0);
  const isOpen = isOpenByHand || matches.open.has(path);
  const [opening, closing] = isList(value) ? ['[', ']'] : ['{', '}'];
  const entries = entriesOf(value);
  return (
    <div>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpenByHand(!isOpen)}
        className={classes(
          'flex w-full items-center rounded text-left hover:bg-surface-hover focus-visible:outline-offset-[-2px]',
          matches.hits.has(path) && 'bg-warn-soft',
        )}
      >
        <ChevronRight
          aria-hidden
          size={12}
          className={classes('mr-1 shrink-0 text-text-muted transition-transform', isOpen && 'rotate-90')}
        />
        <span>
          <Name name={name} />
          {opening}
          {isOpen ? null : (
            <span className="text-text-muted">
              {' '}
              {entries.length} {entries.length === 1 ? 'item' : 'items'} {closing}
            </span>
          )}
        </span>
      </button>
      {isOpen ? (
        <>
          <div className="ml-1.5 border-l pl-2">
            {entries.map(([key, child]) => (
              <JsonNode
                key={key}
                name={key}
                value={child}
                path={childPath(path, key)}
                depth={depth - 1}
                matches={matches}
              />
            ))}
          </div>
          <div className="pl-4">{closing}</div>
        </>
      ) : null}
    </div>
  );
}

function Name({ name }: { name: string | number | undefined }) {
  if (name === undefined) return null;
  return (
    <>
      <span className="text-text-muted">{name}</span>
      <span className="text-text-muted">: </span>
    </>
  );
}

function Scalar({ value }: { value: Json }) {
  if (typeof value === 'string') return <span className="text-ok">{JSON.stringify(value)}</span>;
  if (typeof value === 'number') return <span className="text-info">{String(value)}</span>;
  if (typeof value === 'boolean') return <span className="text-warn">{String(value)}</span>;
  if (value === null) return <span className="text-text-muted">null</span>;
  return <span>{isList(value) ? '[]' : '{}'}</span>;
}
