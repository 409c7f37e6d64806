//! Dependencies point one way, only the facade knows the engines, with no feature it depends on
//! nothing, and the command builds nothing that runs a model.

use std::process::Command;

use crate::manifests::{Dependency, Member, members};
use crate::{nothing_to_object, root};

/// The facade: the only member that depends on engines.
const FACADE: &str = "lockproof";
/// The exploring engine, which knows nothing of the facade.
const EXPLORER: &str = "lockproof-explore";
/// The crates of the engines.
const ENGINES: [&str; 3] = ["loom", "shuttle", EXPLORER];
/// A benchmark's peer runs on a version of this engine that the facade knows nothing of, and takes
/// types that are made of it.
const ENGINE_OF_A_PEER: (&str, &str) = (TESTS, "loom");
/// The package that no other may depend on.
const TESTS: &str = "lockproof-tests";

/// The vector clocks that the exploring engine and the checks share.
const CLOCK: &str = "lockproof-clock";
/// The crate of plain data, a leaf.
const RECORD: &str = "lockproof-record";
/// The crate of all that shows records.
const REPORT: &str = "lockproof-report";
/// The crate of all that runs models.
const CHECK: &str = "lockproof-check";
/// The crate of the shared state under test.
const STRUCTURES: &str = "lockproof-structures";
/// The command, which runs the tests of others and shows their records.
const COMMAND: &str = "cargo-lockproof";

/// The members, each with those that it may depend on.
const DIRECTION: [(&str, &[&str]); 9] = [
    (CLOCK, &[]),
    (EXPLORER, &[CLOCK]),
    (FACADE, &[EXPLORER]),
    (STRUCTURES, &[FACADE]),
    (RECORD, &[]),
    (REPORT, &[RECORD]),
    (CHECK, &[FACADE, RECORD, REPORT, CLOCK]),
    (COMMAND, &[RECORD, REPORT]),
    (TESTS, &[FACADE, STRUCTURES, RECORD, REPORT, CHECK, COMMAND]),
];

/// Objects to a dependency between members that [`DIRECTION`] does not allow.
fn direction(members: &[Member]) -> Vec<String> {
    let is_member = |name: &str| members.iter().any(|member| member.name == name);
    let mut objections = Vec::new();
    for Member { name, dependencies, .. } in members {
        let Some((_, allowed)) = DIRECTION.iter().find(|(known, _)| known == name) else {
            objections.push(format!("{name}: say in DIRECTION what it may depend on"));
            continue;
        };
        let wrong = dependencies.iter().filter(|dependency| {
            is_member(&dependency.name) && !allowed.contains(&dependency.name.as_str())
        });
        objections.extend(wrong.map(|wrong| format!("{name} must not depend on {}", wrong.name)));
    }
    objections
}

/// Objects to an engine outside the facade: as a dependency, as a feature that is asked for, or as
/// a feature of any name that could switch one on.
fn engines(members: &[Member]) -> Vec<String> {
    let mut objections = Vec::new();
    for Member { name, dependencies, features } in members.iter().filter(|m| m.name != FACADE) {
        for dependency in dependencies {
            let is_peers = dependency.is_for_tests
                && (name.as_str(), dependency.name.as_str()) == ENGINE_OF_A_PEER;
            if ENGINES.contains(&dependency.name.as_str()) && !is_peers {
                objections.push(format!("{name} must leave {} to {FACADE}", dependency.name));
            }
            if dependency.name == FACADE && !dependency.features.is_empty() {
                let features = dependency.features.join(", ");
                objections.push(format!("{name} switches {features} on behind the user's back"));
            }
        }
        for (feature, _) in features {
            objections.push(format!("{name} has the feature {feature}; only {FACADE} has any"));
        }
    }
    objections
}

/// Objects to what a user of the facade would have to build with no feature on.
fn burdens_of_the_facade(members: &[Member]) -> Vec<String> {
    let facade = members.iter().find(|member| member.name == FACADE);
    let Member { dependencies, features, .. } = facade.expect("the facade is a member");
    let needed = dependencies.iter().filter(|found| !found.is_optional && !found.is_for_tests);
    let needed = needed.map(|found| format!("{FACADE} always needs {}", found.name));
    let default = features.iter().filter(|(name, on)| name == "default" && !on.is_empty());
    let default = default.map(|(_, on)| format!("{FACADE} has on by default: {}", on.join(", ")));
    needed.chain(default).collect()
}

/// The packages that `cargo` would build for a member with no feature on, itself included.
fn built_with_no_feature(member: &str) -> Vec<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["tree", "--package", member, "--no-default-features"])
        .args(["--edges", "normal,build", "--prefix", "none", "--format", "{p}"])
        .current_dir(root())
        .output()
        .expect("cargo can be run");
    let problem = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo tells what it would build: {problem}");
    let tree = String::from_utf8(output.stdout).expect("the names of packages are UTF-8");
    tree.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn dependencies_point_one_way() {
    nothing_to_object(&direction(&members()));
}

#[test]
fn only_the_facade_knows_the_engines() {
    nothing_to_object(&engines(&members()));
}

#[test]
fn the_facade_needs_nothing_by_its_manifest() {
    nothing_to_object(&burdens_of_the_facade(&members()));
}

#[test]
fn the_facade_is_built_alone_with_no_feature() {
    assert_eq!(built_with_no_feature(FACADE), [FACADE], "no dependency is built with the facade");
    let of_check = built_with_no_feature(CHECK);
    assert!(of_check.iter().any(|name| name == "serde"), "others have dependencies: {of_check:?}");
}

/// The packages that are built for the command without being of any use to it.
fn burdens_of_the_command(built: &[String]) -> Vec<String> {
    let useless = [FACADE, CHECK, EXPLORER, "proptest"];
    let found = built.iter().filter(|name| useless.contains(&name.as_str()));
    found.map(|name| format!("{COMMAND} runs no model, but builds {name}")).collect()
}

#[test]
fn the_command_is_built_without_what_runs_models() {
    nothing_to_object(&burdens_of_the_command(&built_with_no_feature(COMMAND)));
    let of_check = burdens_of_the_command(&built_with_no_feature(CHECK));
    assert_eq!(of_check.len(), 3, "the facade, {CHECK} and proptest would be seen: {of_check:?}");
}

/// A workspace that keeps the rules, to be broken by the controls below.
fn sound() -> Vec<Member> {
    DIRECTION.iter().map(|(name, _)| member(name, &[])).collect()
}

fn member(name: &str, dependencies: &[&str]) -> Member {
    let dependencies = dependencies.iter().map(|name| dependency(name)).collect();
    Member { name: name.to_owned(), dependencies, features: Vec::new() }
}

fn dependency(name: &str) -> Dependency {
    Dependency {
        name: name.to_owned(),
        is_for_tests: false,
        is_optional: false,
        features: Vec::new(),
    }
}

/// The sound workspace with one member replaced.
fn with(changed: Member) -> Vec<Member> {
    let mut members = sound();
    members.retain(|member| member.name != changed.name);
    members.push(changed);
    members
}

#[test]
fn a_sound_workspace_is_left_alone() {
    let members = sound();
    let objections = [direction(&members), engines(&members), burdens_of_the_facade(&members)];
    nothing_to_object(&objections.concat());
}

#[test]
fn a_dependency_against_the_direction_is_seen() {
    for (name, dependency) in [
        (CLOCK, EXPLORER),
        (EXPLORER, FACADE),
        (FACADE, CHECK),
        (STRUCTURES, CHECK),
        (RECORD, CLOCK),
        (REPORT, FACADE),
        (CHECK, STRUCTURES),
        (COMMAND, CHECK),
        (COMMAND, FACADE),
    ] {
        let objections = direction(&with(member(name, &[dependency])));
        assert_eq!(objections, [format!("{name} must not depend on {dependency}")]);
    }
    let newcomer = direction(&with(member("newcomer", &[])));
    assert_eq!(newcomer, ["newcomer: say in DIRECTION what it may depend on"]);
}

#[test]
fn a_dependency_of_tests_against_the_direction_is_seen() {
    let mut facade = member(FACADE, &[STRUCTURES]);
    facade.dependencies[0].is_for_tests = true;
    assert_eq!(direction(&with(facade)).len(), 1, "tests may not turn the direction round either");
}

#[test]
fn an_engine_outside_the_facade_is_seen() {
    assert_eq!(engines(&with(member(CHECK, &["shuttle"]))).len(), 1, "a dependency");
    let mut forced = member(CHECK, &[FACADE]);
    forced.dependencies[0].features.push("loom".to_owned());
    assert_eq!(engines(&with(forced)).len(), 1, "a feature that is asked for");
    let mut switch = member(CHECK, &[FACADE]);
    switch.features.push(("fast".to_owned(), vec!["lockproof/loom".to_owned()]));
    assert_eq!(engines(&with(switch)).len(), 1, "a feature that would be a switch");
    let mut facade = member(FACADE, &ENGINES);
    facade.features.push(("loom".to_owned(), vec!["dep:loom".to_owned()]));
    nothing_to_object(&engines(&with(facade)));
}

#[test]
fn a_burden_of_the_facade_is_seen() {
    assert_eq!(burdens_of_the_facade(&with(member(FACADE, &["log"]))).len(), 1, "a dependency");
    let mut facade = member(FACADE, &[]);
    facade.features.push(("default".to_owned(), vec!["loom".to_owned()]));
    assert_eq!(burdens_of_the_facade(&with(facade)).len(), 1, "a feature that is on by default");
}
