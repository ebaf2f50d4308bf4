import type { ReportName } from './reports.js';

/** Which report answers which question, in English. */
export const questions: Readonly<Record<ReportName, string>> = {
  roll_forward: 'What did we owe at the beginning, what changed it, and what do we owe at the end?',
  outstanding_liability: 'What do we owe at a moment, and what did we know of it at another one?',
  customer_balances: 'What do we owe each customer?',
  control: 'Does what we owe agree with the balance of the ledger?',
  ageing: 'How old is what we owe, since it was issued and since it was last used?',
  layaways: 'Which deposits on products are open, and how long until they end?',
  expiring: 'What ends soon?',
  dormant: 'What has its customer left alone for so long that it may have to go to a state?',
  redemption: 'Of what was issued in a month, how much was used, month by month since?',
  breakage: 'What that will never be used may be earned, and when?',
  between_shops: 'Which shop owes which, for what was issued in one and used in another?',
  tax: 'What tax fell due at issue, and what at redemption?',
  tenders: 'What was taken in and paid out, by tender, shop and day, to tick off against the till?',
  exceptions: 'Who gave, paid out, let lapse or changed what is not everyday, and who signed for it?',
  journal: 'What is to be booked?',
};
