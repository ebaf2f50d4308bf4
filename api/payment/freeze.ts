import { z } from '@hono/zod-openapi';
import { askedFreezeCauses } from '../../domain/payment/command.js';
import { field } from '../http/requestFields.js';
import { changingCall } from './send.js';

const cause = z.enum(askedFreezeCauses).default('staff');

const body = (name: string, reason: string) =>
  z.strictObject({ cause, reason: field.reason, staffId: field.staffId }).openapi(name, { example: { reason } });

export const freezeCall = changingCall({
  operationId: 'freeze',
  summary: 'Let nothing new be spent until it is thawed',
  permission: 'manage',
  body: body('Freeze', 'reported stolen'),
  done: 'Frozen',
  wish: (said) => ({ kind: 'freeze', ...said }),
});

export const thawCall = changingCall({
  operationId: 'thaw',
  summary: 'Lift one of the causes for which it is frozen',
  permission: 'manage',
  body: body('Thaw', 'found again'),
  done: 'Thawed',
  wish: (said) => ({ kind: 'thaw', ...said }),
});
