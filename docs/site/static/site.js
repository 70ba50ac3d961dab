// What scrolls within itself can be scrolled by keyboard: it takes the focus, and says what it is. The buttons that copy have names.

const SCROLLED = [
  [".highlight pre", "code"],
  [".table-wrapper", "table"],
];

function mark() {
  for (const button of document.querySelectorAll("button.copybtn")) button.setAttribute("aria-label", "Copy");
  for (const [selector, name] of SCROLLED) {
    for (const element of document.querySelectorAll(selector)) {
      if (element.scrollWidth > element.clientWidth) {
        element.tabIndex = 0;
        element.setAttribute("role", "region");
        element.setAttribute("aria-label", name);
      } else {
        element.removeAttribute("tabindex");
        element.removeAttribute("role");
        element.removeAttribute("aria-label");
      }
    }
  }
}

addEventListener("DOMContentLoaded", mark);
addEventListener("load", mark);
addEventListener("resize", mark);
