//! Builds the tests of packages, and tells where the executables are.

use std::io::BufReader;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use cargo_metadata::{Artifact, Message, Package};
use lockproof_record::RecordedEngine;

use crate::arguments::{self, BuildArguments};
use crate::exit::Exit;
use crate::failure::CommandError;
use crate::packages;

/// A test executable, ready to run.
#[derive(Debug)]
pub(crate) struct TestExecutable {
    /// The package and the target, as progress and reports name it.
    pub(crate) name: String,
    /// The file.
    pub(crate) path: PathBuf,
    /// The folder of the package, in which cargo runs its tests.
    pub(crate) folder: PathBuf,
}

/// Builds all test executables of `packages`. Cargo's own messages go to standard error.
pub(crate) fn build(
    packages: &[Package],
    arguments: &BuildArguments,
    engines: &[RecordedEngine],
) -> Result<Vec<TestExecutable>, CommandError> {
    for package in packages {
        eprintln!("building the models of {}", package.name);
    }
    let mut child = command(packages, arguments, engines)?
        .spawn()
        .map_err(|source| CommandError::broken("cannot run cargo", source))?;
    let executables = read_messages(&mut child, packages)?;
    let status =
        child.wait().map_err(|source| CommandError::broken("cannot wait for cargo", source))?;
    if !status.success() {
        let message = "the tests do not compile; cargo's messages above say why";
        return Err(CommandError::new(Exit::BuildFailed, message));
    }
    Ok(executables)
}

fn command(
    packages: &[Package],
    arguments: &BuildArguments,
    engines: &[RecordedEngine],
) -> Result<Command, CommandError> {
    let mut command = Command::new(arguments::cargo());
    command.args(["test", "--no-run", "--message-format=json-render-diagnostics"]);
    command.args(["--profile", arguments.profile()]);
    for package in packages {
        command.args(["--package", package.name.as_str()]);
    }
    for feature in packages::engine_features(packages, engines)? {
        command.args(["--features", &feature]);
    }
    if let Some(path) = &arguments.manifest_path {
        command.arg("--manifest-path").arg(path);
    }
    command.stdout(Stdio::piped());
    Ok(command)
}

fn read_messages(
    child: &mut Child,
    packages: &[Package],
) -> Result<Vec<TestExecutable>, CommandError> {
    let mut executables = Vec::new();
    let output = child.stdout.take().into_iter().map(BufReader::new);
    for message in output.flat_map(Message::parse_stream) {
        let message = message
            .map_err(|source| CommandError::broken("cannot read cargo's messages", source))?;
        if let Message::CompilerArtifact(artifact) = message {
            executables.extend(test_executable(artifact, packages));
        }
    }
    Ok(executables)
}

/// The test executable that cargo has built, if that is what the artifact is.
fn test_executable(artifact: Artifact, packages: &[Package]) -> Option<TestExecutable> {
    let package = packages.iter().find(|package| package.id == artifact.package_id)?;
    let path = artifact.executable.filter(|_| artifact.profile.test)?;
    let folder = package.manifest_path.parent()?;
    Some(TestExecutable {
        name: format!("{}, {}", package.name, artifact.target.name),
        path: path.into(),
        folder: folder.into(),
    })
}
