import { createKeyring } from '../../api/http/keys.js';
import { connect, disconnect, STATEMENT_MS } from '../../db/connect.js';
import { Failure } from '../../runtime/failure.js';
import { runProcess } from '../../runtime/runProcess.js';
import { requireDatabase } from '../../runtime/settings.js';
import { mayActIn } from './mayAct.js';
import { openUiDoor } from './door.js';

/** The door of a UI that somebody else runs; whoever comes has to sign in. */
await runProcess(async (settings) => {
  const { temporalUiBehind: ui, host, temporalUiPort: port, temporalUiUrl, allowedHosts } = settings;
  if (ui === undefined) throw new Failure('TEMPORAL_UI_BEHIND is not set.');
  const sql = connect(requireDatabase(settings), {
    name: 'account-payments-ui',
    connections: 2,
    statementMs: STATEMENT_MS,
  });
  const names = temporalUiUrl === undefined ? allowedHosts : [...allowedHosts, temporalUiUrl.hostname];
  const close = await openUiDoor({
    ui,
    host,
    port,
    names,
    looking: 'signed_in',
    mayAct: mayActIn(createKeyring({ sql, trustMs: settings.keyTrustMs })),
  });
  return {
    stop: async () => {
      await close();
      await disconnect(sql);
    },
  };
});
