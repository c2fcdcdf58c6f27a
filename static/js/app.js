// Enhancements of every page. Except for the clipboard, the console works without
// them, with links and forms.
(() => {
  'use strict';

  // The stylesheet shows what needs a script only with this class.
  document.documentElement.classList.add('js');

  // A link that is opened elsewhere, in a tab or as a file, is left to the browser.
  document.addEventListener('click', (event) => {
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (elsewhere && event.target.closest('a')) event.stopImmediatePropagation();
  }, true);

  // The user of a page in the back/forward cache may have signed out.
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });

  // Choosing a theme returns to the current URL, which a search may have changed.
  const loaded = location.href;
  document.addEventListener('submit', (event) => {
    if (!event.target.matches('form[action$="/account/preferences"]') || location.href === loaded) return;
    event.target.elements.back.value = location.pathname + location.search;
  });
})();
