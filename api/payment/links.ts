import type { Links } from '../http/documents.js';

/** From a payment to what there is to know of it. @param at where in the answer its reference is, as a JSON pointer */
export function linksOfPayment(at: string): Links {
  const parameters = { reference: `$response.body#${at}` };
  return {
    payment: { operationId: 'read', parameters },
    usages: { operationId: 'usages', parameters },
    movements: { operationId: 'movements', parameters },
  };
}
