# Each recipe is one cargo command: `just` is never required.

# Show the recipes
default:
    @just --list

# Run all tests on real threads
test:
    cargo test

# Run all tests with the exploring engine: every interleaving once
test-explore:
    cargo test --features explore

# Run all tests with loom: exhaustive search
test-loom:
    cargo test --features loom

# Run all tests with shuttle: random sampling
test-shuttle:
    cargo test --features shuttle

# Run all tests with every engine
test-all:
    cargo test --all-features

# Compare the exploring engine with brute force: `just fuzz-explore 100000`, and a seed
fuzz-explore *arguments:
    cargo run --release -p lockproof-explore --example fuzz -- {{arguments}}

# Count the schedules that each sampling strategy needs to the first bug
first-bug *programs:
    cargo run --release -p lockproof-explore --example first_bug -- {{programs}}

# Measure the engines side by side, in four minutes; words choose rows of the table
bench *words:
    cargo bench -p lockproof --all-features --bench engines -- {{words}}

# Measure contracts beside the crate lincheck
bench-contracts:
    cargo bench -p lockproof-tests --features lockproof/explore --bench contracts

# Report the verdict on every subject and twin
prove *arguments:
    cargo run --release -- prove {{arguments}}

# Write the verdicts as a page, as JSON, as JUnit XML: `just report --html report.html`
report *arguments:
    cargo run --release -- report {{arguments}}

# Show the rooms of each crate, and other figures that the rules of the workspace hold
figures:
    cargo test -p lockproof-tests --test workspace_rules -- --nocapture --test-threads 1

# Check the code with clippy, with all features on
lint:
    cargo clippy --workspace --all-targets --all-features -- -D warnings

# Format the code
fmt:
    cargo fmt --all

# Build the documentation, with all features on
doc:
    cargo doc --workspace --no-deps --all-features

# Run the pipeline on its sample of trades
pipeline *arguments:
    cargo run --release --example pipeline -- {{arguments}}

# Show the damage of five threads that increment without a lock
tutorial:
    cargo run --release --example tutorial_counter

# Write the sample of trades anew: always the same file
regenerate-records:
    cargo run --example generate_records

# Run everything that CI runs
ci:
    bash .ci/run

# Write the list of std's names anew, after a new Rust release
regenerate-std-names:
    python3 .config/std-names.py > crates/lockproof/tests/items/std_names.txt

# Write the snapshots of the twins' failures anew: look at them before you commit
regenerate-timelines:
    INSTA_UPDATE=always cargo test -p lockproof-tests --features lockproof/explore failures_of_the_twins

# Compare the release assembly of a locked counter through the facade with std's
compare-assembly:
    python3 .config/compare-assembly.py
