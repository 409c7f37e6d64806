//! The code of a scenario, character by character.

use super::test;
use crate::scenario::Scenario;

/// A variant's `Debug` does not name its enum.
#[derive(Debug)]
enum Call {
    Put(#[expect(dead_code, reason = "shown")] u32),
    Take,
}

/// A struct's does.
#[derive(Debug)]
struct Add(#[expect(dead_code, reason = "shown")] u32);

#[test]
fn every_part_of_a_scenario_is_written() {
    let scenario = Scenario::new([vec![Call::Take, Call::Put(1)], vec![]])
        .before([Call::Put(2)])
        .after([Call::Take]);
    assert_eq!(
        test("LockedStock<u8>", "sequentially consistent", &scenario),
        "\
#[test]
fn locked_stock_u8_is_sequentially_consistent_in_this_scenario() {
    let scenario = Scenario::new([
        vec![Call::Take, Call::Put(1)],
        vec![],
    ])
    .before([Call::Put(2)])
    .after([Call::Take]);
    locked_stock_u8().scenario(scenario).is_proved();
}
"
    );
}

#[test]
fn a_struct_is_not_named_twice() {
    let code = test("Total", "linearizable", &Scenario::new([[Add(1)]]));
    assert!(code.contains("vec![Add(1)],"), "{code}");
}

#[test]
fn a_type_of_the_language_needs_no_name() {
    let code = test("Total", "linearizable", &Scenario::new([["get"]]));
    assert!(code.contains("vec![\"get\"],"), "{code}");
}
