// What may come with us: licences, places and origins of every package in the lock file.
import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { read, root } from "./sources.ts";

interface Package {
  /** There when it is installed under the name of another one. */
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const require = createRequire(import.meta.url);
const lock: { readonly packages: Readonly<Record<string, Package>> } = JSON.parse(read("package-lock.json"));
const packages = Object.entries(lock.packages).filter(([path]) => path !== "");
const own = require(`${root}/package.json`);

/** Licences that a product under the MIT licence can be built with and shipped beside. */
const compatible = new Set(
  ["MIT", "MIT-0", "ISC", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "Apache-2.0", "BlueOak-1.0.0"].concat([
    "CC0-1.0",
    "Unlicense",
    "Python-2.0",
    "WTFPL",
    "Zlib",
  ]),
);
/** Licences of tools that never leave this checkout. */
const toolsOnly = new Set(["MPL-2.0", "CC-BY-4.0", "CC-BY-3.0"]);

/** Packages whose manifest points to a file instead of naming the licence; the file was read. */
const readByHand: Readonly<Record<string, string>> = { "spawndamnit@3.0.1": "MIT" };

/** The only packages of the studied vendor: a client for conformance tests, and what it brings (MIT). */
const studied: Readonly<Record<string, readonly string[]>> = {
  "@nmshd/connector-sdk": ["6.7.0", "4.1.0"],
  "@nmshd/content": ["6.10.0"],
  "@nmshd/core-types": ["6.10.0"],
};

describe("the lock file", () => {
  test("names no place to download from, and the hash of everything but tools for other platforms", () => {
    const bare = packages.filter(([, { integrity, dev, os }]) => integrity === undefined && !(dev && os));

    expect(packages.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
    expect(bare.map(([path]) => path)).toEqual([]);
  });

  test("has the builds for every platform, or npm ci would refuse it; else run npm run lock", () => {
    const known = new Set(packages.map(([path]) => nameOf(path)));
    const wanted = packages.flatMap(([, { optionalDependencies = {} }]) => Object.keys(optionalDependencies));

    expect(wanted.filter((name) => !known.has(name))).toEqual([]);
  });

  test("agrees with package.json, where every version is exact", () => {
    const wanted: Readonly<Record<string, string>> = {
      ...own.dependencies,
      ...own.optionalDependencies,
      ...own.devDependencies,
    };
    const different = Object.entries(wanted).filter(
      ([name, version]) => lock.packages[`node_modules/${name}`]?.version !== version.replace(/^npm:.*@/, ""),
    );

    expect(different).toEqual([]);
  });
});

test("every licence allows what ours promises", () => {
  const wrong = packages
    .map(([path, entry]) => ({ path, dev: entry.dev === true, license: licenseOf(path, entry) }))
    .filter(({ license, dev }) => !isAllowed(license, dev));

  expect(wrong).toEqual([]);
});

test("a licence that binds its users is noticed", () => {
  const bad = ["AGPL-3.0-only", "GPL-2.0", "SSPL-1.0", "UNLICENSED", "(MIT AND GPL-3.0-or-later)", undefined];

  expect(bad.filter((license) => isAllowed(license, true))).toEqual([]);
  expect(["MIT", "(MIT OR GPL-3.0)", "(BSD-2-Clause OR MIT OR Apache-2.0)"].every((l) => isAllowed(l, false))).toBe(
    true,
  );
  expect([isAllowed("MPL-2.0", true), isAllowed("MPL-2.0", false)]).toEqual([true, false]);
});

test("nothing of the studied vendor comes along but its MIT client", () => {
  const foreign = packages.flatMap(([path, { version = "", name = nameOf(path) }]) => {
    if (!/^@(nmshd|js-soft)\//.test(name)) return [];
    return studied[name]?.includes(version) ? [] : [`${name}@${version}`];
  });

  expect(foreign).toEqual([]);
});

test("what users install is small, and the native crypto may be missing", () => {
  expect(own.optionalDependencies).toHaveProperty("sodium-native");
  expect(own.dependencies).not.toHaveProperty("sodium-native");
  expect(own.private).toBe(true);
});

function isAllowed(license: string | undefined, isTool: boolean): boolean {
  if (license === undefined) return false;
  const one = (name: string) => compatible.has(name) || (isTool && toolsOnly.has(name));
  const words = license.replace(/^\(|\)$/g, "");
  if (words.includes(" AND ")) return words.split(" AND ").every(one);
  return words.split(" OR ").some(one);
}

/** The lock file's word; else that of the installed package, as some old ones use other fields. */
function licenseOf(path: string, { license, version }: Package): string | undefined {
  const read = readByHand[`${nameOf(path)}@${version}`];
  if (read !== undefined) return read;
  if (license !== undefined) return license;
  try {
    const manifest = require(`${root}/${path}/package.json`);
    return manifest.license?.type ?? manifest.license ?? manifest.licenses?.[0]?.type;
  } catch {
    return undefined;
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
}
