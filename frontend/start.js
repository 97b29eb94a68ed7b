// Loads the page's program. A file of its own, because the content security policy allows
// no script inside index.html.
import init from "./frontend.js";

try {
  await init({ module_or_path: "./frontend_bg.wasm" });
} catch (problem) {
  console.error(problem);
  document.getElementById("not-started")?.removeAttribute("hidden");
}
