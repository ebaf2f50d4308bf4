export { accountPayment } from './accountPayment.js';
