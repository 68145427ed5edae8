import { type PauseSwitchView } from '~/modules/pauses/shared';

/** A pause switch, and by name who paused it. */
export interface PauseView extends Omit<PauseSwitchView, 'pause'> {
  pause: (NonNullable<PauseSwitchView['pause']> & { who: string }) | null;
}
