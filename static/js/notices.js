// Notices can be dismissed. One that offers nothing to do goes by itself, unless the
// pointer or the focus is on it.
(() => {
  'use strict';

  const duration = 8000; // ms
  const area = document.getElementById('notice');
  let timer = 0;

  // Errors and what leads on stay.
  const stays = () => !area.querySelector('.message') || area.getAttribute('role') === 'alert' ||
    area.querySelector('a, form, .message-error, .message-warning');

  function wait() {
    clearTimeout(timer);
    if (!stays()) timer = setTimeout(expire, duration);
  }

  // The room of a notice that stood in the page stays, so that nothing moves.
  function expire() {
    if (area.matches(':hover, :focus-within')) return;
    const { position, marginTop } = getComputedStyle(area);
    if (position !== 'fixed') area.style.minHeight = `${area.offsetHeight + parseFloat(marginTop)}px`;
    area.replaceChildren();
  }

  new MutationObserver(() => {
    if (!area.matches(':empty')) area.style.minHeight = '';
    wait();
  }).observe(area, { childList: true, subtree: true });
  area.addEventListener('pointerleave', wait);
  area.addEventListener('focusout', wait);
  wait();

  // What only a script can know has its words in the page.
  document.addEventListener('notice', ({ target, detail: { kind, words } }) => {
    const all = document.getElementById('words').content.cloneNode(true);
    const message = document.createElement('div');
    const body = all.getElementById(words);
    message.className = `message message-${kind} i-${kind}`;
    body.className = 'message-body';
    body.removeAttribute('id');
    message.append(body, all.querySelector('.dismiss'));
    target.replaceChildren(message);
  });

  document.addEventListener('click', (event) => {
    const notice = event.target.closest('.dismiss')?.closest('[data-notice]');
    if (!notice) return;
    notice.replaceChildren();
    const dialog = notice.closest('dialog');
    (dialog?.querySelector('.dialog-title') ?? document.getElementById('main')).focus({ preventScroll: true });
  });
})();
