//! The life of a contract's witness in a stranger's crate: refuted, explained, replayed, mended.

use crate::stranger::Stranger;
use crate::{AS_EXPECTED, NOT_AS_EXPECTED};

const WITNESS: &str = "lockproof-witnesses/Switch-is_linearizable.json";

const CONTRACT: &str = r#"
use lockproof_check::{Contract, specification};
use stranger::Switch;

specification! {
    struct SwitchSpecification(SequentialSwitch) for Switch;
    enum SwitchCall -> SwitchReturn;

    fn flip() -> bool;
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct SequentialSwitch(bool);

impl SequentialSwitch {
    fn flip(&mut self) -> bool {
        self.0 = !self.0;
        self.0
    }
}

#[test]
fn switch_is_linearizable() {
    let specification = SwitchSpecification(SequentialSwitch::default());
    Contract::new("Switch", Switch::default, specification).scenarios(20).passes();
}
"#;

/// A switch whose `flip` has this body.
fn library(flip: &str) -> String {
    format!(
        r"
use lockproof::sync::Mutex;

#[derive(Default)]
pub struct Switch(Mutex<bool>);

impl Switch {{
    pub fn flip(&self) -> bool {{
        {flip}
    }}
}}
"
    )
}

const LOCKED: &str = "\
let mut is_on = self.0.lock().unwrap();
        *is_on = !*is_on;
        *is_on";

const TWO_STEPS: &str = "\
let flipped = !*self.0.lock().unwrap();
        *self.0.lock().unwrap() = flipped;
        flipped";

#[test]
fn a_contract_s_witness_lives_from_the_mistake_to_its_mending() {
    let stranger = Stranger::new("contract", &library(TWO_STEPS), CONTRACT);
    let prove = || stranger.prove(&["--engines", "explore"]);
    let run = prove();
    assert_eq!(run.exit, NOT_AS_EXPECTED, "the switch is refuted:\n{run}");
    assert!(run.report.contains(&format!("the witness was written to {WITNESS}")), "{run}");

    let run = stranger.lockproof(&["explain", WITNESS]);
    assert_eq!(run.exit, AS_EXPECTED, "the file is enough:\n{run}");
    let in_scenario = "in the scenario flip() | flip()";
    let test = "fn switch_is_linearizable_in_this_scenario()";
    for part in [in_scenario, ".- flip()", "not linearizable: ", test] {
        assert!(run.report.contains(part), "the account has `{part}`:\n{run}");
    }

    let replay = || stranger.lockproof(&["replay", "--debug", WITNESS]);
    let run = replay();
    assert_eq!(run.exit, NOT_AS_EXPECTED, "the defect comes again:\n{run}");
    for part in [&format!("the witness {WITNESS} fails again"), in_scenario, ".- flip()", test] {
        assert!(run.report.contains(part), "the replay shows `{part}`:\n{run}");
    }
    let run = prove();
    assert!(run.report.contains("a witness fails already"), "it runs first:\n{run}");

    stranger.write("src/lib.rs", &library(LOCKED));
    let run = replay();
    assert_eq!(run.exit, AS_EXPECTED, "its scenario is proved:\n{run}");
    for part in ["its defect is gone", "passed"] {
        assert!(run.report.contains(part), "nothing is said of others, but `{part}`:\n{run}");
    }
    let run = prove();
    assert_eq!(run.exit, AS_EXPECTED, "the mended switch passes:\n{run}");
}
