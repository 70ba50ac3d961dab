// What is wrong with a page: where it is wider than the window, and text whose contrast is below WCAG AA. The site's
// pages share all but their article: so one page is loaded, and the articles of the others take its place in turn.

(() => {
  const colours = new Map();
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });

  // A colour of CSS, in whatever form, as red, green, blue and alpha.
  function parsed(css) {
    if (!colours.has(css)) {
      context.clearRect(0, 0, 1, 1);
      context.fillStyle = css;
      context.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
      colours.set(css, [red, green, blue, alpha / 255]);
    }
    return colours.get(css);
  }

  function over(front, back) {
    const alpha = front[3];
    return [0, 1, 2].map((index) => front[index] * alpha + back[index] * (1 - alpha)).concat(1);
  }

  function luminance(colour) {
    const [red, green, blue] = colour.map((part) => {
      const value = part / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  function ratio(one, other) {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }

  function ground(element, grounds) {
    if (element === null) return [255, 255, 255, 1];
    if (!grounds.has(element)) {
      const own = parsed(getComputedStyle(element).backgroundColor);
      grounds.set(element, own[3] === 1 ? own : over(own, ground(element.parentElement, grounds)));
    }
    return grounds.get(element);
  }

  function opacity(element) {
    let found = 1;
    for (let one = element; one; one = one.parentElement) found *= Number(getComputedStyle(one).opacity);
    return found;
  }

  function where(element) {
    const path = [];
    for (let one = element; one && path.length < 6; one = one.parentElement) {
      path.unshift(one.tagName.toLowerCase() + [...one.classList].map((name) => `.${name}`).join(""));
    }
    return path.join(" > ");
  }

  // Elements of like tags and classes in like places have one number.
  const places = new Map();
  const placed = new WeakMap();

  function place(element) {
    if (element === null || element === document.body) return 0;
    if (!placed.has(element)) {
      const key = `${place(element.parentElement)} ${element.tagName} ${element.className}`;
      if (!places.has(key)) places.set(key, places.size + 1);
      placed.set(element, places.get(key));
    }
    return placed.get(element);
  }

  // The first element with text of its own for each place that is not among those known.
  function fresh(root, known) {
    const found = [];
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const element = text.parentElement;
      if (known.has(place(element)) || !text.data.trim() || element.closest("svg, script, style, template")) continue;
      if (!element.getClientRects().length) continue;
      known.add(place(element));
      found.push([element, text.data.trim().slice(0, 30)]);
    }
    return found;
  }

  // What is wrong with the texts of elements.
  function contrast(elements) {
    const grounds = new Map();
    const found = [];
    for (const [element, text] of elements) {
      const style = getComputedStyle(element);
      if (style.visibility === "hidden") continue;
      const back = ground(element, grounds);
      const colour = parsed(style.color);
      const shown = over([colour[0], colour[1], colour[2], colour[3] * opacity(element)], back);
      const size = parseFloat(style.fontSize);
      const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      const measured = ratio(shown, back);
      if (measured < (large ? 3 : 4.5)) found.push(`${measured.toFixed(2)} ${where(element)}: ${text}`);
    }
    return found;
  }

  // What scrolls within itself: only its own box has to fit.
  const SCROLLS = "pre, .table-wrapper, textarea";

  // The elements that reach beyond the window.
  function wide(root) {
    const room = document.documentElement.clientWidth;
    const found = [];
    const elements = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT, (element) => {
      const box = element.getBoundingClientRect();
      if (box.width && box.right > room + 1 && box.left < room) found.push(element);
      const kept = element.matches(SCROLLS) && ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
      return kept ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT;
    });
    while (elements.nextNode());
    const width = document.documentElement.scrollWidth;
    return found.length || width > room ? [`${width}: ${found.map(where).slice(0, 3).join(", ")}`] : [];
  }

  async function put(address) {
    const page = new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html");
    const article = page.querySelector("article");
    if (!article) throw new Error(`${address} has no article`);
    document.querySelector("article").replaceWith(document.adoptNode(article));
    return article;
  }

  async function all(addresses) {
    const found = { wide: [], light: [], dark: [] };
    const known = new Set();
    let texts = 0;
    for (const address of addresses) {
      const article = await put(address);
      const add = (kind) => (problem) => found[kind].push(`${address}: ${problem}`);
      texts += article.textContent.length;
      wide(article).forEach(add("wide"));
      const elements = fresh(article, known);
      if (elements.length) {
        for (const theme of ["dark", "light"]) {
          document.body.dataset.theme = theme;
          contrast(elements).forEach(add(theme));
        }
      }
    }
    return { ...found, texts, places: known.size };
  }

  window.audit = {
    contrast: () => contrast(fresh(document.body, new Set())),
    wide: () => wide(document.querySelector("article, main")),
    all,
  };
})();
