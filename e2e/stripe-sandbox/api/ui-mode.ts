import * as z from 'zod';
import { areOldUiModes, OLD_UI_MODES } from '../versions/ui-modes';
import type { FormHash } from './form';
import { oneOf, parseParams } from './params';

const oldParams = z.object({ ui_mode: oneOf(['custom', 'embedded', 'hosted']).optional() });

/** The form with the name that `ui_mode` has now, whatever the request's version calls it. */
export function withCurrentUiMode(form: FormHash, version: string): FormHash {
  if (!('ui_mode' in form) || !areOldUiModes(version)) return form;
  const { ui_mode: old } = parseParams(oldParams, form);
  const [current] = Object.entries(OLD_UI_MODES).find(([, name]) => name === old) ?? [];
  return current === undefined ? form : { ...form, ui_mode: current };
}
