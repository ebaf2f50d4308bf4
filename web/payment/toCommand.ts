import { within } from '../../db/outage.js';
import { findCommand } from '../../db/payment/commands.js';
import { readReference } from '../../domain/reference.js';
import { createRoutes, type Pages } from '../http/context.js';
import { NotFound } from '../http/faults.js';
import type { PageParts } from '../http/parts.js';
import { signedIn } from '../http/signedIn.js';

const PATIENCE_MS = 2_000;

/** Leads from a command to its place in its payment's history. */
export function commandRoutes({ desk, listSql }: PageParts): Pages {
  return createRoutes().get('/account-payments/:reference/command', signedIn(desk, 'read'), async (c) => {
    const reference = readReference(c.req.param('reference') ?? '');
    const commandId = c.req.query('id') ?? '';
    if (reference === undefined) throw new NotFound();
    const command = await within(PATIENCE_MS, findCommand(listSql, reference, commandId));
    if (!command) throw new NotFound();
    return c.redirect(`/account-payments/${reference}?before=${command.revision + 1}#history`, 302);
  });
}
