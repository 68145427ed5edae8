import { useFetcher } from '@remix-run/react';
import { useEffect } from 'react';
import { Notice } from '~/components/ui/notice';
import { type Tone } from '~/components/ui/tone';
import { EVENT_ACTS, type SeenRef } from './event-acts';
import { faultWords } from './fault-words';
import { DECISION_LABEL, inWords, startingLarge } from './state-badges';

/** What /admin/webhooks/predict answers. */
export type PredictReply =
  | { outcome: 'predicted'; status: string; code: string; detail: string }
  /** It is on its way, or in a later run than was seen. */
  | { outcome: 'moved' };

/** Tries an event without keeping anything, as soon as it is shown, and says what came of it. */
export function Prediction({ seen }: { seen: SeenRef }) {
  const { submit, data } = useFetcher<PredictReply>();
  const { realmId, eventId, run } = seen;
  useEffect(() => {
    submit({ realmId, eventId, run }, { method: 'post', action: EVENT_ACTS.predict });
  }, [submit, realmId, eventId, run]);
  const said = wordsOf(data);
  return (
    <div role="status" className="min-h-16">
      <Notice tone={said.tone} title={said.title}>
        {said.words}
      </Notice>
    </div>
  );
}

interface Said {
  tone: Tone;
  title: string;
  words: string;
}

const DECISIONS: Readonly<Record<string, string>> = { ...DECISION_LABEL, 'no-op': DECISION_LABEL.noop };

function wordsOf(reply: PredictReply | undefined): Said {
  if (reply === undefined)
    return { tone: 'idle', title: 'Trying it…', words: 'It is processed once without keeping anything.' };
  if (reply.outcome === 'moved')
    return {
      tone: 'warn',
      title: 'It has moved',
      words: 'It runs already, or ran since this page was loaded.',
    };
  const { status, code, detail } = reply;
  switch (status) {
    case 'done':
      return {
        tone: 'ok',
        title: `It would be decided: ${(DECISIONS[code] ?? code).toLowerCase()}`,
        words: `${startingLarge(inWords(detail))}. Nothing was kept of this try.`,
      };
    case 'waiting':
      return { tone: 'info', title: 'It would wait and be tried again', words: inWords(detail) };
    case 'busy':
      return {
        tone: 'info',
        title: 'Not known now',
        words: 'Somebody else works on what it needs. A replay waits for its turn.',
      };
    default:
      return {
        tone: 'warn',
        title: 'It would stop again',
        words: `${faultWords(code, null).happened} ${startingLarge(inWords(detail))}`,
      };
  }
}
