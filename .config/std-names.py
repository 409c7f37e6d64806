#!/usr/bin/env python3
"""Writes the names that std's modules export, from the documentation that rustup installs.

Run from the workspace's root, after a new Rust release:

    rustup component add rust-docs
    python3 .config/std-names.py > crates/lockproof/tests/items/std_names.txt

One line for each name: the module, the name, and `stable`, `deprecated` or `unstable`. Without the
component the list is mended by hand; the test that reads it compares stable names only.
"""
import pathlib
import re
import subprocess

MODULES = ["sync", "sync::atomic", "sync::mpsc", "thread", "time"]
SECTIONS = {"struct", "enum", "fn", "constant", "type", "trait", "mod"}


def main():
    sysroot = subprocess.run(["rustc", "--print", "sysroot"], capture_output=True, text=True, check=True)
    root = pathlib.Path(sysroot.stdout.strip()) / "share/doc/rust/html/std"
    for module in MODULES:
        page = (root / module.replace("::", "/") / "index.html").read_text()
        for entry in re.findall(r"<dt[^>]*>(.*?)</dt>", page, re.S):
            link = re.match(r'<a class="(\w+)[^"]*"', entry)
            if not link or link.group(1) not in SECTIONS:
                continue
            name = re.sub(r"<[^>]*>", "", re.match(r"<a[^>]*>(.*?)</a>", entry, re.S).group(1))
            status = "unstable" if "stab unstable" in entry else "deprecated" if "stab deprecated" in entry else "stable"
            print(module, name, status)


if __name__ == "__main__":
    main()
