//! A small crate outside this workspace, whose models the command is to prove.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A library whose subject is right.
pub(crate) const LOCKED: &str = r#"
use lockproof::sync::{Arc, Mutex};
use lockproof::thread;

pub fn two_increments() {
    assert_eq!(total_after(1), 2, "every increment is counted");
}

pub fn forgetful() {
    assert_eq!(total_after(0), 2, "every increment is counted");
}

fn total_after(increment: u64) -> u64 {
    let total = Arc::new(Mutex::new(1));
    let other = Arc::clone(&total);
    thread::spawn(move || *other.lock().unwrap() += increment).join().unwrap();
    let sum = *total.lock().unwrap();
    sum
}
"#;

/// The same library after a change for the worse.
pub(crate) const UNLOCKED: &str = r#"
pub fn two_increments() {
    forgetful();
}

pub fn forgetful() {
    assert_eq!(1, 2, "every increment is counted");
}
"#;

/// A model of a counter that is right, and a twin that is wrong under every schedule.
pub(crate) const MODELS: &str = r#"
use lockproof_check::{Expected, Model, demonstrate};

#[test]
fn counter_counts_every_increment() {
    Model::new("Counter", "counts every increment", stranger::two_increments).is_proved();
}

#[test]
fn forgetful_counter_forgets() {
    Model::new("ForgetfulCounter", "counts every increment", stranger::forgetful)
        .is_refuted_by(Expected::panic("every increment is counted"));
}

#[test]
fn many_increments_are_counted() {
    demonstrate("a thousand increments", || vec!["counted 1000".to_owned()]);
}
"#;

const COMMAND: &str = env!("CARGO_BIN_EXE_cargo-lockproof");
const PROVE: [&str; 2] = ["prove", "--debug"];

/// A crate in a temporary folder.
pub(crate) struct Stranger {
    folder: TempDir,
    target: PathBuf,
}

impl Stranger {
    /// A crate with this library and these tests. All such crates share one folder of build
    /// results, because building the dependencies is what takes time; `name` tells them apart.
    pub(crate) fn new(name: &str, library: &str, tests: &str) -> Self {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("stranger");
        let stranger = Self { folder, target };
        stranger.write("Cargo.toml", &manifest(name));
        stranger.write("src/lib.rs", library);
        stranger.write("tests/models.rs", tests);
        // The workspace's own versions, so that nothing has to be resolved or fetched.
        let lock = fs::read_to_string(crates().join("../Cargo.lock"))
            .expect("it is under version control");
        stranger.write("Cargo.lock", &lock);
        stranger
    }

    pub(crate) fn drop_dependency_on_check(&self) {
        let manifest = self.folder.path().join("Cargo.toml");
        let text = fs::read_to_string(manifest).expect("the manifest was written above");
        let kept = text.lines().filter(|line| !line.starts_with("lockproof-check"));
        self.write("Cargo.toml", &kept.collect::<Vec<_>>().join("\n"));
    }

    /// Runs `cargo-lockproof lockproof prove`, as cargo does for `cargo lockproof prove`.
    pub(crate) fn prove(&self, flags: &[&str]) -> Run {
        self.lockproof(&[&PROVE[..], flags].concat())
    }

    /// Runs `cargo-lockproof lockproof` with these words, as cargo does for `cargo lockproof`.
    pub(crate) fn lockproof(&self, words: &[&str]) -> Run {
        let mut command = Command::new(COMMAND);
        command.arg("lockproof").args(words);
        self.run(command)
    }

    /// A path inside the crate.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// A file of the crate.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The same in a terminal of its own, which `script` of util-linux makes: what is printed
    /// there, errors and all, is the report.
    pub(crate) fn prove_in_terminal(&self, flags: &[&str]) -> Run {
        let line = [&[COMMAND, "lockproof"], &PROVE[..], flags].concat().join(" ");
        let mut command = Command::new("script");
        command.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
        command.env("TERM", "xterm").stdin(Stdio::null());
        self.run(command)
    }

    fn run(&self, mut command: Command) -> Run {
        let output = command
            .current_dir(self.folder.path())
            .env("CARGO_TARGET_DIR", &self.target)
            .env("CARGO_NET_OFFLINE", "true")
            .env_remove("GITHUB_WORKSPACE")
            .output()
            .expect("the command can be run");
        Run::from(output)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        let folder = path.parent().expect("the path is inside the crate");
        fs::create_dir_all(folder).expect("the temporary folder can be written");
        fs::write(path, text).expect("the temporary folder can be written");
    }
}

/// How a run of the command ended.
pub(crate) struct Run {
    /// The exit code.
    pub(crate) exit: i32,
    /// The standard output.
    pub(crate) report: String,
    /// The standard error.
    pub(crate) progress: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            exit: output.status.code().expect("the command is not killed by a signal"),
            report: String::from_utf8(output.stdout).expect("reports are UTF-8"),
            progress: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { exit, report, progress } = self;
        write!(f, "exit code {exit}\n--- report\n{report}\n--- progress\n{progress}")
    }
}

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn manifest(name: &str) -> String {
    let crates = crates().canonicalize().expect("the workspace exists");
    let crates = crates.display();
    format!(
        r#"[package]
name = "stranger-{name}"
version = "0.1.0"
edition = "2024"

[lib]
name = "stranger"

[workspace]

[dependencies]
lockproof = {{ path = '{crates}/lockproof' }}

[dev-dependencies]
lockproof-check = {{ path = '{crates}/lockproof-check' }}
"#
    )
}
