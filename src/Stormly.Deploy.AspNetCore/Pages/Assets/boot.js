// Runs before anything is drawn: says that there is script, and sets the theme that was chosen here before.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const theme = localStorage.getItem("stormly-theme");
    if (theme === "light" || theme === "dark") {
      root.dataset.theme = theme;
    }
  } catch {
    // Storage is forbidden: the system's theme stands.
  }
})();
