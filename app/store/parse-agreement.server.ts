import { parseForm } from '~/components/account/parse-form';
import { agreeSchema } from '~/modules/credits/index.server';

/** The form of automatic top-up; only the server judges it, so its page carries no schema. */
export const parseAgreement = (form: FormData) => parseForm(form, agreeSchema);
