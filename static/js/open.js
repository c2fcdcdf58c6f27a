// Links and forms marked data-open, or in a cell that is, are answered in place: a dialog over the
// page, or the page itself anew. The server says which. The mark is all they
// carry, for in a list of keys an address written twice would be most of it.
(() => {
  'use strict';

  // A dialog that is a page of its own leads on to pages, and so does what
  // comes without htmx.
  const ask = (verb, address, source, event) => {
    if (!window.htmx || !document.querySelector('[data-fresh]')) return;
    event.preventDefault();
    window.htmx.ajax(verb, address, { source, event, target: '#dialog' }).catch(() => {});
  };

  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-open], td[data-open] a:not([download])');
    if (!link || event.defaultPrevented || event.button) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    ask('GET', link.getAttribute('href'), link, event);
  });
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!form.matches('form[data-open]') || event.defaultPrevented) return;
    ask(form.method.toUpperCase(), form.getAttribute('action'), form, event);
  });

  // A search follows what is typed. Its field stays, and only the rows change.
  let pause = 0;
  const search = (form, event) => {
    clearTimeout(pause);
    const rows = { target: '#rows', select: '#rows', swap: 'outerHTML' };
    window.htmx.ajax('GET', form.getAttribute('action'), { source: form, event, ...rows }).catch(() => {});
  };
  document.addEventListener('input', (event) => {
    const form = event.target.closest('form[role="search"]');
    if (!form) return;
    clearTimeout(pause);
    pause = setTimeout(search, 200, form, event);
  });
  document.addEventListener('submit', (event) => {
    if (!event.target.matches('form[role="search"]')) return;
    event.preventDefault();
    search(event.target, event);
  });

  // What is done to a row is named with what the row is about.
  const name = (root) => {
    for (const action of root.querySelectorAll('tbody .actions > a, tbody .switch')) {
      const heading = action.closest('tr').querySelector('th > code, summary');
      action.setAttribute('aria-label', `${action.textContent} ${heading.textContent}`);
    }
  };
  name(document);

  // A part that is drawn anew, by itself or after a change, keeps what its
  // reader has there: the keyboard's focus, and keys shown whole.
  let place = null;
  let whole = [];

  // A switch that has been thrown has another address.
  const nameOf = (element) => element.getAttribute('href') ??
    element.closest('form')?.getAttribute('action').replace(/\/(de)?activate$/, '') ?? '';

  // A button that waits for its answer is disabled, which takes the focus away.
  document.addEventListener('htmx:beforeSwap', ({ detail: { target, requestConfig } }) => {
    const waiting = requestConfig.triggeringEvent?.submitter;
    const focused = document.activeElement === document.body && waiting ? waiting : document.activeElement;
    place = null;
    const lost = target.contains(focused) || focused.closest('#notice');
    if (lost && !focused.id) place = { name: nameOf(focused), row: focused.closest('tr')?.rowIndex };
    whole = [...target.querySelectorAll('details[open] > summary')].map((summary) => summary.textContent);
  });
  document.addEventListener('htmx:afterSwap', ({ detail: { target } }) => {
    const part = target.isConnected ? target : document.getElementById(target.id);
    if (!part) return;
    name(part);
    for (const summary of part.querySelectorAll('summary')) {
      summary.parentElement.open ||= whole.includes(summary.textContent);
    }
    if (!place || document.activeElement !== document.body) return;
    const all = [...part.querySelectorAll('a, button')];
    const next = place.name && all.find((element) => nameOf(element) === place.name);
    (next || part.querySelectorAll('tr')[place.row]?.querySelector('a'))?.focus({ preventScroll: true });
  });
})();
