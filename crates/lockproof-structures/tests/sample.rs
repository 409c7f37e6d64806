//! The sample file is what its generator writes.

#[path = "../examples/generate_records/generator.rs"]
mod generator;

#[test]
fn regenerating_gives_the_identical_file() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/records.csv");
    let on_disk = std::fs::read_to_string(path).expect("the sample is part of the repository");
    assert!(
        on_disk == generator::sample(),
        "{path} is not what its generator writes: `cargo run --example generate_records`"
    );
    assert_eq!(on_disk.lines().count() as u64, generator::ROWS + 1, "one line per row");
}
