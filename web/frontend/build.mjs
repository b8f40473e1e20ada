// Bundles the pages' scripts and styles into ../static/dist and writes manifest.json: plain name -> hashed name.
// Everything a page needs comes out of here, so that no page asks another host for anything.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const dist = resolve(here, "../static/dist");
const development = process.argv.includes("--watch");

/** One SVG file with the icons named in icons.json, so that a page draws them with <use>. */
async function iconSprite() {
  const names = JSON.parse(await readFile(join(here, "icons.json"), "utf8"));
  const symbols = await Promise.all(
    names.map(async (name) => {
      const svg = await readFile(join(here, "node_modules/@tabler/icons/icons/outline", `${name}.svg`), "utf8");
      const inner = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>")).trim();
      return `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`;
    }),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
}

async function writeHashed(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  const [stem, extension] = name.split(".");
  const file = `${stem}-${hash}.${extension}`;
  await writeFile(join(dist, file), content);
  return file;
}

/** A packed copy beside each text file: the server hands it out as it is. */
async function pack(files) {
  for (const file of files.filter((name) => /\.(js|css|svg)$/.test(name))) {
    await replace(`${file}.gz`, await promisify(gzip)(await readFile(join(dist, file)), { level: 9 }));
  }
}

/** Writes a file at once: a running server never reads half of it. */
async function replace(file, content) {
  await writeFile(join(dist, `${file}.new`), content);
  await rename(join(dist, `${file}.new`), join(dist, file));
}

/** Old bundles go last, when no page names them any more. */
async function removeOthers(files) {
  const kept = new Set(["manifest.json", ...files, ...files.map((file) => `${file}.gz`)]);
  for (const file of await readdir(dist)) if (!kept.has(file)) await rm(join(dist, file), { recursive: true, force: true });
}

/** Plain names of the entry points, as templates know them, to the hashed names that esbuild chose. */
function entryNames(metafile) {
  const names = {};
  for (const [path, output] of Object.entries(metafile.outputs)) {
    if (!output.entryPoint) continue;
    const plain = basename(output.entryPoint);
    names[plain] = basename(path);
  }
  return names;
}

const options = {
  absWorkingDir: here,
  entryPoints: ["src/watch.js", "src/app.js", "src/task.js", "src/diagram.js", "src/playback.js", "src/charts.js", "src/workshop.js", "src/trial.js", "src/compare.js", "styles/app.css", "styles/task.css", "styles/grid.css", "styles/diagram.css", "styles/playback.css", "styles/charts.css", "styles/workshop.css", "styles/trial.css", "styles/compare.css"],
  alias: { domify: "./src/workshop/domify.js" },
  bundle: true,
  format: "esm",
  splitting: true,
  target: ["es2022"],
  minify: !development,
  sourcemap: development,
  metafile: true,
  outdir: dist,
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff": "file", ".woff2": "file", ".ttf": "file", ".eot": "empty", ".svg": "dataurl" },
  legalComments: "linked",
  logLevel: "warning",
};

/** CodeMirror would write its styles into the page, which no page allows; as sheets made by script they are no mark-up. */
const styleSheets = {
  name: "style sheets",
  setup(build) {
    build.onLoad({ filter: /style-mod\/src\/style-mod\.js$/ }, async ({ path }) => {
      const [asked, wanted] = ["if (!root.head && root.adoptedStyleSheets", "if (root.adoptedStyleSheets"];
      const source = await readFile(path, "utf8");
      if (!source.includes(asked)) throw new Error("style-mod asks otherwise now where it may write its styles");
      return { contents: source.replace(asked, wanted), loader: "js" };
    });
  },
};

const manifest = {
  name: "manifest",
  setup(build) {
    build.onEnd(async (result) => {
      if (result.errors.length) return;
      const names = entryNames(result.metafile);
      names["icons.svg"] = await writeHashed("icons.svg", await iconSprite());
      const made = [...Object.keys(result.metafile.outputs).map((path) => basename(path)), names["icons.svg"]];
      if (!development) await pack(made);
      await replace("manifest.json", `${JSON.stringify(names, null, 2)}\n`);
      await removeOthers(made);
      console.log(`${Object.keys(names).length} entries in web/static/dist`);
    });
  },
};

await mkdir(dist, { recursive: true });
const context = await esbuild.context({ ...options, plugins: [styleSheets, manifest] });
if (development) await context.watch();
else {
  await context.rebuild();
  await context.dispose();
}
