#!/usr/bin/env python3
"""Compares the release assembly of a locked counter through the facade with that of std's.

Both versions are the same source but for the crate that the primitives are imported from. Prints
the number of instructions of each, and exits with 1 and the first difference if they differ.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

SOURCE = """
use {root}::sync::atomic::{{AtomicU64, Ordering}};
use {root}::sync::{{Mutex, RwLock}};

pub struct Counter {{
    total: Mutex<u64>,
    limit: RwLock<u64>,
    calls: AtomicU64,
}}

pub static COUNTER: Counter =
    Counter {{ total: Mutex::new(0), limit: RwLock::new(100), calls: AtomicU64::new(0) }};

impl Counter {{
    #[inline(never)]
    pub fn add(&self, amount: u64) -> u64 {{
        self.calls.fetch_add(1, Ordering::Relaxed);
        let limit = *self.limit.read().unwrap();
        let mut total = self.total.lock().unwrap();
        *total = limit.min(*total + amount);
        *total
    }}
}}

pub fn count(amount: u64) -> u64 {{
    COUNTER.add(amount)
}}
"""


def facade():
    command = ["cargo", "build", "--release", "-p", "lockproof", "--message-format=json", "-q"]
    output = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    artifacts = (json.loads(line) for line in output.splitlines())
    names = (name for artifact in artifacts for name in artifact.get("filenames", []))
    return next(name for name in names if name.endswith(".rlib") and "liblockproof" in name)


def assembly(root, folder, arguments):
    folder = pathlib.Path(folder) / root
    folder.mkdir()
    source, output = folder / "locked_counter.rs", folder / "locked_counter.s"
    source.write_text(SOURCE.format(root=root))
    command = ["rustc", "--edition", "2024", "--crate-type", "lib", "--crate-name", "locked_counter",
               "-O", "-C", "codegen-units=1", "--emit", f"asm={output}", "--remap-path-prefix",
               f"{folder}=", str(source), *arguments]
    subprocess.run(command, check=True)
    lines = (line.split("#")[0].strip() for line in output.read_text().splitlines())
    return [line for line in lines if line and not line.startswith(".file")]


def main():
    with tempfile.TemporaryDirectory() as folder:
        std = assembly("std", folder, [])
        own = assembly("lockproof", folder, ["--extern", f"lockproof={facade()}"])
    for number, (left, right) in enumerate(zip(std + [""], own + [""])):
        if left != right:
            sys.exit(f"line {number + 1} differs: std has `{left}`, the facade `{right}`")
    if len(std) != len(own):
        sys.exit(f"std has {len(std)} lines, the facade {len(own)}")
    instructions = sum(not line.startswith(".") and not line.endswith(":") for line in std)
    print(f"{instructions} instructions of std and of the facade, {len(std)} lines: equal")


if __name__ == "__main__":
    main()
