import type { Child, FC } from 'hono/jsx';
import type { Judgement } from '../../../domain/law/judge.js';
import { ErrorSummary, Signature, type Errors } from '../../http/fields.js';
import { FORM_KEY, LAW_READ, SIGNATURE, SIGNER, type Values } from '../../http/form.js';
import { FormKey } from '../../http/layout.js';
import { AGAINST_LAW, LawNotice } from '../../law/notice.js';
import type { Reader } from '../../http/reader.js';
import type { PaymentRead } from '../../../service/payment/read.js';
import { ActFields } from './fields.js';
import type { Filled } from './filled.js';
import type { ActName } from './asked.js';
import type { Told } from './tell.js';

/** What a form is sent for: to be shown what it would do, to change it, or, without this field, to do it. */
export const STEP = 'step';
/** The balance that somebody saw who said yes to losing it. */
export const SEEN = 'seen';

export function addressOf(reference: string, act?: ActName): string {
  return act === undefined ? `/account-payments/${reference}` : `/account-payments/${reference}/${act}`;
}

type Signing = 'not_needed' | 'needed';

/** First step: what is wanted. Nothing happens when it is sent. */
export const ActForm: FC<Filled & { signing: Signing; formKey: string }> = ({ signing, formKey, ...filled }) => {
  const { act, known, reader, errors } = filled;
  const { texts } = reader;
  const { reference } = known.payment;
  return (
    <form class="sheet narrow" method="post" action={addressOf(reference, act)}>
      <ErrorSummary reader={reader} errors={errors} />
      <WhichPayment reader={reader} payment={known.payment} name={nameOf(filled)} />
      <p>{texts.acts.explained[act]}</p>
      <FormKey formKey={formKey} />
      <ActFields {...filled} />
      {signing === 'needed' && <p class="notice amber">{texts.acts.signedNext}</p>}
      <div class="actions">
        <button name={STEP} value="confirm">
          {texts.acts.goOn}
        </button>
        <a href={addressOf(reference)}>{texts.forms.cancel}</a>
      </div>
    </form>
  );
};

function nameOf({ known: { facts } }: Filled): string | undefined {
  return facts === 'away' ? undefined : facts.customerName;
}

type Confirming = {
  readonly act: ActName;
  readonly reference: string;
  readonly payment: PaymentRead;
  readonly name: string | undefined;
  readonly told: Told;
  readonly reader: Reader;
  readonly values: Values;
  readonly errors: Errors;
  readonly signing: Signing;
  readonly formKey: string;
  readonly seen: string;
  /** What the law says of it. */
  readonly judgement: Judgement;
};

/** Second step: what will happen, in money. Sent, it does it. */
export const Confirmation: FC<Confirming> = ({ told, reader, values, errors, payment, name, seen, ...rest }) => {
  const { act, reference, signing, formKey, judgement } = rest;
  const { acts } = reader.texts;
  const { [AGAINST_LAW]: _, ...asked } = values;
  return (
    <form class="sheet narrow" method="post" action={addressOf(reference, act)}>
      <ErrorSummary reader={reader} errors={errors} />
      <WhichPayment reader={reader} payment={payment} name={name} />
      <div class={told.tone === 'amber' ? 'notice amber' : 'notice'}>
        {told.tone === 'amber' && <h2>{acts.forfeits}</h2>}
        {told.sentences.map((sentence) => (
          <p>{sentence}</p>
        ))}
      </div>
      {said(values, reader)}
      <LawNotice reader={reader} judgement={judgement} values={values} errors={errors} />
      <Hidden values={asked} />
      <input type="hidden" name={SEEN} value={seen} />
      <FormKey formKey={formKey} />
      {signing === 'needed' && <Signature reader={reader} values={values} errors={errors} />}
      <div class="actions">
        <button class={told.tone === 'amber' ? 'amber' : undefined} name={STEP} value="do">
          {acts.names[act]}
        </button>
        <button class="second" name={STEP} value="edit">
          {acts.change}
        </button>
        <a href={addressOf(reference)}>{reader.texts.forms.cancel}</a>
      </div>
    </form>
  );
};

type Retrying = Pick<Confirming, 'act' | 'reference' | 'reader' | 'values' | 'errors' | 'signing' | 'formKey'>;

/** What was asked, to be sent again as it was: nobody can tell now what it would do, or whether it was done. */
export const Again: FC<Retrying> = ({ act, reference, reader, values, errors, signing, formKey }) => (
  <form class="sheet narrow" method="post" action={addressOf(reference, act)}>
    <ErrorSummary reader={reader} errors={errors} />
    {said(values, reader)}
    <Hidden values={values} />
    {values[SEEN] !== undefined && <input type="hidden" name={SEEN} value={values[SEEN]} />}
    <FormKey formKey={formKey} />
    {signing === 'needed' && <Signature reader={reader} values={values} errors={errors} />}
    <div class="actions">
      <button name={STEP} value={values[STEP] ?? 'do'}>
        {reader.texts.acts.again}
      </button>
      <a href={addressOf(reference)}>{reader.texts.forms.cancel}</a>
    </div>
  </form>
);

/** The words that go into the books with it. */
function said({ reason = '', message = '' }: Values, { texts }: Reader): Child {
  if (reason === '' && message === '') return null;
  return (
    <dl class="facts said">
      <dt>{reason === '' ? texts.acts.message : texts.acts.reason}</dt>
      <dd dir="auto">{reason === '' ? message : reason}</dd>
    </dl>
  );
}

const WhichPayment: FC<{ reader: Reader; payment: PaymentRead; name: string | undefined }> = (shown) => {
  const { reader, payment, name } = shown;
  const { texts, formats } = reader;
  const { reference, customerId, balanceMinor, amountMinor, currency } = payment;
  return (
    <dl class="facts which">
      <dt>{texts.payment.title}</dt>
      <dd>
        <a class="reference" href={addressOf(reference)}>
          {reference}
        </a>
      </dd>
      <dt>{texts.payment.customer}</dt>
      <dd dir="auto">{name ?? customerId}</dd>
      <dt>{texts.payment.balance}</dt>
      <dd>{texts.payment.left(formats.money(balanceMinor, currency), formats.money(amountMinor, currency))}</dd>
    </dl>
  );
};

const ASIDE: readonly string[] = [SIGNER, SIGNATURE, FORM_KEY, LAW_READ, STEP, SEEN];

const Hidden: FC<{ values: Values }> = ({ values }) => (
  <>
    {Object.entries(values)
      .filter(([name]) => !ASIDE.includes(name))
      .map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
  </>
);
