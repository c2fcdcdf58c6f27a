// Dialogs. The server answers a <dialog data-dialog> into #dialog and pushes
// its address; without this it is a page at the same address.
(() => {
  'use strict';

  const address = () => location.pathname + location.search;

  let behind = address(); // of the page under the dialog
  let pushes = 0; // history entries on top of that
  let stale = false; // the page behind shows what is no longer so
  let current = null; // the open dialog
  let trigger = null; // what opened the first one, and gets the focus back

  const editable = 'input:not([type="hidden"], [readonly], :disabled, .secret-show), ' +
    'textarea:not([readonly], :disabled)';

  function show(dialog, request) {
    if (!current && request) {
      trigger = request.triggeringEvent?.submitter ?? request.elt;
    }
    current = dialog;
    stale ||= dialog.hasAttribute('data-changed');
    dialog.showModal();
    (dialog.querySelector('[aria-invalid="true"]') ??
      dialog.querySelector('[autofocus]') ??
      dialog.querySelector(editable) ??
      dialog.querySelector('.dialog-title'))?.focus();
  }

  // The page behind is loaded anew, in place of the dialog's entry: going back
  // from it must not lead to an address whose question has been answered.
  function reload(dialog) {
    const to = new URL(dialog.dataset.closeTo || behind, location.href);
    location.replace(to.origin === location.origin ? to.href : behind);
  }

  // A list that was refreshed meanwhile has another element in the same place.
  function successor(element) {
    if (!element || element.isConnected) return element;
    if (element.id) return document.getElementById(element.id);
    const href = element.getAttribute('href');
    return href && document.querySelector(`main a[href="${CSS.escape(href)}"]`);
  }

  function giveFocusBack() {
    (successor(trigger) || document.getElementById('main')).focus();
    trigger = null;
  }

  // Closing takes the dialog's own entries off the history, so that Back never
  // has to be pressed for nothing.
  function restoreAddress() {
    if (address() === behind) return;
    if (pushes > 0) history.go(-pushes);
    else history.replaceState(history.state, '', behind);
    pushes = 0;
  }

  function dismiss(dialog) {
    current = null;
    dialog.remove();
    giveFocusBack();
  }

  document.addEventListener('htmx:pushedIntoHistory', () => { pushes += 1; });

  document.addEventListener('htmx:afterSwap', (event) => {
    const fresh = document.querySelector('dialog[data-dialog]:not([open])');
    if (fresh) {
      show(fresh, event.detail.requestConfig);
    } else if (current?.contains(event.detail.requestConfig.elt) && !current.contains(event.target)) {
      stale = false; // what was asked for in the dialog was done, and the page has it
      current.close();
    } else if (!document.querySelector('dialog[data-dialog]')) {
      current = null;
      behind = address();
      pushes = 0;
    }
  });

  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-close]');
    if (!current || !link || !current.contains(link)) return;
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    current.close();
  });

  // Escape, Cancel and the cross all end here.
  document.addEventListener('close', (event) => {
    if (event.target !== current) return;
    if (stale) {
      reload(current);
      return;
    }
    dismiss(current);
    restoreAddress();
  }, true);

  // Back from a dialog to the page that is still there needs no request. This
  // comes before htmx's own listener, which loads any other address.
  window.addEventListener('popstate', (event) => {
    if (address() !== behind) return;
    event.stopImmediatePropagation();
    pushes = 0;
    if (stale) location.reload();
    else if (current) dismiss(current);
  }, true);
})();
