// What was asked for once is asked for once: while an answer is awaited, its
// button or link does nothing more. How that looks is a matter of style.
(() => {
  'use strict';

  const waiting = new Map(); // request → what started it
  const sent = new Set(); // plain forms that are on their way
  const giveUp = 30000; // ms after which a plain form may be sent again

  function start(element) {
    const focused = document.activeElement === element;
    element.setAttribute('aria-busy', 'true');
    if (element.matches('button')) element.disabled = true;
    return { element, focused };
  }

  function stop({ element, focused }) {
    element.removeAttribute('aria-busy');
    if (element.matches('button')) element.disabled = false;
    // Disabling took the focus away; an answer may have put it elsewhere since.
    if (focused && element.isConnected && document.activeElement === document.body) {
      element.focus();
    }
  }

  document.addEventListener('htmx:beforeRequest', (event) => {
    const { elt, xhr, requestConfig } = event.detail;
    const starter = requestConfig.triggeringEvent?.submitter ?? elt;
    if (starter.matches('a, button')) waiting.set(xhr, start(starter));
  });
  document.addEventListener('htmx:afterRequest', (event) => {
    const starter = waiting.get(event.detail.xhr);
    waiting.delete(event.detail.xhr);
    if (starter) stop(starter);
  });

  // Before htmx sees it: it would keep a second click for later.
  document.addEventListener('click', (event) => {
    if (!event.target.closest('[aria-busy="true"]:is(a, button)')) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  // The button is disabled after the form's data have been taken, for it is
  // part of them.
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.target) return;
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    sent.add(form);
    const button = event.submitter ?? form.querySelector('button:not([type="button"])');
    setTimeout(() => {
      const starter = button && start(button);
      setTimeout(() => {
        sent.delete(form);
        if (starter) stop(starter);
      }, giveUp);
    });
  });
})();
