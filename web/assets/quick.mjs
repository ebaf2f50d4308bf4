// What the pages' own attributes for htmx cannot say. Nothing here is needed: without scripts each form sends itself.

const formOf = (element) => element.closest('form');
const isSending = (form) => form?.matches('.htmx-request') ?? false;

/** How often something was typed in a form, and how often it had been when a request for its figures left. */
const typings = new WeakMap();
const typingsOf = (form) => typings.get(form) ?? 0;
document.addEventListener('input', ({ target }) => {
  if (target.form) typings.set(target.form, typingsOf(target.form) + 1);
});

/** How much had been typed in a form when it was sent. */
const sentAt = new WeakMap();

/**
 * A form that waits for its answer asks nothing and is not sent twice; sent, it drops what it asked before, and asks
 * nothing anew until more is typed: what it was told stays.
 */
document.addEventListener('htmx:config:request', (event) => {
  const { ctx } = event.detail;
  const { sourceElement, request } = ctx;
  const form = formOf(sourceElement);
  if (!form) return;
  if (isSending(form)) return event.preventDefault();
  ctx.typings = typingsOf(form);
  if (sourceElement !== form && sentAt.get(form) === ctx.typings) return event.preventDefault();
  if (sourceElement === form) {
    sentAt.set(form, ctx.typings);
    for (const each of form.querySelectorAll('[hx-sync]')) each.dispatchEvent(new Event('htmx:abort'));
    return;
  }
  // A password goes with the form that it signs, and with nothing that is only looked up.
  for (const { name } of form.querySelectorAll('input[type=password]')) request.body.delete(name);
});

document.addEventListener('htmx:before:swap', (event) => {
  const { ctx, tasks } = event.detail;
  const form = formOf(ctx.sourceElement);
  const isAnswer = ctx.response.status < 500 && tasks.some(({ fragment }) => fragment.childElementCount > 0);
  if (isLate(ctx, form)) return event.preventDefault();
  tell(form, isAnswer ? '' : (sentencesIn(ctx.text) ?? fallbackFor(ctx, form)));
  if (!isAnswer) return event.preventDefault();
  if (ctx.hx.replaceurl) history.replaceState(history.state, '', ctx.hx.replaceurl);
});

/** New figures that were overtaken: by what was typed since, by the form being sent, or by an amount half typed. */
function isLate(ctx, form) {
  if (ctx.sourceElement === form || ctx.target !== form) return false;
  const isHalfTyped = ctx.response.status === 422 && ctx.sourceEvent.type === 'input';
  return isHalfTyped || isSending(form) || ctx.typings !== typingsOf(form);
}

/** The network failed, or nobody answered in time. */
document.addEventListener('htmx:error', ({ detail: { ctx } }) => {
  if (!ctx) return;
  const form = formOf(ctx.sourceElement);
  tell(form, fallbackFor(ctx, form));
});

function tell(form, text) {
  const told = form?.querySelector('.unanswered');
  if (told && told.textContent !== text) told.textContent = text;
}

function fallbackFor({ sourceElement }, form) {
  const { unsent, unasked } = form?.querySelector('.unanswered')?.dataset ?? {};
  return sourceElement === form ? unsent : unasked;
}

/** What a page says that is not the one that was asked for. */
function sentencesIn(html) {
  const page = new DOMParser().parseFromString(html, 'text/html');
  const items = [...page.querySelectorAll('.summary li')];
  const said = items.length > 0 ? items : [...page.querySelectorAll('main > p')];
  const sentences = said.map(({ textContent }) => textContent.trim()).filter((each) => each !== '');
  return sentences.length > 0 ? sentences.join(' ') : undefined;
}

/** With arrow keys from a field to what was found for it, among that, and back. */
document.addEventListener('keydown', (event) => {
  const { key, target } = event;
  if (!['ArrowDown', 'ArrowUp'].includes(key) || !(target instanceof Element)) return;
  // Among radio buttons arrows choose, as everywhere.
  if (target.matches('[type=radio]')) return;
  const found = document.getElementById(target.dataset.found) ?? target.closest('[data-finds]');
  if (!found) return;
  const stops = [document.getElementById(found.dataset.finds), ...found.querySelectorAll('button, a[href], input')];
  const next = stops[stops.indexOf(target) + (key === 'ArrowDown' ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
});

document.addEventListener('click', ({ target }) => {
  if (target instanceof Element && target.closest('.prints')) print();
});
