import { scenarioSchema, type Scenario } from './scenario';

const EMAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
const SIGNING_SECRET = /whsec_\w+/g;
const CLIENT_SECRET = /_secret_\w+/g;

/** The scenario without secrets and e-mail addresses; the same address stays recognisable as the same. */
export function redactScenario(scenario: Scenario): Scenario {
  const people = new Map<string, string>();
  const nameless = (email: string): string => {
    const known = people.get(email) ?? `person-${people.size + 1}@redacted.invalid`;
    people.set(email, known);
    return known;
  };
  const text = JSON.stringify(scenario)
    .replace(EMAIL, nameless)
    .replace(SIGNING_SECRET, 'whsec_redacted')
    .replace(CLIENT_SECRET, '_secret_redacted');
  return scenarioSchema.parse(JSON.parse(text));
}
