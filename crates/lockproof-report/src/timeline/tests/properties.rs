//! What is true of the timeline of any execution on any screen, whatever its names are.

use lockproof_record::{
    ActionKind, LockChange, RecordedAction, RecordedDefect, RecordedDefectKind, RecordedEvent,
    RecordedFailure, RecordedLocation, RecordedMode, RecordedObject, RecordedTrace, one_line,
};
use proptest::collection::vec;
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

use super::render;
use crate::Appearance;

const THREADS: usize = 3;
const OBJECTS: usize = 2;

/// Unusual names: control characters, wide and invisible ones.
fn name() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        4 => any::<char>(),
        4 => proptest::char::range('a', 'z'),
        1 => proptest::sample::select(vec![
            '\u{1b}', '\n', '\r', '\t', '\u{7}', '\u{202e}', '\u{2066}', '\u{fe0f}', '\u{200d}', '漢',
            '👩', '\u{301}', ' ', '\u{9b}',
        ]),
    ];
    vec(character, 0..16).prop_map(String::from_iter)
}

fn location() -> impl Strategy<Value = RecordedLocation> {
    (name(), 0..1_000_u32).prop_map(|(file, line)| RecordedLocation { file, line, column: 1 })
}

fn kind() -> impl Strategy<Value = ActionKind> {
    proptest::sample::select(vec![
        ActionKind::Other,
        ActionKind::Lock,
        ActionKind::Unlock,
        ActionKind::Wait,
        ActionKind::WakeUp,
        ActionKind::Notify,
        ActionKind::Load,
        ActionKind::Store,
        ActionKind::Join,
        ActionKind::Exit,
        ActionKind::Park,
        ActionKind::Panic,
    ])
}

fn lock_change() -> impl Strategy<Value = LockChange> {
    let modes = vec![None, Some(RecordedMode::Exclusive), Some(RecordedMode::Shared)];
    let mode = || proptest::sample::select(modes.clone());
    (0..OBJECTS, mode(), mode()).prop_map(|(lock, before, after)| LockChange {
        lock,
        before,
        after,
    })
}

fn event() -> impl Strategy<Value = RecordedEvent> {
    let action = (
        kind(),
        proptest::option::of(0..OBJECTS),
        proptest::option::of(Just("0".to_owned())),
        proptest::option::of(Just("1".to_owned())),
        vec(lock_change(), 0..2),
        vec(0..THREADS, 0..2),
    );
    let action = action.prop_map(|(kind, object, read, written, locks, threads)| RecordedAction {
        kind,
        object,
        read,
        written,
        locks,
        threads,
        ..RecordedAction::default()
    });
    (0..THREADS, name(), proptest::option::of(name()), any::<bool>(), location(), action).prop_map(
        |(thread, operation, object, blocked, location, action)| RecordedEvent {
            thread,
            operation,
            object,
            blocked,
            stale: false,
            location,
            action,
            after: Vec::new(),
        },
    )
}

fn failure() -> impl Strategy<Value = RecordedFailure> {
    let defect = proptest::sample::select(vec![
        RecordedDefectKind::Panic,
        RecordedDefectKind::Deadlock,
        RecordedDefectKind::LostWakeUp,
        RecordedDefectKind::Parked,
    ]);
    let object = (name(), location()).prop_map(|(name, created)| RecordedObject {
        name,
        kind: "mutex".to_owned(),
        created,
    });
    (defect, vec(name(), THREADS), vec(object, OBJECTS), vec(event(), 1..24)).prop_map(
        |(kind, threads, objects, events)| RecordedFailure {
            defect: RecordedDefect {
                kind,
                sentence: kind.to_string(),
                message: String::new(),
                location: None,
                signature: kind.to_string(),
                blocked: vec![],
            },
            execution: 1,
            trace: RecordedTrace { threads, objects, events, gap: None },
            schedule: None,
            minimality: None,
            not_shortened: None,
            scenario: None,
        },
    )
}

/// Each case is a whole execution, so fewer of them than usual will do.
const CASES: u32 = 64;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn no_line_is_wider_than_asked(failure in failure(), width in 20..200_usize) {
        for line in render(&failure, Appearance { width, colour: false }).lines() {
            prop_assert!(line.width() <= width, "{} of {width}: {line:?}", line.width());
        }
    }

    #[test]
    fn no_control_character_gets_through(failure in failure(), width in 20..200_usize) {
        let text = render(&failure, Appearance { width, colour: false });
        for character in text.chars().filter(|character| *character != '\n') {
            prop_assert!(!character.is_control(), "{character:?} in {text:?}");
            prop_assert!(!('\u{202a}'..='\u{202e}').contains(&character), "{character:?}");
        }
    }

    #[test]
    fn every_event_is_a_row(failure in failure(), width in 20..200_usize) {
        let mut failure = failure;
        // No two alike, so that none is folded.
        for (line, event) in failure.trace.events.iter_mut().enumerate() {
            event.location.line = u32::try_from(line).expect("few events");
        }
        let text = render(&failure, Appearance { width, colour: false });
        let number = |line: &str| line.split_whitespace().next()?.parse::<usize>().ok();
        let is_row = |expected: usize| text.lines().any(|line| number(line) == Some(expected));
        for expected in 1..=failure.trace.events.len() {
            prop_assert!(is_row(expected), "event {expected} is there: {text}");
        }
    }

    #[test]
    fn the_sentence_is_safe_to_show(failure in failure()) {
        let diagnosis = crate::diagnosis::of(&failure);
        prop_assert_eq!(one_line(&diagnosis.sentence), diagnosis.sentence.clone());
        let last = failure.trace.events.len();
        prop_assert!(diagnosis.events.iter().all(|event| *event < last), "it speaks of events");
    }
}
