//! The manifests: which member depends on what, and which features it has or asks for.

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

use crate::root;

/// A member of the workspace, as far as the rules care.
#[derive(Clone, Debug, Default)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) dependencies: Vec<Dependency>,
    /// The features that it has, each with what it turns on.
    pub(crate) features: Vec<(String, Vec<String>)>,
}

/// What a member asks for.
#[derive(Clone, Debug)]
pub(crate) struct Dependency {
    /// The package's own name, whatever the member calls it.
    pub(crate) name: String,
    pub(crate) is_for_tests: bool,
    pub(crate) is_optional: bool,
    /// The features that are asked for.
    pub(crate) features: Vec<String>,
}

/// All members of this workspace.
pub(crate) fn members() -> Vec<Member> {
    let members: Vec<_> = metadata().packages.into_iter().map(Member::from).collect();
    assert!(members.len() >= 9, "the members are found: {members:?}");
    members
}

fn metadata() -> Metadata {
    let manifest = root().join("Cargo.toml");
    let metadata = MetadataCommand::new().manifest_path(manifest).no_deps().exec();
    metadata.expect("cargo reads the manifests of this workspace")
}

impl From<Package> for Member {
    fn from(package: Package) -> Self {
        let dependencies = package.dependencies.into_iter().map(|dependency| Dependency {
            is_for_tests: dependency.kind == DependencyKind::Development,
            is_optional: dependency.optional,
            name: dependency.name,
            features: dependency.features,
        });
        Self {
            name: package.name.to_string(),
            dependencies: dependencies.collect(),
            features: package.features.into_iter().collect(),
        }
    }
}
