// Before anything is painted: light or dark, as the reader chose or the system says; site.js does the rest.
{
  let wish;
  try {
    wish = localStorage.getItem("shinchoku.scheme");
  } catch {} // where pages may store nothing, reading throws
  if (wish === "dark" || (wish !== "light" && matchMedia("(prefers-color-scheme: dark)").matches)) {
    document.documentElement.dataset.mdColorScheme = "slate";
  }
}
