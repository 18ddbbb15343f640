// Sets the chosen colours before the page is drawn; without a choice they are those of the device.
"use strict";
try {
  const theme = localStorage.getItem("arsearch-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch { /* storage is switched off */ }
