// Small repairs of the theme's accessibility; every page reads and works without them.
// Written as one function so that nothing leaks into the page.
(() => {
  // A region that shows all it holds needs no stop for the keyboard.
  const regions = document.querySelectorAll(".table-scroll, .md-typeset__scrollwrap, .page pre");
  const update = (region) => {
    const scrolls = region.scrollWidth > region.clientWidth;
    region.toggleAttribute("tabindex", scrolls);
    if (scrolls) region.tabIndex = 0;
  };
  const observer = new ResizeObserver((entries) => entries.forEach((entry) => update(entry.target)));
  regions.forEach((region) => observer.observe(region));
})();
