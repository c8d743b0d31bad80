// Builds static_built/ from assets/ and the npm packages, and fails rather than ship a page that is heavier than
// 4.2 of the screens paper allows, or one that fetches anything from another machine.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { compile } from "sass";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, "static_built");
const KB = 1024;

function write(name, text) {
  const path = join(out, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  const size = gzipSync(text, { level: 9 }).length;
  console.log(`${name.padEnd(16)} ${(size / KB).toFixed(2)} KB gzipped`);
  return size;
}

function style(name, budget) {
  const { css } = compile(join(root, `assets/scss/${name}.scss`), {
    loadPaths: [join(root, "node_modules")],
    style: "compressed",
    quietDeps: true,
  });
  if (/url\(|@font-face|@import/.test(css)) throw new Error(`${name}.css would fetch something`);
  if (write(`css/${name}.css`, css) > budget) throw new Error(`${name}.css is over its budget of ${budget} bytes`);
}

// The scripts are plain enough that dropping comment lines and indents is all the shrinking they need.
function script(name) {
  const lines = readFileSync(join(root, `assets/js/${name}.js`), "utf8").split("\n");
  const kept = lines.map((line) => line.trim()).filter((line) => line && !line.startsWith("//"));
  return write(`js/${name}.js`, kept.join("\n"));
}

rmSync(out, { recursive: true, force: true });
style("person", 8 * KB);
style("team", 8 * KB);
if (script("leave") + script("page") > 3 * KB) throw new Error("the scripts are over their budget of 3 KB");

cpSync(join(root, "assets/door.svg"), join(out, "door.svg"));

// For the PDF alone: a browser never asks for these. Paper must look the same everywhere, in every script people write.
const paper = {
  "atkinson-hyperlegible": ["latin-400-normal", "latin-700-normal", "latin-ext-400-normal", "latin-ext-700-normal"],
  "vazirmatn": ["arabic-400-normal", "arabic-700-normal", "latin-ext-400-normal", "latin-ext-700-normal"], // ŵ and ŷ
  "noto-emoji": ["emoji-400-normal"],
};
// Words that people write here in other letters (see SCRIPTS in cases/pdf.py). Cyrillic and Chinese are on the machine: docker/.
for (const script of ["bengali", "devanagari", "ethiopic", "gujarati", "gurmukhi", "tamil"]) {
  paper[`noto-sans-${script}`] = [`${script}-400-normal`];
}
for (const [font, cuts] of Object.entries(paper)) {
  const from = join(root, "node_modules/@fontsource", font);
  for (const cut of cuts) cpSync(join(from, "files", `${font}-${cut}.woff2`), join(out, "pdf", `${font}-${cut}.woff2`));
  cpSync(join(from, "LICENSE"), join(out, "pdf", `${font}-LICENSE`));
}
