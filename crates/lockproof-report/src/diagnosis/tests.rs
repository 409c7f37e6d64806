//! Each detector on a story that it must see through, and on stories that only look like it.

mod story;

use story::{A, B, MAIN, NOTHING_FOUND, Story};

#[test]
fn an_overwritten_increment_is_seen() {
    let story = Story::new().load(MAIN, "x", 0).load(A, "x", 0).store(A, "x", 1);
    assert_eq!(
        story.store(MAIN, "x", 1).of_a_panic(),
        "main overwrote the increment of A in x: both read 0 at a.rs:1 and a.rs:2"
    );
}

#[test]
fn an_update_that_is_no_increment_is_not_called_one() {
    let story = Story::new().load(MAIN, "x", 0).load(A, "x", 0).store(A, "x", 5);
    assert_eq!(
        story.store(MAIN, "x", 1).of_a_panic(),
        "main overwrote the update of A in x: both read 0 at a.rs:1 and a.rs:2"
    );
}

#[test]
fn an_overwritten_read_modify_write_is_seen() {
    let story = Story::new().load(MAIN, "x", 0).fetch_add(A, "x", 0).store(MAIN, "x", 1);
    assert_eq!(
        story.of_a_panic(),
        "main overwrote the fetch_add of A in x: it had read 0 at a.rs:1, before A wrote 1 at a.rs:2"
    );
}

#[test]
fn increments_one_after_the_other_are_not_lost() {
    let story = Story::new().load(A, "x", 0).store(A, "x", 1).load(MAIN, "x", 1);
    assert_eq!(story.store(MAIN, "x", 2).of_a_panic(), NOTHING_FOUND);
}

#[test]
fn read_modify_writes_lose_nothing() {
    let story = Story::new().fetch_add(A, "x", 0).fetch_add(MAIN, "x", 1);
    assert_eq!(story.of_a_panic(), NOTHING_FOUND);
}

#[test]
fn a_store_after_the_others_end_overwrites_on_purpose() {
    let story = Story::new().load(MAIN, "x", 0).spawn(A).store(A, "x", 1).join(A);
    assert_eq!(story.store(MAIN, "x", 7).of_a_panic(), NOTHING_FOUND, "it is ordered by the join");
}

#[test]
fn a_store_without_a_read_before_it_updates_nothing() {
    let story = Story::new().store(A, "x", 1).store(MAIN, "x", 2);
    assert_eq!(story.of_a_panic(), NOTHING_FOUND);
}

#[test]
fn a_read_and_a_write_under_two_acquisitions_are_seen() {
    let story = Story::new().reads(MAIN, "l").writes(A, "l").writes(MAIN, "l");
    assert_eq!(
        story.of_a_panic(),
        "main took l to read at a.rs:1 and again to write at a.rs:5: in between A took it to write \
         at a.rs:3, and what main had read was out of date"
    );
}

#[test]
fn one_acquisition_for_both_is_right() {
    let story = Story::new().writes(MAIN, "l").writes(A, "l");
    assert_eq!(story.of_a_panic(), NOTHING_FOUND);
}

#[test]
fn nobody_in_between_two_acquisitions_is_harmless() {
    let story = Story::new().writes(A, "l").reads(MAIN, "l").writes(MAIN, "l");
    assert_eq!(story.of_a_panic(), NOTHING_FOUND);
}

#[test]
fn a_reader_in_between_makes_nothing_out_of_date() {
    let story = Story::new().reads(MAIN, "l").reads(A, "l").writes(MAIN, "l");
    assert_eq!(story.of_a_panic(), NOTHING_FOUND);
}

#[test]
fn what_a_joined_thread_did_was_meant_to_come_in_between() {
    let story = Story::new().reads(MAIN, "l").spawn(A).writes(A, "l").join(A).writes(MAIN, "l");
    assert_eq!(story.of_a_panic(), NOTHING_FOUND);
}

#[test]
fn a_guard_that_does_not_tell_is_not_accused() {
    let unknown = |story: Story, thread| story.lock(thread, "l").unlock(thread, "l", None);
    let story = unknown(unknown(unknown(Story::new(), MAIN), A), MAIN);
    assert_eq!(story.of_a_panic(), NOTHING_FOUND);
}

#[test]
fn a_reader_between_two_writes_is_seen() {
    let story = Story::new().writes(A, "l").reads(MAIN, "l").writes(A, "l");
    assert_eq!(
        story.of_a_panic(),
        "main took l to read at a.rs:3, between two acquisitions in which A took it to write, at \
         a.rs:1 and at a.rs:5"
    );
}

#[test]
fn writers_that_mix_are_seen() {
    let story = Story::new().writes(MAIN, "l").writes(A, "l").writes(MAIN, "l");
    assert_eq!(
        story.of_a_panic(),
        "main took l to write at a.rs:1 and again at a.rs:5: in between A took it to write, too, \
         at a.rs:3"
    );
}

#[test]
fn a_half_of_two_changes_is_seen() {
    let story = Story::new().reads(MAIN, "l").writes(A, "l").writes(A, "m").reads(MAIN, "m");
    assert_eq!(
        story.of_a_panic(),
        "main read l at a.rs:1 before, and m at a.rs:7 after A took both to write at a.rs:3 and \
         a.rs:5"
    );
}

#[test]
fn the_other_half_is_seen_too() {
    let story = Story::new().store(A, "x", 1).load(MAIN, "x", 1).load(MAIN, "y", 0);
    assert_eq!(
        story.store(A, "y", 1).of_a_panic(),
        "main read y at a.rs:3 before, and x at a.rs:2 after A wrote both at a.rs:4 and a.rs:1"
    );
}

#[test]
fn two_changes_of_two_threads_are_no_half() {
    let story = Story::new().load(MAIN, "x", 0).store(A, "x", 1).store(B, "y", 1);
    assert_eq!(story.load(MAIN, "y", 1).of_a_panic(), NOTHING_FOUND);
}

#[test]
fn both_reads_before_both_changes_are_whole() {
    let story = Story::new().load(MAIN, "x", 0).load(MAIN, "y", 0).load(MAIN, "x", 0);
    assert_eq!(
        story.store(A, "x", 1).store(A, "y", 1).load(A, "y", 1).told("panic"),
        NOTHING_FOUND
    );
}

#[test]
fn a_spurious_wake_up_that_is_taken_for_more_is_seen() {
    let story = Story::new().lock(A, "l").wait(A).wake_up(A, "spuriously");
    assert_eq!(
        story.unlock(A, "l", Some(true)).of_a_panic(),
        "A woke up from c at a.rs:3 spuriously, and went on without waiting again"
    );
}

#[test]
fn a_wait_in_a_loop_stands_a_spurious_wake_up() {
    let story = Story::new().lock(A, "l").wait(A).wake_up(A, "spuriously").wait(A);
    let story = story.notify(MAIN, &[A]).wake_up(A, "notified").unlock(A, "l", Some(true));
    assert_eq!(story.of_a_panic(), NOTHING_FOUND);
}

#[test]
fn a_read_that_is_out_of_date_is_seen() {
    let story = Story::new().load(MAIN, "x", 0).store(A, "x", 1);
    assert_eq!(
        story.of_a_panic(),
        "when main failed, what it had read was out of date: it read 0 from x at a.rs:1, and A \
         wrote 1 at a.rs:2 after that"
    );
}

#[test]
fn a_read_that_still_holds_is_not_out_of_date() {
    let story = Story::new().store(A, "x", 1).load(MAIN, "x", 1);
    assert_eq!(story.of_a_panic(), NOTHING_FOUND);
    let story = Story::new().load(MAIN, "x", 1).store(A, "x", 1);
    assert_eq!(story.of_a_panic(), NOTHING_FOUND, "the same value was stored");
}

#[test]
fn a_load_that_misses_a_store_is_seen() {
    let story = Story::new().store(A, "x", 1).stale_load(MAIN, "x", 0);
    assert_eq!(
        story.of_a_panic(),
        "main read 0 from x at a.rs:2, although A had written 1 at a.rs:1: weak memory lets a load \
         miss a store that nothing orders before it"
    );
}

#[test]
fn what_a_stale_load_saw_is_no_half_and_no_base_of_an_update() {
    let story = Story::new().load(MAIN, "x", 0).store(A, "x", 1).store(A, "y", 1);
    let sentence = story.stale_load(MAIN, "y", 0).of_a_panic();
    assert!(sentence.starts_with("main read 0 from y"), "it is weak memory: {sentence}");
    let story = Story::new().stale_load(A, "x", 0).store(MAIN, "x", 1).store(A, "x", 1);
    assert_eq!(story.of_a_panic(), NOTHING_FOUND);
}

#[test]
fn a_cycle_is_named_in_order() {
    let story = Story::new()
        .lock(MAIN, "l")
        .lock(A, "m")
        .stands(MAIN, ("lock", Some("m")), &[A], &[("l", 1)])
        .stands(A, ("lock", Some("l")), &[MAIN], &[("m", 2)]);
    assert_eq!(
        story.told("deadlock"),
        "deadlock: main holds l and waits for m, A holds m and waits for l"
    );
}

#[test]
fn a_thread_that_waits_for_itself_is_a_cycle() {
    let story =
        Story::new().lock(MAIN, "l").stands(MAIN, ("lock", Some("l")), &[MAIN], &[("l", 1)]);
    assert_eq!(
        story.told("deadlock"),
        "deadlock: main waits at a.rs:2 for l, which it holds already since a.rs:1"
    );
}

#[test]
fn who_only_waits_for_the_cycle_is_no_part_of_it() {
    let story = Story::new()
        .lock(A, "l")
        .lock(B, "m")
        .stands(A, ("lock", Some("m")), &[B], &[("l", 1)])
        .stands(B, ("lock", Some("l")), &[A], &[("m", 2)])
        .stands(MAIN, ("join", None), &[A], &[]);
    assert_eq!(
        story.told("deadlock"),
        "deadlock: A holds l and waits for m, B holds m and waits for l"
    );
}

#[test]
fn a_holder_that_has_ended_is_named() {
    let story = Story::new().lock(A, "l").exit(A).stands(MAIN, ("lock", Some("l")), &[A], &[]);
    assert_eq!(
        story.told("deadlock"),
        "deadlock: main waits at a.rs:3 for l, which A has held since before it ended"
    );
}

#[test]
fn a_notification_before_the_wait_is_lost() {
    let story = Story::new().notify(MAIN, &[]).lock(A, "l").wait(A);
    assert_eq!(
        story.stands(A, ("wait", Some("c")), &[], &[]).told("lost wake-up"),
        "lost wake-up: main notified c at a.rs:1 before A began to wait at a.rs:4, and nobody \
         notifies it after that"
    );
}

#[test]
fn a_notification_that_went_to_another_thread_is_lost() {
    let story = Story::new().lock(A, "l").wait(A).lock(B, "l").wait(B).notify(MAIN, &[B]);
    let story = story.wake_up(B, "notified");
    assert_eq!(
        story.stands(A, ("wait", Some("c")), &[], &[]).told("lost wake-up"),
        "lost wake-up: main notified c at a.rs:5, which woke B and not A, waiting at a.rs:7"
    );
}

#[test]
fn a_notification_that_was_answered_is_not_called_lost() {
    let story = Story::new().lock(A, "l").wait(A).notify(MAIN, &[A]).wake_up(A, "notified").wait(A);
    assert_eq!(
        story.stands(A, ("wait", Some("c")), &[], &[]).told("lost wake-up"),
        "lost wake-up: nobody notifies c after A began to wait at a.rs:6"
    );
}

#[test]
fn a_spurious_wake_up_does_not_begin_the_wait_anew() {
    let story = Story::new().lock(A, "l").wait(A).wake_up(A, "spuriously").wait(A);
    assert_eq!(
        story.stands(A, ("wait", Some("c")), &[], &[]).told("lost wake-up"),
        "lost wake-up: nobody notifies c after A began to wait at a.rs:5"
    );
}

#[test]
fn a_token_that_was_used_up_is_named() {
    let story = Story::new().unpark(MAIN, A).park(A).stands(A, ("park", None), &[], &[]);
    assert_eq!(
        story.told("parked for ever"),
        "parked for ever: main unparked A at a.rs:1, which an earlier park used up; A parks again \
         at a.rs:3"
    );
    let story = Story::new().unpark(MAIN, B).stands(A, ("park", None), &[], &[]);
    assert_eq!(
        story.told("parked for ever"),
        "parked for ever: nobody unparks A, which parks at a.rs:2"
    );
}

#[test]
fn the_middle_that_a_record_left_out_is_not_made_up() {
    let story = Story::new().load(MAIN, "x", 0).load(A, "x", 0).store(A, "x", 1);
    let mut failure = story.store(MAIN, "x", 1).failure("panic");
    let gap = serde_json::json!({"before": 2, "events": 9, "state": {}});
    failure.trace.gap = Some(serde_json::from_value(gap).expect("a gap is well-formed"));
    assert_eq!(crate::diagnosis::of(&failure).sentence, NOTHING_FOUND);
}
