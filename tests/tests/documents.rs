//! The documents say what the code says: limits of the engines, exit codes, links.

use std::fs;
use std::path::{Path, PathBuf};

use lockproof::engine::BlindSpot;
use lockproof_tests::without_line_numbers;

/// What the page on the limits must name.
const BLIND_SPOTS: [BlindSpot; 10] = [
    BlindSpot::PlainAtomics,
    BlindSpot::SpuriousWakeUp,
    BlindSpot::WeakCompareExchange,
    BlindSpot::TryLock,
    BlindSpot::Yield,
    BlindSpot::Unwinding,
    BlindSpot::DataRace,
    BlindSpot::WeakMemory,
    BlindSpot::LateTimeOut,
    BlindSpot::Choice,
];

/// The rows that the table of limits must have.
const TOPICS: [&str; 20] = [
    "which schedules",
    "weak memory",
    "`SeqCst` accesses",
    "plain atomic loads and stores",
    "data races",
    "`try_lock` and its kin",
    "spurious wake-ups",
    "time-outs",
    "time",
    "weak compare-exchange",
    "yields, spins and sleeps",
    "threads",
    "endless executions",
    "park",
    "panics of threads that nobody joins",
    "choices of `extension::choose`",
    "destructors while a thread unwinds",
    "statics",
    "thread-locals",
    "what bypasses the facade",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect("a file of the workspace can be read")
}

/// The cells of a table's rows, without the rule below its head.
fn rows(page: &str) -> Vec<Vec<&str>> {
    let rows = page.lines().filter(|line| line.starts_with('|') && !line.starts_with("|--"));
    rows.map(|row| row.trim_matches('|').split(" | ").map(str::trim).collect()).collect()
}

#[test]
fn every_limit_of_the_engines_is_a_row_with_an_answer_from_each() {
    let page = read("docs/engine-limits.md");
    let rows = rows(&page);
    assert_eq!(
        rows[0][1..],
        ["std", "explore", "loom", "shuttle", "what the verdict says"],
        "one per engine"
    );
    let topics: Vec<_> = rows[1..].iter().map(|row| row[0].trim_matches('*')).collect();
    assert_eq!(topics, TOPICS, "every topic is there, in this order");
    for row in &rows {
        assert!(row.len() == 6 && row.iter().all(|cell| !cell.is_empty()), "a full row: {row:?}");
    }
}

#[test]
fn every_blind_spot_is_on_the_page_on_limits() {
    let page = read("docs/engine-limits.md");
    for spot in BLIND_SPOTS {
        assert!(page.contains(&format!("`{spot:?}`")), "the page names {spot:?}");
        assert!(page.contains(&spot.to_string()), "the page has the words of reports: {spot}");
    }
}

/// The enumeration cannot be walked from here, so its source is counted.
#[test]
fn no_blind_spot_is_forgotten_here() {
    let source = read("crates/lockproof/src/engine/exploration.rs");
    let (_, body) = source.split_once("pub enum BlindSpot {").expect("it is declared there");
    let (body, _) = body.split_once("\n}").expect("it ends");
    let variants =
        body.lines().filter(|line| line.trim_end().ends_with(',') && !line.contains('/'));
    assert_eq!(variants.count(), BLIND_SPOTS.len(), "add the new one above and to the page");
}

/// The names in code font before the words `are not in the facade`.
fn missing_items(page: &str) -> Vec<&str> {
    let (_, section) = page.split_once("## What is not in the facade").expect("it has a section");
    let (list, _) = section.split_once("are not in the facade").expect("which begins with a list");
    list.split('`').skip(1).step_by(2).map(|name| name.trim_end_matches('!')).collect()
}

#[test]
fn what_the_page_misses_in_the_facade_is_not_there() {
    let page = read("docs/engine-limits.md");
    let modules = ["sync", "thread", "time", "hint", "cell", "collections"];
    let facade = modules.map(|module| read(&format!("crates/lockproof/src/{module}.rs"))).concat();
    let code = facade.lines().filter(|line| !line.trim_start().starts_with("//"));
    let words: Vec<_> =
        code.flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_')).collect();
    assert!(words.contains(&"Condvar"), "the lists of the facade are found");
    let missing = missing_items(&page);
    assert!(!missing.is_empty(), "the list of the page is found");
    for name in missing {
        assert!(!words.contains(&name), "{name} is in the facade by now: mend the page");
    }
}

#[test]
fn the_readme_has_the_exit_codes_of_the_command() {
    let readme = read("README.md");
    let source = read("crates/cargo-lockproof/src/exit.rs");
    let (_, help) = source.split_once("HELP: &str").expect("the help is declared there");
    let (help, _) = help.split_once("\";").expect("it ends");
    let codes: Vec<_> = help.lines().filter_map(|line| line.strip_prefix("  ")).collect();
    let codes: Vec<_> = codes.iter().filter_map(|line| line.split_once("  ")).collect();
    assert_eq!(codes.len(), 7, "the codes are found: {codes:?}");
    for (code, meaning) in codes {
        assert!(readme.contains(&format!("| {code} | {meaning} |")), "code {code}: {meaning}");
    }
}

/// Links of the form `](path)` that lead nowhere, relative to the page.
fn dead_links(page: &Path, text: &str) -> Vec<String> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    let files = targets.map(|(target, _)| target.split('#').next().unwrap_or_default());
    let local = files.filter(|target| !target.is_empty() && !target.contains("://"));
    let folder = page.parent().expect("a page is in a folder");
    local.filter(|target| !folder.join(target).exists()).map(str::to_owned).collect()
}

#[test]
fn links_lead_somewhere() {
    let mut pages = vec![root().join("README.md")];
    for folder in ["docs", "docs/decisions"] {
        let entries = fs::read_dir(root().join(folder)).expect("the folder of documents exists");
        pages.extend(entries.map(|entry| entry.expect("it can be read").path()));
    }
    pages.retain(|page| page.extension().is_some_and(|extension| extension == "md"));
    assert!(pages.len() > 8, "the pages are found: {pages:?}");
    for page in pages {
        let text = fs::read_to_string(&page).expect("a page can be read");
        assert_eq!(dead_links(&page, &text), [""; 0], "in {}", page.display());
    }
}

#[test]
fn a_dead_link_is_seen() {
    let page = root().join("README.md");
    assert_eq!(dead_links(&page, "[a](nowhere.md) and [b](README.md#c)"), ["nowhere.md"]);
}

/// The examples of failures that a page shows: code blocks with a timeline.
fn failures_shown(page: &str) -> Vec<String> {
    let blocks = page.split("```text\n").skip(1).filter_map(|rest| rest.split("```").next());
    let from_heading =
        blocks.filter_map(|block| block.find("explore, execution").map(|at| &block[at..]));
    from_heading.map(without_line_numbers).collect()
}

#[test]
fn the_failures_in_the_documents_are_those_of_the_snapshots() {
    let pages = [
        ("README.md", "opposite_order_config_registry"),
        ("docs/writing-a-model.md", "unlocked_counter"),
    ];
    for (page, name) in pages {
        let snapshot = read(&format!("tests/tests/timelines/{name}.snap"));
        let shown = failures_shown(&read(page));
        assert_eq!(shown.len(), 1, "{page} shows a failure");
        let is_shown = shown.iter().all(|failure| snapshot.contains(failure.as_str()));
        assert!(is_shown, "{page} has it as the snapshot {name} at 120 columns: {shown:?}");
    }
}
