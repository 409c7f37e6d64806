//! Tables of outcomes: complete where the engine is, and wrong grades are told.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lockproof_check::{Engine, Grade, OutcomeTable, RecordedEngine, Scenario, outcomes};

use crate::stock::{StockCall, locked_stock, two_step_stock};

fn last_item() -> Scenario<StockCall> {
    Scenario::new([[StockCall::take()], [StockCall::take()]]).before([StockCall::put(1)])
}

fn is_exhaustive() -> bool {
    Engine::available().contains(&Engine::Explore)
}

#[test]
fn the_last_item_goes_to_either_thread_and_never_to_both() {
    locked_stock()
        .outcomes(last_item())
        .required(["true | false", "false | true"])
        .forbidden(["true | true", "false | false"])
        .are_as_graded();
}

#[test]
fn every_outcome_is_a_row_with_its_interleavings() {
    let table = locked_stock()
        .outcomes(last_item())
        .required(["true | false"])
        .interesting(["false | true"])
        .forbidden(["true | true"])
        .table();
    if !is_exhaustive() {
        return;
    }
    assert_eq!(
        outcomes::text(&table),
        "\
LockedStock in before: put(1); take() | take(), on explore

outcome       interleavings  grade
-------       -------------  -----
true | false              1  required
false | true              1  interesting
true | true               0  forbidden

every interleaving was explored
"
    );
}

#[test]
fn a_forbidden_outcome_is_shown_with_an_execution() {
    let forbidding =
        || two_step_stock().outcomes(last_item()).allowed(["true | false", "false | true"]);
    let payload = catch_unwind(AssertUnwindSafe(|| forbidding().are_as_graded()));
    if !is_exhaustive() {
        return;
    }
    let message = payload.expect_err("both threads get the last item");
    let message = message.downcast_ref::<String>().expect("the account is a text");
    for part in [
        "true | true is forbidden, but possible",
        "take() -> true",
        "unwanted outcome: true | true is forbidden",
        "thread 1",
    ] {
        assert!(message.contains(part), "the message says {part:?}: {message}");
    }
}

#[test]
fn a_required_outcome_that_is_impossible_is_told() {
    let table = locked_stock()
        .outcomes(last_item())
        .required(["true | true"])
        .otherwise(Grade::Allowed)
        .table();
    if is_exhaustive() {
        assert_eq!(table.objections, ["true | true is required, but impossible"]);
    }
}

#[test]
fn a_required_outcome_that_is_impossible_fails_though_nothing_is_refuted() {
    let requiring = locked_stock().outcomes(last_item()).required(["true | true"]);
    let requiring = requiring.otherwise(Grade::Allowed);
    let payload = catch_unwind(AssertUnwindSafe(|| requiring.are_as_graded()));
    if !is_exhaustive() {
        return;
    }
    let message = payload.expect_err("one of them gets it");
    let message = message.downcast_ref::<String>().expect("the account is a text");
    for part in [
        "LockedStock has no forbidden outcome in before: put(1); take() | take() (",
        "but true | true is required, but impossible",
        "true | true               0  required  wrong",
        "proved",
    ] {
        assert!(message.contains(part), "the message says {part:?}: {message}");
    }
}

#[test]
fn an_engine_that_was_left_out_counts_nothing() {
    let stock = || locked_stock().not_on(Engine::Explore, "this is about the others");
    let table = stock().outcomes(last_item()).otherwise(Grade::Allowed).table();
    assert_ne!(table.engine, RecordedEngine::Explore);
}

#[test]
fn a_table_is_read_as_it_was_written() {
    let table = locked_stock().outcomes(last_item()).required(["true | false"]).table();
    let text = serde_json::to_string(&table).expect("a table is plain data");
    assert_eq!(serde_json::from_str::<OutcomeTable>(&text).expect("it is one"), table);
    let strange = text.replace("\"engine\":\"", "\"engine\":\"x");
    let error =
        serde_json::from_str::<OutcomeTable>(&strange).expect_err("there is no such engine");
    assert!(error.to_string().contains("unknown variant `x"), "{error}");
}

#[test]
fn what_is_returned_after_the_threads_is_part_of_an_outcome() {
    locked_stock()
        .outcomes(last_item().after([StockCall::take()]))
        .allowed(["true | false; after: false", "false | true; after: false"])
        .are_as_graded();
}
