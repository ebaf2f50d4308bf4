import type { FC } from 'hono/jsx';
import { MAX_REASON_LENGTH } from '../../domain/ids.js';
import { notedOf, warningsOf, type Warning } from '../../domain/law/decision.js';
import type { Judgement } from '../../domain/law/judge.js';
import { TextField, type Errors } from '../http/fields.js';
import { LAW_READ, type Values } from '../http/form.js';
import type { Reader } from '../http/reader.js';

/** The field in which a manager says why something is to be done against the law. */
export const AGAINST_LAW = 'againstLawBecause';

export function rulesOf(judgement: Judgement): string {
  return notedOf(judgement)
    .map(({ id }) => id)
    .join(' ');
}

type Shown = {
  readonly reader: Reader;
  readonly judgement: Judgement;
  readonly values: Values;
  readonly errors: Errors;
};

/** What the law says of what is about to be done; where the shop refuses that, a field for a manager's reason. */
export const LawNotice: FC<Shown> = ({ reader, judgement, values, errors }) => {
  if (judgement.outcome === 'clear') return null;
  const { law, acts } = reader.texts;
  const { outcome } = judgement;
  return (
    <div class="notice amber law" role="note">
      <h2>{outcome === 'refused' ? law.refusedTitle : law.warnedTitle}</h2>
      {warningsOf(notedOf(judgement)).map((warning) => (
        <RuleInWords reader={reader} warning={warning} />
      ))}
      <input type="hidden" name={LAW_READ} value={rulesOf(judgement)} />
      {outcome === 'refused' && (
        <TextField
          name={AGAINST_LAW}
          label={law.because}
          hint={`${law.becauseHint} ${acts.reasonHint}`}
          values={values}
          errors={errors}
          maxlength={MAX_REASON_LENGTH}
        />
      )}
    </div>
  );
};

type Told = { readonly reader: Reader; readonly warnings: readonly Warning[]; readonly about: string };

/** What the law says of something that is done all the same. */
export const LawWarnings: FC<Told> = ({ reader, warnings, about }) =>
  warnings.length === 0 ? null : (
    <div class="notice amber law" role="note">
      <h2>{reader.texts.law.warnedTitle}</h2>
      <p>{about}</p>
      {warnings.map((warning) => (
        <RuleInWords reader={reader} warning={warning} />
      ))}
    </div>
  );

/** A rule of law as staff read it, and where it stands. */
export const RuleInWords: FC<{ reader: Reader; warning: Warning }> = ({ reader, warning }) => {
  const { language, texts, formats } = reader;
  const { words, source, leastValidThrough, checkedOn } = warning;
  return (
    <>
      <p>
        {words[language]}
        {leastValidThrough !== null && ` ${texts.law.leastValidThrough(formats.day(leastValidThrough))}`}
      </p>
      <p class="hint">
        <a href={source.address} rel="noreferrer">
          {source.citation}
        </a>
        {` · ${texts.law.checked(formats.day(checkedOn))}`}
      </p>
    </>
  );
};

/** What of a form says why. */
export function becauseIn(values: Values): { readonly againstLawBecause?: string } {
  const because = (values[AGAINST_LAW] ?? '').normalize('NFC');
  return because === '' ? {} : { againstLawBecause: because };
}
