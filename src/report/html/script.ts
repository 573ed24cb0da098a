/** What makes reading easier where scripts may run; everything is there without it. */
export const SCRIPT = `
'use strict';
for (const box of document.querySelectorAll('.command')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Copy';
  box.append(button);
}
document.addEventListener('click', async ({ target }) => {
  const box = target.closest('.command button')?.parentElement;
  if (!box) return;
  const text = box.firstChild.data;
  try {
    await navigator.clipboard.writeText(text);
    target.textContent = 'Copied';
  } catch {
    getSelection().selectAllChildren(box);
    target.textContent = 'Selected';
  }
});
const filter = document.querySelector('.filter');
if (filter) {
  const groups = [...document.querySelectorAll('.group')];
  const told = filter.querySelector('output');
  filter.hidden = false;
  filter.querySelector('input').addEventListener('input', ({ target }) => {
    const wanted = target.value.trim().toLowerCase();
    let shown = 0;
    for (const group of groups) {
      const head = group.querySelector('h3').textContent + group.querySelector('.check').textContent;
      const fits = head.toLowerCase().includes(wanted);
      const findings = [...group.querySelectorAll('.finding')];
      for (const one of findings) one.hidden = !fits && !one.textContent.toLowerCase().includes(wanted);
      const left = findings.filter((one) => !one.hidden).length;
      group.hidden = left === 0;
      shown += left;
    }
    told.textContent = wanted === '' ? '' : shown + ' shown';
  });
}
let folded = [];
addEventListener('beforeprint', () => {
  folded = [...document.querySelectorAll('details:not([open])')];
  for (const one of folded) one.open = true;
});
addEventListener('afterprint', () => {
  for (const one of folded) one.open = false;
});
`;
