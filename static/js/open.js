// Opens links and forms marked data-open, or in a list of keys, in place: as a
// dialog over the page or as a new version of the page, as the server decides. The
// URL is not repeated in htmx attributes, which would double the size of a list.
(() => {
  'use strict';

  // Without htmx, and from a dialog shown as a page, the browser navigates.
  const send = (verb, address, source, event) => {
    if (!window.htmx || !document.querySelector('[data-fresh]')) return;
    event.preventDefault();
    window.htmx.ajax(verb, address, { source, event, target: '#dialog' }).catch(() => {});
  };

  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-open], .keys a:not([download])');
    if (!link || event.defaultPrevented) return;
    if (link.closest('dialog[data-changing]')) { // another dialog would take the place of the answer
      event.preventDefault();
      return;
    }
    send('GET', link.getAttribute('href'), link, event);
  });
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!form.matches('form[data-open], .keys form') || event.defaultPrevented) return;
    send(form.method.toUpperCase(), form.getAttribute('action'), form, event);
  });

  // A search runs while typing. The field stays, and only the rows change.
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

  // The accessible name of a row's action includes the row's name.
  const name = (root) => {
    for (const action of root.querySelectorAll('.keys td a')) {
      const heading = action.closest('tr').querySelector('th [id]');
      if (heading) action.setAttribute('aria-label', `${action.textContent} ${heading.textContent}`);
    }
  };
  name(document);

  // A swapped part keeps the keyboard focus and its open menu.
  let place = null;
  let opened = null;

  // A toggled switch has another URL.
  const nameOf = (element) => element.getAttribute('href') ??
    element.closest('form')?.getAttribute('action')?.replace(/\/(de)?activate$/, '') ?? '';
  const keyOf = (row) => row?.querySelector('th code')?.textContent;
  const rowOf = (part, key) => [...part.querySelectorAll('tr')].find((row) => keyOf(row) === key);

  function placeOf(element) {
    const row = element.closest('tr');
    return {
      id: element.id, name: nameOf(element), key: keyOf(row), index: row?.rowIndex, toggles: element.matches('.switch'),
    };
  }

  // The same element; else the row's switch or first action; else the row that took
  // its place; else the heading.
  function successorOf({ id, name, key, index, toggles }, part) {
    const rows = part.querySelectorAll('tr');
    const row = key && rowOf(part, key);
    const action = 'a, button:not(:disabled)';
    return (id && document.getElementById(id)) ||
      (toggles && row?.querySelector('.switch')) ||
      (name && [...part.querySelectorAll('a, button:not(.switch)')].find((element) => nameOf(element) === name)) ||
      row?.querySelector(action) ||
      rows[index]?.querySelector(action) ||
      part.closest('dialog')?.querySelector('.dialog-title') ||
      document.getElementById('main');
  }

  // A button with a pending response may be disabled, which removes the focus.
  document.addEventListener('htmx:beforeSwap', ({ detail: { target, requestConfig } }) => {
    const waiting = requestConfig.triggeringEvent?.submitter;
    const focused = document.activeElement === document.body && waiting ? waiting : document.activeElement;
    const lost = target.contains(focused) || focused.closest('#notice');
    place = lost ? placeOf(focused) : null;
    opened = keyOf(target.querySelector('tr:has(.menu:popover-open)'));
  });
  document.addEventListener('htmx:afterSwap', ({ detail: { target } }) => {
    const part = target.isConnected ? target : document.getElementById(target.id);
    if (!part) return;
    name(part);
    const more = opened && rowOf(part, opened)?.querySelector('[popovertarget]');
    if (more) more.popoverTargetElement.showPopover({ source: more });
    if (place && document.activeElement === document.body) successorOf(place, part)?.focus({ preventScroll: true });
  });
})();
