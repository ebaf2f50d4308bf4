import type { Child, FC } from 'hono/jsx';
import type { Judgement } from '../../../domain/law/judge.js';
import { purposes, types } from '../../../domain/payment/command.js';
import { roleOf } from '../../../domain/staff.js';
import type { Session } from '../../../service/staff/session.js';
import { BACK, tillIn } from '../../http/backToTill.js';
import { ErrorSummary, RadioField, Signature, TextArea, TextField, type Errors } from '../../http/fields.js';
import { SIGNATURE, SIGNER, type Values } from '../../http/form.js';
import { FormKey } from '../../http/layout.js';
import { sending, Unanswered } from '../../http/quick.js';
import type { Reader } from '../../http/reader.js';
import { LawNotice } from '../../law/notice.js';
import type { Choices, Looked } from './choices.js';
import { Found, PATH, Search, type Filled } from './search.js';
import { moneys } from './typed.js';

export type Shown = {
  readonly values: Values;
  readonly errors: Errors;
  readonly formKey: string;
  readonly looked: Looked;
  /** What this form has issued already, when it was sent for something else. */
  readonly issued?: string | undefined;
  readonly judgement: Judgement;
};

/** One form, sent by its last button; each search only shows it again with what was found. */
export const IssueForm: FC<Shown & { reader: Reader; session: Session }> = ({ reader, session, looked, ...shown }) => {
  const { issue } = reader.texts;
  const { values, errors, formKey, issued, judgement } = shown;
  const filled = { reader, values, errors };
  const till = tillIn(values[BACK]);
  return (
    <form class="sheet issue" method="post" action={PATH} {...sending(PATH)}>
      <Unanswered reader={reader} />
      <ErrorSummary reader={reader} errors={errors} />
      {issued !== undefined && (
        <p class="notice amber">
          {issue.hasIssued}{' '}
          <a class="reference" href={`/account-payments/${issued}`}>
            {issued}
          </a>
        </p>
      )}
      <FormKey formKey={formKey} />
      {till !== undefined && <input type="hidden" name={BACK} value={till} />}
      <Part title={issue.customer}>
        <CustomerFields {...filled} customers={looked.customers} />
      </Part>
      <Part title={issue.goodFor}>
        <ScopeFields {...filled} products={looked.products} />
      </Part>
      <Part title={issue.money}>
        <MoneyFields {...filled} session={session} />
      </Part>
      <Part title={issue.more}>
        <TextField
          name="validThrough"
          label={issue.validThrough}
          hint={issue.validThroughHint}
          type="date"
          {...filled}
        />
        <TextArea name="notes" label={issue.notes} hint={issue.notesHint} {...filled} />
      </Part>
      <dl class="facts">
        <dt>{issue.reference}</dt>
        <dd>{issue.referenceSet}</dd>
        <dt>{issue.balance}</dt>
        <dd>{issue.balanceSet}</dd>
        <dt>{issue.issuedBy}</dt>
        <dd>{`${session.name}, ${session.shop.name}`}</dd>
      </dl>
      <LawNotice judgement={judgement} {...filled} />
      <ManagerSigns {...filled} session={session} />
      <div class="actions">
        <button name="step" value="issue">
          {issue.send}
        </button>
        <a href={till ?? '/account-payments'}>{reader.texts.forms.cancel}</a>
      </div>
    </form>
  );
};

const Part: FC<{ title: string; children?: Child }> = ({ title, children }) => (
  <section class="part">
    <h2>{title}</h2>
    {children}
  </section>
);

const CustomerFields: FC<Filled & { customers: Choices }> = ({ customers, ...filled }) => {
  const { issue } = filled.reader.texts;
  const { values } = filled;
  const isTyped = ['newName', 'newPhone', 'newEmail'].some((name) => (values[name] ?? '') !== '');
  return (
    <>
      <Search
        name="customerSearch"
        found="customers-found"
        label={issue.customerSearch}
        hint={issue.customerSearchHint}
        {...filled}
      />
      <Found
        name="customerId"
        id="customers-found"
        finds="customerSearch"
        label={issue.customersFound}
        nothing={issue.nobodyFound}
        none={issue.someoneNew}
        choices={customers}
        {...filled}
      />
      <details class="new" open={isTyped || customers.found === 'none' || undefined}>
        <summary>{issue.newCustomer}</summary>
        <p class="hint">{issue.newHint}</p>
        <TextField name="newName" label={issue.newName} autocomplete="off" {...filled} />
        <TextField name="newPhone" label={issue.newPhone} type="tel" autocomplete="off" {...filled} />
        <TextField name="newEmail" label={issue.newEmail} type="text" autocomplete="off" {...filled} />
      </details>
    </>
  );
};

const ScopeFields: FC<Filled & { products: Choices }> = ({ products, ...filled }) => {
  const { issue, types: typeNames, purposes: purposeNames } = filled.reader.texts;
  return (
    <>
      <RadioField
        name="type"
        label={issue.type}
        choices={types.map((value) => ({ value, label: typeNames[value] }))}
        {...filled}
      />
      <div class="of-product">
        <Search
          name="productSearch"
          found="products-found"
          label={issue.productSearch}
          hint={issue.productSearchHint}
          {...filled}
        />
        <Found
          name="productId"
          id="products-found"
          finds="productSearch"
          label={issue.productsFound}
          nothing={issue.noProductFound}
          none={issue.noProduct}
          choices={products}
          {...filled}
        />
      </div>
      <RadioField
        name="purpose"
        label={issue.purpose}
        choices={purposes.map((value) => ({ value, label: purposeNames[value], hint: issue.purposeHints[value] }))}
        {...filled}
      />
    </>
  );
};

const MoneyFields: FC<Filled & { session: Session }> = ({ session, ...filled }) => {
  const { issue } = filled.reader.texts;
  const { formats } = filled.reader;
  const { currency, tillIssueLimitMinor } = session.shop;
  const example = issue.amountHint(formats.plainAmount(123_450, currency));
  const limit = issue.limit(formats.money(tillIssueLimitMinor, currency));
  return (
    <>
      <RadioField
        name="money"
        label={issue.moneyFrom}
        choices={moneys.map((value) => ({ value, label: issue.moneys[value] }))}
        {...filled}
      />
      <div class="of-return">
        <TextField name="receiptId" label={issue.receiptId} hint={issue.receiptIdHint} autocomplete="off" {...filled} />
      </div>
      <div class="amount">
        <TextField
          name="amount"
          label={issue.amount}
          hint={isCashier(session) ? `${example} ${limit}` : example}
          inputmode="decimal"
          autocomplete="off"
          {...filled}
        />
        <TextField name="currency" label={issue.currency} maxlength={3} autocomplete="off" {...filled} />
      </div>
    </>
  );
};

/** For a cashier, closed until it is needed. */
const ManagerSigns: FC<Filled & { session: Session }> = ({ session, ...filled }) => {
  if (!isCashier(session)) return null;
  const { texts } = filled.reader;
  const isNeeded =
    (filled.values[SIGNER] ?? '') !== '' || [SIGNER, SIGNATURE].some((name) => filled.errors[name] !== undefined);
  return (
    <details class="signs" open={isNeeded || undefined}>
      <summary>{texts.issue.managerSigns}</summary>
      <Signature {...filled} />
    </details>
  );
};

function isCashier({ staffRole }: Session): boolean {
  return roleOf(staffRole) === 'till';
}
