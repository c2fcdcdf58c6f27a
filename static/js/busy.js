// A change is asked for once: while its answer is awaited, its button or link
// does nothing more. Whatever is awaited, what was pressed is busy, and the live region
// says what goes on. How that looks is a matter of style.
(() => {
  'use strict';

  const pending = new Map(); // request, or followed link or form → what was pressed
  const leaveTimeout = 30000; // ms after which a page is taken to stay
  const wordsDelay = 200; // ms before a wait is announced: an answer may come first
  const page = document.querySelector('[data-status]');

  // Screen readers read the live region that is not inert: a dialog's own, else
  // the page's.
  function announce(text) {
    (document.querySelector('dialog[open] [data-status]') ?? page).textContent = text;
  }

  // A button that changes something carries the words for meanwhile, or its form does.
  function start(element) {
    const focused = document.activeElement === element;
    const { dataset: { busy }, form } = element;
    const label = form && busy && [...element.childNodes];
    if (label) element.replaceChildren(busy);
    element.ariaBusy = element.disabled = true; // of a link, the latter means nothing
    return { element, focused, label, timer: setTimeout(announce, wordsDelay, busy ?? form?.dataset.busy ?? page.dataset.status) };
  }

  function end(key) {
    const pressed = pending.get(key);
    pending.delete(key);
    if (!pressed) return;
    const { element, focused, label, timer } = pressed;
    clearTimeout(timer);
    announce('');
    element.ariaBusy = null;
    element.disabled = false;
    if (label) element.replaceChildren(...label);
    // Disabling took the focus away; an answer may have put it elsewhere since.
    if (focused && element.isConnected && document.activeElement === document.body) {
      element.focus();
    }
  }

  document.addEventListener('htmx:beforeRequest', ({ detail: { elt, xhr, requestConfig: { triggeringEvent } } }) => {
    if (triggeringEvent) pending.set(xhr, start(triggeringEvent.submitter ?? elt));
  });
  document.addEventListener('htmx:afterRequest', (event) => end(event.detail.xhr));

  // Before htmx sees it: it would keep a second click for later. A link that the browser
  // follows can be followed again.
  document.addEventListener('click', (event) => {
    const pressed = event.target.closest('[aria-busy="true"]:is(a, button)');
    if (!pressed || pending.has(pressed)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  function leave(followed, pressed) {
    pending.set(followed, pressed && start(pressed));
    setTimeout(end, leaveTimeout, followed);
  }

  // A link that leads to another page, in place of this one.
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a:not([download])');
    if (!link || event.defaultPrevented) return;
    const samePage = link.hash && link.href.split('#')[0] === location.href.split('#')[0];
    if (!samePage && link.protocol !== 'mailto:') leave(link, link);
  });

  // The button is disabled after the form's data have been taken, for it is
  // part of them.
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (pending.has(form)) {
      event.preventDefault();
      return;
    }
    pending.set(form);
    setTimeout(leave, 0, form, event.submitter ?? form.querySelector('button:not([type="button"])'));
  });

  // A page that comes back from the browser's cache leads nowhere any more.
  addEventListener('pageshow', (event) => {
    if (event.persisted) for (const key of pending.keys()) end(key);
  });
})();
