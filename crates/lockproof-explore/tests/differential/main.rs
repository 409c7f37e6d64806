//! The exhaustive strategy against brute force, on random programs over every primitive: no trace
//! missed, none repeated, no execution abandoned.

mod program;
mod reference;
mod subject;
mod trace;
mod verdict;

use proptest::prelude::*;

use lockproof_explore::Exact;
use verdict::{MOST_PREFIXES, Verdict, compare};

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 3_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_trace_is_explored_exactly_once(program in program::programs()) {
        let verdict = compare::<Exact>(&program, MOST_PREFIXES);
        prop_assert!(
            matches!(verdict, Verdict::Agreed { .. } | Verdict::TooLarge),
            "{verdict:#?}"
        );
    }
}
