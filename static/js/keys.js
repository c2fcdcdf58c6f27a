// Lists of keys. Each row gets a menu of what the page's template offers, in place of
// the link that shows it without a script; and the whole key, which it has once.
(() => {
  'use strict';

  const attributes = (element, values) => {
    for (const [name, value] of Object.entries(values)) element.setAttribute(name, value);
    return element;
  };

  function buildMenu(link, row, address) {
    const id = `menu-${row.rowIndex}`;
    const menu = attributes(document.createElement('div'), { id, class: 'menu', popover: '' });
    const offered = row.dataset.actions?.split(' ');
    menu.append(document.getElementById('actions').content.cloneNode(true));
    for (const action of menu.querySelectorAll('a')) {
      if (offered && !offered.includes(action.dataset.action)) action.remove();
      else action.href = `${address}/${action.dataset.action}`;
    }
    link.replaceWith(attributes(document.createElement('button'), {
      type: 'button', class: link.className, popovertarget: id, 'aria-labelledby': link.getAttribute('aria-labelledby'),
    }), menu);
  }

  const build = () => {
    const list = document.getElementById('keys')?.dataset.fresh.split('?')[0];
    for (const row of document.querySelectorAll('tr[data-key]')) {
      row.dataset.key ||= row.querySelector('a.button')?.pathname.split('/').pop() ?? '';
      const link = row.querySelector('a.i-more');
      if (link) buildMenu(link, row, `${list}/${row.dataset.key}`);
    }
  };
  build();
  document.addEventListener('htmx:afterSwap', build);
})();
