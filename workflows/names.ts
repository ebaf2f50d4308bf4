/** The queue on which every worker of this service listens. */
export const TASK_QUEUE = 'account-payments';

/**
 * What operators can search for in Temporal's UI, with each attribute's type there. None of them changes with a
 * purchase: every change costs an event and a write. SQL visibility has ten keyword columns in a namespace.
 */
export const searchAttributes = {
  CustomerId: 'KEYWORD',
  PaymentStatus: 'KEYWORD',
  PaymentType: 'KEYWORD',
  Purpose: 'KEYWORD',
  ProductId: 'KEYWORD',
  Currency: 'KEYWORD',
  ShopId: 'KEYWORD',
  SaleStatus: 'KEYWORD',
  GiftStatus: 'KEYWORD',
  ExpiresAt: 'DATETIME',
} as const;
