export { accountPayment } from './accountPayment.js';
export { sale } from './sale.js';
export { transfer } from './transfer.js';
