import type { Restored } from './restorePayment.js';

/** What an operator hears of a payment that was to be started again from the books. */
export const toldOfRestoring: Readonly<Record<Restored, (reference: string) => string>> = {
  restored: () => 'restored',
  'still running': () => 'still running',
  ended: () => 'ended, as the books have it: it needs no workflow',
  'not in the books': (reference) =>
    `not in the books: npm run rerecord -- ${reference} brings it, where it was issued`,
  'rerecord first': (reference) =>
    `not started: its history holds what the books have lost. Do npm run rerecord -- ${reference} first, then the same again`,
  'reset first': (reference) =>
    `not started: it answered, or was sent, what it had not brought to the books, and would have that money again. Reset it, and it goes on with all of it: temporal workflow reset --workflow-id ${reference} --type LastWorkflowTask --reason terminated. Only where that cannot be, npm run restore -- --without-the-unrecorded ${reference} loses it for good`,
  'ended by itself': (reference) =>
    `not started: it had ended by itself, and the books have lost that. Do npm run rerecord -- ${reference}`,
};

/** Whether a person has to do something before it is right. */
export function isRefused(restored: Restored): boolean {
  switch (restored) {
    case 'restored':
    case 'still running':
    case 'ended':
      return false;
    case 'not in the books':
    case 'rerecord first':
    case 'reset first':
    case 'ended by itself':
      return true;
  }
}
