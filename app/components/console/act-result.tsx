import { Link } from '@remix-run/react';
import Download from 'lucide-react/icons/download';
import { useEffect, useRef } from 'react';
import { Button } from '~/components/ui/button';
import { CodeBlock } from '~/components/ui/code-block';
import { Notice } from '~/components/ui/notice';
import { type Tone } from '~/components/ui/tone';
import { type ActReply } from './act-reply';

export type Ended = Extract<ActReply, { outcome: 'done' | 'asked' | 'open' }>;

const LOOK: Record<Ended['outcome'], { tone: Tone; title: string }> = {
  done: { tone: 'ok', title: 'Done' },
  asked: { tone: 'info', title: 'A second person is asked' },
  open: { tone: 'warn', title: 'Under way' },
};

/** How an act ended, in words, with the way to what it made. */
export function ActResult({ reply }: { reply: Ended }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.focus(), []);
  const { tone, title } = LOOK[reply.outcome];
  return (
    <div ref={place} tabIndex={-1} className="grid gap-4 py-2 focus:outline-none">
      <Notice tone={tone} title={title} role="status">
        {reply.message}{' '}
        {reply.link === undefined ? null : (
          <Link to={reply.link.to} className="prose-link">
            {reply.link.label}
          </Link>
        )}
      </Notice>
      {reply.outcome === 'done' && reply.file !== undefined ? <SaveFile {...reply.file} /> : null}
      {reply.outcome === 'done' && reply.secret !== undefined ? (
        <>
          <CodeBlock title={reply.secret.label} code={reply.secret.value} />
          <p>Copy it now: it is shown this once, and nobody can see it again.</p>
        </>
      ) : null}
    </div>
  );
}

function SaveFile({ name, text }: { name: string; text: string }) {
  const save = () => {
    const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <div>
      <Button icon={Download} onClick={save}>
        Save the file
      </Button>
    </div>
  );
}
