//! Runs a model of `models.rs` or a contract of `stock.rs` in a process of its own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fmt, fs};

use lockproof_check::{Engine, LIST_VARIABLE, REPLAY_VARIABLE, WITNESSES_VARIABLE};
use tempfile::TempDir;

/// The one engine that the model is to run on.
const ENGINE_VARIABLE: &str = "WITNESSES_TEST_ENGINE";

/// The engines that the caller of the process has not asked for.
pub(crate) fn not_wanted() -> impl Iterator<Item = Engine> {
    let wanted = env::var_os(ENGINE_VARIABLE);
    let is_wanted =
        move |engine: &Engine| wanted.as_ref().is_none_or(|wanted| *wanted == *engine.to_string());
    Engine::available().iter().copied().filter(move |engine| !is_wanted(engine))
}

/// A process that is going to run a model or a contract.
pub(crate) struct Process {
    command: Command,
}

/// A process for the model with this name.
pub(crate) fn run(model: &str) -> Process {
    process(&format!("models::{model}"))
}

/// A process for the contract with this name.
pub(crate) fn run_contract(contract: &str) -> Process {
    process(&format!("stock::{contract}"))
}

fn process(test: &str) -> Process {
    let mut command = Command::new(env::current_exe().expect("the test runs from a file"));
    command.args(["--ignored", "--exact", test]);
    for variable in [LIST_VARIABLE, REPLAY_VARIABLE, WITNESSES_VARIABLE, ENGINE_VARIABLE] {
        command.env_remove(variable);
    }
    Process { command }
}

impl Process {
    /// Only on this engine.
    pub(crate) fn on(mut self, engine: Engine) -> Self {
        self.command.env(ENGINE_VARIABLE, engine.to_string());
        self
    }

    /// With its witnesses in this folder.
    pub(crate) fn with(self, folder: &Folder) -> Run {
        self.with_folder(folder.path())
    }

    pub(crate) fn with_folder(mut self, folder: &Path) -> Run {
        self.command.env(WITNESSES_VARIABLE, folder);
        self.finish()
    }

    /// With the folder as that of the package.
    pub(crate) fn in_package(mut self, folder: &Path) -> Run {
        self.command.env("CARGO_MANIFEST_DIR", folder);
        self.finish()
    }

    pub(crate) fn without_writing(mut self, folder: &Folder) -> Run {
        self.command.env(WITNESSES_VARIABLE, "off");
        self.in_package(folder.path())
    }

    pub(crate) fn replaying(mut self, witness: &Path) -> Run {
        self.command.env(REPLAY_VARIABLE, witness);
        self.finish()
    }

    pub(crate) fn listing(mut self) -> Run {
        self.command.env(LIST_VARIABLE, "1");
        self.finish()
    }

    fn finish(mut self) -> Run {
        let output = self.command.output().expect("the test can be run");
        let parts = [&output.stdout, &output.stderr].map(|part| String::from_utf8_lossy(part));
        let text = parts.join("\n");
        assert!(text.contains("running 1 test"), "the model exists:\n{text}");
        Run { passed: output.status.success(), text }
    }
}

/// What came of it.
pub(crate) struct Run {
    pub(crate) passed: bool,
    /// All that it printed.
    pub(crate) text: String,
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "passed: {}\n{}", self.passed, self.text)
    }
}

/// A temporary folder of witnesses.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().expect("a temporary folder can be made"))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn put(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path().join(name);
        fs::write(&path, text).expect("the folder can be written");
        path
    }

    pub(crate) fn files(&self) -> Vec<PathBuf> {
        Self::files_in(self.path())
    }

    pub(crate) fn files_in(folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).expect("the folder can be read");
        entries.map(|entry| entry.expect("the folder can be read").path()).collect()
    }

    pub(crate) fn only_file(&self) -> PathBuf {
        match self.files().as_slice() {
            [file] => file.clone(),
            files => panic!("one witness is there, not {files:?}"),
        }
    }

    pub(crate) fn only_name(&self) -> String {
        let file = self.only_file();
        file.file_name().expect("a file has a name").to_string_lossy().into_owned()
    }
}
