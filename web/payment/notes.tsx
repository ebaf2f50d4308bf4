import type { FC } from 'hono/jsx';
import { isLines, lengthOf, MAX_NOTES_LENGTH } from '../../domain/ids.js';
import { readReference } from '../../domain/reference.js';
import { isPermitted } from '../../domain/roles.js';
import { roleOf } from '../../domain/staff.js';
import { changeNotes } from '../../service/payment/notes.js';
import type { Session } from '../../service/staff/session.js';
import { createRoutes, type PageContext, type Pages } from '../http/context.js';
import { NotFound } from '../http/faults.js';
import { ErrorSummary, TextArea, type Errors } from '../http/fields.js';
import { readForm, type Values } from '../http/form.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import type { Reader } from '../http/reader.js';
import { signedIn, type ShowAgain } from '../http/signedIn.js';
import { outageOf } from '../http/wrong.js';
import type { Seen } from './glance.js';

/** What staff note on a payment, which no rule depends on; sent again, it is the same note. */
export function noteRoutes(parts: PageParts): Pages {
  const manages = signedIn(parts.desk, 'manage');
  const showAgain: ShowAgain = (c, values) => again(c, referenceOf(c), values, {}, 200);
  return createRoutes()
    .get('/account-payments/:reference/notes', manages, (c) => c.redirect(`/account-payments/${referenceOf(c)}`, 302))
    .post('/account-payments/:reference/notes', signedIn(parts.desk, 'manage', showAgain), async (c) => {
      const reference = referenceOf(c);
      const values = await readForm(c);
      const { texts } = c.get('reader');
      const notes = (values['notes'] ?? '').normalize('NFC');
      if (!isLines(notes) || lengthOf(notes) > MAX_NOTES_LENGTH)
        return again(c, reference, values, { notes: texts.refusals.invalid_text }, 422);
      try {
        const row = await changeNotes(parts, reference, notes === '' ? null : notes);
        if (!row) throw new NotFound();
      } catch (error) {
        const outage = outageOf(error, texts.problems);
        if (outage === undefined) throw error;
        return again(c, reference, values, { '': outage }, 503);
      }
      return c.redirect(`/account-payments/${reference}?noted=yes#notes-title`, 303);
    });
}

function referenceOf(c: PageContext): string {
  const reference = readReference(c.req.param('reference') ?? '');
  if (reference === undefined) throw new NotFound();
  return reference;
}

function again(c: PageContext, reference: string, values: Values, errors: Errors, status: 200 | 422 | 503) {
  const reader = c.get('reader');
  const form = <NotesForm reader={reader} reference={reference} values={values} errors={errors} />;
  return page(
    c,
    { title: reader.texts.payment.notes, here: 'payments', status },
    <div class="sheet narrow">{form}</div>,
  );
}

type Noting = { readonly reader: Reader; readonly reference: string; readonly values: Values; readonly errors: Errors };

const NotesForm: FC<Noting> = ({ reader, reference, values, errors }) => (
  <form method="post" action={`/account-payments/${reference}/notes`}>
    <ErrorSummary reader={reader} errors={errors} />
    <TextArea
      name="notes"
      label={reader.texts.payment.notes}
      hint={reader.texts.payment.notesHint}
      values={values}
      errors={errors}
    />
    <div class="actions">
      <button class="second">{reader.texts.payment.saveNotes}</button>
    </div>
  </form>
);

/** For all to read, and for a manager to change. */
export const Notes: FC<{ seen: Seen; session: Session }> = ({ seen, session }) => {
  const { reader } = seen;
  const { notes, reference } = seen.payment;
  const t = reader.texts.payment;
  if (notes === undefined) return null;
  const isEditor = isPermitted(roleOf(session.staffRole), 'manage');
  return (
    <section>
      <h2 id="notes-title">{t.notes}</h2>
      {notes !== null && (
        <p class="sheet notes" dir="auto">
          {notes}
        </p>
      )}
      {notes === null && !isEditor && <p class="empty">{t.noNotes}</p>}
      {isEditor && (
        <details class="sheet noting">
          <summary>{notes === null ? t.addNotes : t.changeNotes}</summary>
          <NotesForm reader={reader} reference={reference} values={{ notes: notes ?? '' }} errors={{}} />
        </details>
      )}
    </section>
  );
};
