// Builds ../bundle from src: the same sources give the same bytes. With --tests it builds the tests instead, into .tests.

import { build } from "esbuild";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

process.chdir(dirname(fileURLToPath(import.meta.url)));

// What packages leave out: their repositories have it.
const missing = { "@skyra/discord-components-core": "licences/discord-components-core.txt" };

// The pictures of clans are most of what Discord's components weigh. Nobody who relays alarms is in one.
const withoutClans = {
  name: "without clans",
  setup(build) {
    build.onLoad({ filter: /svgs\/clan-icons\/[A-Z]\w+\.js$/ }, () => ({ contents: "export default () => undefined;" }));
  },
};

if (process.argv.includes("--tests")) {
  await tests();
} else {
  await bundle("../bundle");
}

async function bundle(folder) {
  const { metafile, outputFiles } = await build({
    entryPoints: { page: "src/main.ts" },
    outdir: folder,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "none", // LICENSES.txt has them whole
    loader: { ".svg": "dataurl" },
    alias: { "lit/directives/style-map.js": "./src/discord/stylemap.ts" },
    plugins: [withoutClans],
    metafile: true,
    write: false,
    logLevel: "warning",
  });
  const licences = await licencesOf(Object.keys(metafile.inputs));
  await rm(folder, { recursive: true, force: true }); // not before all has come out well: what is there is embedded in the command
  await mkdir(folder, { recursive: true });
  await copyFile("src/index.html", join(folder, "index.html"));
  await writeFile(join(folder, "LICENSES.txt"), licences);
  for (const { path, contents } of outputFiles) {
    await writeFile(path, contents);
    console.log(path, contents.length);
  }
}

// licencesOf returns the licence of every package that a bundle has something of.
async function licencesOf(inputs) {
  const names = new Set(inputs.map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter(Boolean));
  const parts = ["What page.js and page.css are made of, besides alarmrelay itself."];
  for (const name of [...names].sort()) {
    const folder = join("node_modules", name);
    const about = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).sort().find((f) => /^(licen[cs]e|copying)/i.test(f));
    if (!file && !missing[name]) throw new Error(`${name} comes without its licence`);
    const text = (await readFile(file ? join(folder, file) : missing[name], "utf8")).replaceAll("\r\n", "\n").trim();
    parts.push(`${name} ${about.version} (${about.license})\n\n${text}`);
  }
  return parts.join(`\n\n${"-".repeat(80)}\n\n`) + "\n";
}

async function tests() {
  await rm(".tests", { recursive: true, force: true });
  const files = (await readdir("test")).filter((f) => f.endsWith(".test.ts")).map((f) => join("test", f));
  await build({ entryPoints: files, outdir: ".tests", bundle: true, platform: "node", format: "esm", outExtension: { ".js": ".mjs" }, logLevel: "warning" });
}
