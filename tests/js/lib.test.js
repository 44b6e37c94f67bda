import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const web = new URL("../../src/PlanTracker.Web/", import.meta.url);
const hashes = JSON.parse(readFileSync(new URL("wwwroot/lib/hashes.json", web), "utf8"));
const manifest = JSON.parse(readFileSync(new URL("libman.json", web), "utf8"));

test("every vendored file is the one that was taken from its package", () => {
  const lib = new URL("wwwroot/lib/", web);
  const found = readdirSync(lib, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "hashes.json")
    .map((entry) => relative(fileURLToPath(lib), join(entry.parentPath ?? entry.path, entry.name)).replaceAll("\\", "/"));
  assert.deepEqual(found.sort(), Object.keys(hashes).sort());
  for (const path of found) {
    const content = readFileSync(new URL(path, lib));
    assert.equal(`sha384-${createHash("sha384").update(content).digest("base64")}`, hashes[path], path);
  }
});

test("the manifest lists exactly the vendored files, at exact versions", () => {
  const listed = manifest.libraries.flatMap(({ destination, files }) =>
    files.map((file) => destination.replace("wwwroot/lib/", "") + file),
  );
  assert.deepEqual(listed.sort(), Object.keys(hashes).sort());
  for (const { library } of manifest.libraries) assert.match(library, /^[a-z.-]+@[0-9]+\.[0-9]+\.[0-9]+$/);
});
