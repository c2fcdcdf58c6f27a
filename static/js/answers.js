// Where answers go that are no success: a form to correct, or to send again
// once the API is back, replaces the form; everything else is a notice where it
// can be read.
(() => {
  'use strict';

  // What nobody asked for, a list looking after itself, is marked data-quiet:
  // when it fails it says so on its page, and interrupts nobody.
  function place(request) {
    const quiet = request.elt.hasAttribute('data-quiet');
    const area = (!quiet && document.querySelector('dialog[open] [data-notice]')) ||
      document.getElementById('notice');
    area.setAttribute('role', quiet ? 'status' : 'alert');
    area.setAttribute('data-placed', '');
    return area;
  }

  function reveal(area) {
    if (area.getAttribute('role') === 'alert') area.scrollIntoView({ block: 'nearest' });
  }

  // No answer, or one that is not from the console: the words wait in the page.
  function lost(event) {
    const area = place(event.detail.requestConfig);
    area.replaceChildren(document.getElementById('notice-lost').content.cloneNode(true));
    reveal(area);
  }

  document.addEventListener('htmx:beforeSwap', (event) => {
    const answer = event.detail;
    if (answer.xhr.status < 400 || answer.xhr.status === 422) return;
    answer.isError = false; // dealt with here; else htmx writes it to the console
    if (answer.serverResponse.includes('data-dialog')) return;
    if (!answer.serverResponse.includes('id="notice"')) {
      answer.shouldSwap = false;
      lost(event);
      return;
    }
    answer.shouldSwap = true;
    answer.target = place(answer.requestConfig);
    answer.swapOverride = 'innerHTML';
    answer.selectOverride = '#notice > *';
  });
  document.addEventListener('htmx:afterSwap', (event) => {
    if (event.target.matches('[data-placed]')) reveal(event.target);
  });
  // What was refused may be so because the list is out of date.
  document.addEventListener('htmx:afterRequest', ({ detail: { xhr, requestConfig } }) => {
    const list = document.querySelector('[data-fresh]');
    if (!list || requestConfig.verb === 'get' || (xhr.status !== 404 && xhr.status !== 409)) return;
    window.htmx.ajax('GET', list.dataset.fresh, { source: list, target: list, swap: 'outerHTML' }).catch(() => {});
  });
  document.addEventListener('htmx:sendError', lost);
  document.addEventListener('htmx:timeout', lost);

  // What a script put there is about the last try, and over with the next.
  document.addEventListener('htmx:beforeRequest', (event) => {
    const cause = event.detail.requestConfig.triggeringEvent?.type;
    if (cause !== 'click' && cause !== 'submit') return;
    for (const area of document.querySelectorAll('[data-placed]')) {
      area.replaceChildren();
      area.removeAttribute('data-placed');
      area.setAttribute('role', 'status');
    }
  });
})();
