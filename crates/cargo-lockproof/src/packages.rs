//! Packages with models: those with `lockproof-check` as a dev-dependency.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};
use lockproof_record::RecordedEngine;

use crate::arguments::{self, BuildArguments};
use crate::exit::Exit;
use crate::failure::CommandError;

/// The packages of the workspace that have models, of those that were asked for.
pub(crate) fn with_models(arguments: &BuildArguments) -> Result<Vec<Package>, CommandError> {
    let metadata = metadata(arguments.manifest_path.as_deref())?;
    let members: Vec<_> = metadata.workspace_packages().into_iter().cloned().collect();
    if let Some(unknown) = arguments.packages.iter().find(|name| !is_among(&members, name)) {
        let known = names(&members);
        let message = format!("there is no package `{unknown}` in this workspace; it has {known}");
        return Err(CommandError::new(Exit::Usage, message));
    }
    let (with_models, without): (Vec<_>, Vec<_>) = members
        .into_iter()
        .filter(|package| {
            arguments.packages.is_empty() || arguments.packages.contains(&package.name)
        })
        .partition(has_models);
    if with_models.is_empty() {
        let message = format!(
            "no models: none of the packages {} has lockproof-check as a dev-dependency; add it, \
             and write a test with `lockproof_check::Model`",
            names(&without)
        );
        return Err(CommandError::new(Exit::NoModels, message));
    }
    Ok(with_models)
}

/// The manifest of the package beside which the file lies: the nearest one above it.
pub(crate) fn manifest_above(file: &Path) -> Option<PathBuf> {
    let manifests = file.ancestors().skip(1).map(|folder| folder.join("Cargo.toml"));
    manifests.into_iter().find(|manifest| manifest.is_file())
}

/// The features that bring the engines into the build of these packages.
pub(crate) fn engine_features(
    packages: &[Package],
    engines: &[RecordedEngine],
) -> Result<Vec<String>, CommandError> {
    let features: Vec<_> = engines.iter().filter(|engine| engine.is_controlled()).collect();
    let mut engine_features = BTreeSet::new();
    for package in packages.iter().filter(|_| !features.is_empty()) {
        let Some(facade) = name_of_facade(package) else {
            let message = format!(
                "the package `{}` has lockproof-check, but not lockproof itself; add it to the \
                 dependencies, so that its engines can be switched on",
                package.name
            );
            return Err(CommandError::new(Exit::Broken, message));
        };
        engine_features.extend(features.iter().map(|feature| format!("{facade}/{feature}")));
    }
    Ok(engine_features.into_iter().collect())
}

/// The folder of the workspace, from which the compiler's paths start.
pub(crate) fn workspace(manifest: Option<&Path>) -> Result<PathBuf, CommandError> {
    metadata(manifest).map(|metadata| metadata.workspace_root.into())
}

fn metadata(manifest: Option<&Path>) -> Result<Metadata, CommandError> {
    let mut command = MetadataCommand::new();
    command.cargo_path(arguments::cargo()).no_deps();
    if let Some(path) = manifest {
        command.manifest_path(path);
    }
    command.exec().map_err(|source| {
        CommandError::broken(
            "cannot read the package; call the command beside its Cargo.toml",
            source,
        )
    })
}

fn has_models(package: &Package) -> bool {
    let is_check = |name: &str| name == "lockproof-check";
    package.dependencies.iter().any(|dependency| {
        dependency.kind == DependencyKind::Development && is_check(&dependency.name)
    })
}

/// The name by which the package knows the crate `lockproof`, if it depends on it.
fn name_of_facade(package: &Package) -> Option<&str> {
    let facade = package.dependencies.iter().find(|dependency| dependency.name == "lockproof")?;
    Some(facade.rename.as_deref().unwrap_or(&facade.name))
}

fn is_among(packages: &[Package], name: &str) -> bool {
    packages.iter().any(|package| package.name == name)
}

fn names(packages: &[Package]) -> String {
    packages.iter().map(|package| package.name.as_str()).collect::<Vec<_>>().join(", ")
}
