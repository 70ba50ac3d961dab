"""What a page does by itself: it searches, and folds. The page is whole without it."""

from __future__ import annotations

SCRIPT = r"""
'use strict';
const bar = document.querySelector('.bar'), box = bar.querySelector('input'), told = bar.querySelector('output');
const blocks = [...document.querySelectorAll('.block')], all = [...document.querySelectorAll('details')];
const first = all.map((one) => one.open), most = 2000;
let marks = [], here = -1, timer = 0;
function fold(open) { for (const one of all) one.open = open; }
function clear() {
  for (const mark of marks) { const parent = mark.parentNode; mark.replaceWith(mark.firstChild); parent.normalize(); }
  marks = []; here = -1;
}
function markIn(block, wanted) {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT), nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  for (let node of nodes) {
    let found = find(node.data, wanted, 0);
    while (found >= 0 && marks.length < most) {
      const hit = node.splitText(found), mark = document.createElement('mark');
      node = hit.splitText(wanted.length);
      hit.replaceWith(mark); mark.append(hit); marks.push(mark);
      for (let up = mark.parentElement; up !== document.body; up = up.parentElement)
        if (up.tagName === 'DETAILS') up.open = true;
      found = find(node.data, wanted, 0);
    }
  }
}
function find(text, wanted, from) {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower.indexOf(wanted.toLowerCase(), from) : text.indexOf(wanted, from);
}
function search() {
  clearTimeout(timer);
  timer = 0;
  clear();
  const wanted = box.value.trim();
  let shown = 0;
  for (const block of blocks) {
    const fits = !wanted || find(block.textContent, wanted, 0) >= 0;
    block.classList.toggle('out', !fits);
    if (fits) shown += 1;
    if (fits && wanted) markIn(block, wanted);
  }
  if (!wanted) all.forEach((one, index) => { one.open = first[index]; });
  told.textContent = wanted ? `${shown} of ${blocks.length} parts` : '';
}
function go(by) {
  if (!marks.length) return;
  if (here >= 0) marks[here].classList.remove('here');
  here = (here + by + marks.length) % marks.length;
  marks[here].classList.add('here');
  marks[here].scrollIntoView({block: 'center'});
  told.textContent = `${here + 1} of ${marks.length}${marks.length === most ? ' or more' : ''}`;
}
box.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(search, 120); });
box.addEventListener('keydown', (event) => {
  if (event.key === 'Enter') { event.preventDefault(); if (timer) search(); go(event.shiftKey ? -1 : 1); }
  if (event.key === 'Escape') { box.value = ''; search(); box.blur(); }
});
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.target === box || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  box.focus();
});
bar.querySelector('.open').addEventListener('click', () => fold(true));
bar.querySelector('.shut').addEventListener('click', () => fold(false));
addEventListener('beforeprint', () => fold(true));
bar.hidden = false;
""".strip()
"""It makes no markup of text, asks nobody for anything, and keeps nothing."""
