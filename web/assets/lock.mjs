// Asks who is there once nobody has been for as long as the shop says. Typing, pointing and scrolling count, in any
// window: the server is told of it now and then, and alone says whether somebody is there.

/** In how many parts of that time it is told, and asked. */
const PARTS = 6;
const ACTS = ['input', 'keydown', 'pointerdown', 'wheel', 'touchmove'];

/** None on the page of signing in, which may have come in the place of another. */
const lockAfterMs = () => Number(document.body.dataset.lockAfterMs ?? 0);
const partMs = lockAfterMs() / PARTS;

let touchedAt = Date.now();
let toldAt = touchedAt;
let telling;

function touched() {
  touchedAt = Date.now();
  telling ??= setTimeout(tell, Math.max(0, toldAt + partMs - touchedAt));
}

function tell() {
  telling = undefined;
  toldAt = Date.now();
  if (lockAfterMs() > 0) fetch('/presence', { method: 'POST' }).catch(() => undefined);
}

/** Without an answer, or while the books are away, everything stays as it is. */
async function lockIfIdle() {
  if (lockAfterMs() === 0 || Date.now() - touchedAt < lockAfterMs()) return;
  const to = encodeURIComponent(location.pathname + location.search);
  const answer = await fetch(`/lock?to=${to}`, { redirect: 'manual' }).catch(() => undefined);
  if (answer?.type === 'opaqueredirect') location.replace(`/sign-in?to=${to}`);
}

if (partMs > 0) {
  for (const act of ACTS) document.addEventListener(act, touched, { capture: true, passive: true });
  setInterval(lockIfIdle, partMs);
}
