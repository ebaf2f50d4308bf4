import { refusalsInEnglish } from './refusals.en.js';

/** The words of the pages in English; those of another language have the same shape. */
export const en = {
  languageName: 'English',
  productName: 'Account payments',
  skipToContent: 'Skip to the content',
  menu: {
    label: 'Main menu',
    payments: 'Customer account payments',
    customers: 'Customers',
    newPayment: 'New account payment',
    settings: 'Settings',
    help: 'Help',
    signOut: 'Sign out',
    signedInAs: (name: string, role: string, shop: string) => `${name}, ${role}, ${shop}`,
  },
  roles: { cashier: 'cashier', manager: 'manager', finance: 'finance', admin: 'admin' },
  statuses: { active: 'active', used: 'used up', expired: 'expired', cancelled: 'cancelled' },
  frozen: 'frozen',
  types: { generic: 'any purchase', product_specific: 'one product only' },
  purposes: { deposit: 'deposit', store_credit: 'store credit', prepayment: 'prepayment', gift: 'gift' },
  tenders: { cash: 'cash', card: 'card', bank_transfer: 'bank transfer', other: 'other' },
  forms: {
    summaryTitle: 'Not done yet',
    optional: 'optional',
    required: 'This has to be filled in.',
    amount: (example: string) => `Type an amount such as ${example}.`,
    send: 'Send',
    back: 'Back',
    cancel: 'Leave it',
  },
  sign: {
    title: 'A manager signs',
    why: 'Your role does not reach for this. A manager can sign it here, for this once.',
    username: 'Name of the manager',
    password: 'Password of the manager',
    wrong: 'The name or the password of the manager is wrong.',
    notEnough: 'This person may not sign that.',
    locked: (until: string) => `This account is locked until ${until}, after too many wrong passwords.`,
  },
  problems: {
    notFoundTitle: 'There is nothing here',
    notFound: 'The address leads nowhere. Perhaps it was shortened when it was copied.',
    forbiddenTitle: 'Your role does not reach for this',
    forbidden: 'Ask a manager or an admin. Nothing has changed.',
    notTakenTitle: 'This cannot be taken',
    otherSite: 'This form was sent from another site, so nothing was done.',
    awayTitle: 'That does not work for the moment',
    booksAway: 'The books cannot be reached. What was typed is still here: send it again in a moment.',
    paymentsAway: 'The account payments cannot be reached. Nothing has changed: send it again in a moment.',
    unknown: 'No answer came in time, so it may have been done. Send this form again: it is done once, however often.',
    bugTitle: 'Something is wrong here',
    bug: 'It was noted, and somebody has to look. Sent again, the same form is done once.',
    listsAway: 'Lists, new payments and customers wait for the books. One payment can be read and used meanwhile.',
  },
  recorded: {
    yes: 'Done, and in the books.',
    no: 'Done. The record is still on its way into the books, so lists may not show it for a moment.',
    before: 'This had been done before. Nothing was done twice.',
  },
  signIn: {
    title: 'Sign in',
    username: 'Username',
    password: 'Password',
    shop: 'Shop',
    send: 'Sign in',
    chooseShop: 'Choose the shop that you work in now, and type your password again.',
    wrong: 'The username or the password is wrong.',
    noShop: 'This account belongs to no shop yet. An admin can add one under Settings.',
  },
  list: {
    title: 'Customer account payments',
  },
  issue: {
    title: 'New account payment',
  },
  slip: {
    title: 'Slip',
  },
  payment: {
    title: 'Account payment',
  },
  acts: {
    title: 'What can be done',
  },
  customer: {
    title: 'Customers',
  },
  till: {
    title: 'Till',
  },
  sale: {
    title: 'Sale',
  },
  held: {
    title: 'Held now',
  },
  attention: {
    title: 'For a person',
  },
  staff: {
    title: 'Staff',
  },
  refusals: refusalsInEnglish,
};
