// Dialogs. The server answers a <dialog data-dialog> into #dialog and pushes
// its address; without this it is a page at the same address.
(() => {
  'use strict';

  const address = () => location.pathname + location.search;

  let behind = address(); // of the page under the dialog
  let pushes = 0; // history entries on top of that
  let returning = false; // to behind; the address is the dialog's until popstate
  let stale = false; // the page behind shows what is no longer so
  let current = null; // the open dialog
  let trigger = null; // what opened the first one, and gets the focus back
  let title = document.title; // of the page under the dialog

  const editable = 'input:not([type="hidden"], :disabled, .eye > *), textarea:not(:disabled)';

  function show(dialog, request) {
    if (!current && request) {
      trigger = request.triggeringEvent?.submitter ?? request.elt;
      title = document.title;
    }
    current = dialog;
    const heading = dialog.querySelector('.dialog-title');
    document.title = `${heading.textContent} · ${title.split(' · ').pop()}`;
    stale ||= dialog.hasAttribute('data-changed');
    dialog.showModal();
    (dialog.querySelector('[aria-invalid="true"]') ??
      dialog.querySelector('[autofocus]') ??
      dialog.querySelector(editable) ??
      heading)?.focus();
    if (stale) refresh();
  }

  // The list behind is brought up to date under a dialog that has changed it.
  let refreshing = false;
  let made = ''; // the address of a key whose row is to have the focus once it is there
  function refresh() {
    const list = document.querySelector('[data-fresh]');
    if (!list || refreshing) return;
    refreshing = true;
    const finish = (failed) => {
      refreshing = false;
      if (!current) linkTo(made)?.focus();
      stale = failed && current !== null; // closing loads the page anew then
      if (failed && !current) location.reload();
    };
    window.htmx.ajax('GET', list.dataset.fresh, { source: list, target: list, swap: 'outerHTML' })
      .then(() => finish(false), () => finish(true));
  }

  // The page behind is loaded anew, in place of the dialog's entry: going back
  // from it must not lead to an address whose question has been answered.
  function reload(dialog) {
    const to = new URL(dialog.dataset.closeTo || behind, location.href);
    location.replace(to.origin === location.origin ? to.href : behind);
  }

  const linkTo = (href) => (href ? document.querySelector(`main a[href="${CSS.escape(href)}"]`) : null);

  // A list that was refreshed meanwhile has another element in the same place.
  function successor(element) {
    if (!element || element.isConnected) return element;
    if (element.id) return document.getElementById(element.id);
    return linkTo(element.getAttribute('href')) ?? document.querySelector(`[data-key="${element.closest('tr')?.dataset.key}"] .switch`);
  }

  // What stands in a menu cannot have the focus once that is closed; its button can.
  function reachable(element) {
    const menu = element?.closest('[popover]:not(:popover-open)');
    return menu && !element.checkVisibility() ? document.querySelector(`[popovertarget="${menu.id}"]`) : element;
  }

  // After a key was made, its row gets the focus: that is where it goes on.
  function giveFocusBack(about) {
    made = refreshing && about;
    (reachable(linkTo(about) ?? successor(trigger)) ?? document.getElementById('main')).focus();
    trigger = null;
  }

  // Closing takes the dialog's own entries off the history, so that Back never
  // has to be pressed for nothing.
  function restoreAddress() {
    if (address() === behind) return;
    returning = pushes > 0;
    if (returning) history.go(-pushes);
    else history.replaceState(history.state, '', behind);
    pushes = 0;
  }

  function dismiss(dialog) {
    const about = dialog.hasAttribute('data-changed') && address();
    current = null;
    document.title = title;
    dialog.close();
    // A request from it may be on its way, and htmx answers what is in the page
    // alone.
    if (dialog.querySelector('.htmx-request')) document.body.append(dialog);
    else dialog.remove();
    giveFocusBack(about);
  }

  const requests = new Map(); // request → the dialog that it was sent from

  // While a change is on its way its dialog stays: what it comes to has to be
  // read. Only Back leads away, and then the page behind says it.
  const changing = (dialog) => dialog.hasAttribute('data-changing');

  function hold(dialog, held) {
    dialog.toggleAttribute('data-changing', held);
    if (held) dialog.setAttribute('closedby', 'none');
    else dialog.removeAttribute('closedby');
    for (const way of dialog.querySelectorAll('a[data-close], a[data-open]')) way.ariaDisabled = held || null;
  }

  document.addEventListener('htmx:beforeRequest', ({ detail: { elt, xhr, requestConfig } }) => {
    if (!current?.contains(elt)) return;
    requests.set(xhr, current);
    if (requestConfig.verb !== 'get') hold(current, true);
  });
  document.addEventListener('htmx:afterRequest', ({ detail: { xhr, requestConfig } }) => {
    const dialog = requests.get(xhr);
    requests.delete(xhr);
    if (dialog !== current) dialog?.remove();
    else if (requestConfig.verb !== 'get') hold(dialog, false);
  });

  // What answers a dialog that was left is no dialog any more: what was done is
  // on the list, with a notice; what was refused is a notice; and what was only
  // asked for does not open it again.
  document.addEventListener('htmx:beforeSwap', (event) => {
    const { xhr, serverResponse } = event.detail;
    const dialog = requests.get(xhr);
    if (!dialog || dialog === current || !serverResponse.includes('data-dialog')) return;
    event.detail.shouldSwap = false;
    if (xhr.status < 400) {
      refresh();
      return;
    }
    const answer = new DOMParser().parseFromString(serverResponse, 'text/html');
    const message = answer.querySelector('.message') ?? answer.querySelector('.error');
    const area = document.querySelector('dialog[open] [data-notice]') ?? document.getElementById('notice');
    if (message) area.replaceChildren(document.importNode(message, true));
  });

  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && current && changing(current)) event.preventDefault();
  }, true);
  document.addEventListener('cancel', (event) => {
    if (event.target === current && changing(current)) event.preventDefault();
  }, true);

  document.addEventListener('htmx:pushedIntoHistory', () => { pushes += 1; });

  document.addEventListener('htmx:afterSwap', (event) => {
    const fresh = document.querySelector('dialog[data-dialog]:not([open])');
    if (fresh && fresh.parentElement.id === 'dialog') {
      show(fresh, event.detail.requestConfig);
    } else if (current?.contains(event.detail.requestConfig.elt) && !current.contains(event.target)) {
      stale = false; // what was asked for in the dialog was done, and the page has it
      hold(current, false);
      current.close();
    } else if (!returning && !document.querySelector('#dialog dialog')) {
      current = null;
      behind = address();
      pushes = 0;
    }
  });

  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-close]');
    if (!link || !current?.contains(link)) return;
    event.preventDefault();
    if (!changing(current)) current.close();
  });

  // Escape, Cancel and the cross all end here. A browser may close a dialog that
  // asked it not to: it is opened again.
  document.addEventListener('close', (event) => {
    if (event.target !== current) return;
    if (changing(current)) {
      current.showModal();
      return;
    }
    if (stale && !refreshing) {
      reload(current);
      return;
    }
    dismiss(current);
    restoreAddress();
  }, true);

  // Back from a dialog to the page that is still there needs no request. This
  // comes before htmx's own listener, which loads any other address.
  window.addEventListener('popstate', (event) => {
    returning = false;
    if (address() !== behind) return;
    event.stopImmediatePropagation();
    pushes = 0;
    if (current) dismiss(current);
    if (stale && !refreshing) location.reload();
  }, true);
})();
