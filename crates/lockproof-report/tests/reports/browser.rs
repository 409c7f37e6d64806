//! The page in a browser: it opens from disk and complains of nothing, its steps change what it
//! shows, the keyboard is enough, it fits wide and narrow windows, light and dark, and hostile
//! names stay text.
//!
//! Where there is no Chromium each test says so and passes.

use lockproof_report::html;

use crate::chromium::{Browser, View};
use crate::hostile::{HOSTILE, hostile};
use crate::records::of_every_end;

const WIDE: u32 = 1280;
const NARROW: u32 = 400;
const LIGHT: View = View { width: WIDE, scheme: "light" };

/// The timeline of the deadlock, which is open from the beginning.
const BACK: &str = ".model[open] [data-go=back]";
const NOW: &str = ".model[open] [data-now]";
const THREADS: &str = ".model[open] [data-threads]";
const POSITION: &str = ".model[open] [data-position]";

/// A browser that shows the page of the small records, or `None` with a note.
fn browser(view: View) -> Option<Browser> {
    let Some(mut browser) = Browser::start() else {
        eprintln!("skipped: there is no Chromium here; on Debian, `apt-get install chromium`");
        return None;
    };
    browser.open(&html::of(&of_every_end()), view);
    Some(browser)
}

#[test]
fn the_page_fits_wide_and_narrow_windows_in_light_and_dark() {
    let Some(mut browser) = browser(LIGHT) else { return };
    let long = "a_name_without_any_place_to_break_it".repeat(9);
    let hostile = hostile(&[long.clone(), "wide ".repeat(99), long.clone(), long]);
    for page in [html::of(&of_every_end()), html::of(&hostile)] {
        let mut grounds = Vec::new();
        for width in [WIDE, NARROW] {
            for scheme in ["light", "dark"] {
                browser.open(&page, View { width, scheme });
                assert_eq!(browser.complaints(), [""; 0], "{width} {scheme}");
                browser
                    .evaluate("document.querySelectorAll('details').forEach(d => d.open = true)");
                let extent = browser.evaluate("document.documentElement.scrollWidth");
                assert_eq!(extent, width, "nothing sticks out in {scheme}");
                grounds.push(browser.evaluate("getComputedStyle(document.body).backgroundColor"));
            }
        }
        assert_ne!(grounds[0], grounds[1], "light is not dark");
        assert_eq!(grounds[..2], grounds[2..], "whatever the width");
    }
}

#[test]
fn stepping_changes_the_state_that_is_shown() {
    let Some(mut browser) = browser(LIGHT) else { return };
    assert_eq!(browser.text(POSITION), "5 of 5", "the end is shown first");
    assert!(browser.text(NOW).contains("main … waits for lock state"), "{}", browser.text(NOW));
    let threads = browser.text(THREADS);
    for line in [
        "main waits for lock state",
        "holds configuration since",
        "setter waits for lock configuration",
    ] {
        assert!(threads.contains(line), "at the end `{line}`: {threads}");
    }
    for _ in 0..3 {
        browser.click(BACK);
    }
    assert_eq!(browser.text(POSITION), "2 of 5");
    let threads = browser.text(THREADS);
    assert!(threads.contains("main can go on"), "nobody waits yet: {threads}");
    assert!(threads.contains("holds configuration"), "a lock is taken: {threads}");
    assert!(!threads.contains("holds state"), "and only one: {threads}");
    let current = "document.querySelector('.model[open] tr.current').dataset.step";
    assert_eq!(browser.evaluate(current), "2", "the row of this step stands out");
    browser.click(".model[open] tr[data-step=\"4\"]");
    assert_eq!(browser.text(POSITION), "4 of 5", "a row can be clicked");
    assert_eq!(browser.complaints(), [""; 0]);
}

#[test]
fn a_lock_is_highlighted_where_it_is_used_and_held() {
    let Some(mut browser) = browser(LIGHT) else { return };
    browser.click(".model[open] [data-locks] button");
    let lit = "[...document.querySelectorAll('.model[open] tr.lit')].map(row => row.dataset.step)";
    assert_eq!(browser.evaluate(lit), serde_json::json!(["2", "4"]), "what is done to it");
    let held = "document.querySelectorAll('.model[open] .lane.lit').length";
    assert_eq!(browser.evaluate(held), 4, "from where it is taken to the end");
    browser.click(".model[open] [data-locks] button");
    assert_eq!(browser.evaluate(held), 0, "and off again");
}

#[test]
fn the_keyboard_is_enough() {
    let Some(mut browser) = browser(LIGHT) else { return };
    let focused = "document.activeElement.className";
    browser.press("Tab");
    assert_eq!(browser.evaluate(focused), "skip", "first of all to the models");
    let outline = "getComputedStyle(document.activeElement).outlineStyle";
    assert_eq!(browser.evaluate(outline), "solid", "the focus can be seen");
    browser.evaluate(&format!("document.querySelector('{BACK}').focus()"));
    for (key, position) in
        [("ArrowLeft", "4 of 5"), ("Home", "0 of 5"), ("ArrowRight", "1 of 5"), ("End", "5 of 5")]
    {
        browser.press(key);
        assert_eq!(browser.text(POSITION), position, "after {key}");
    }
    assert_eq!(browser.evaluate(outline), "solid", "the focus can still be seen");
    browser.press("p");
    let play = "document.querySelector('.model[open] [data-go=play]').innerText";
    assert_eq!(browser.evaluate(play), "Pause", "it plays");
    browser.press("p");
    assert_eq!(browser.evaluate(play), "Play", "and stops");
}

#[test]
fn models_are_filtered_and_sorted() {
    let Some(mut browser) = browser(LIGHT) else { return };
    let shown = "[...document.querySelectorAll('.models tbody tr')].filter(row => !row.hidden)\
                 .map(row => row.cells[0].innerText.split(' ')[0]).join(' ')";
    let all = "LockedCounter UnlockedCounter Registry ForgetfulRegistry";
    assert_eq!(browser.evaluate(shown), all);
    browser.click("[data-end=unexpected]");
    assert_eq!(browser.evaluate(shown), "Registry ForgetfulRegistry", "by what they came to");
    browser.evaluate("document.querySelector('#find').value = 'forget'; document.querySelector('#find').dispatchEvent(new Event('input'))");
    assert_eq!(browser.evaluate(shown), "ForgetfulRegistry", "by a text");
    browser.click("#filters [data-end]");
    browser.evaluate("document.querySelector('#find').value = ''; document.querySelector('#find').dispatchEvent(new Event('input'))");
    browser.click(".models thead button");
    let sorted = "ForgetfulRegistry LockedCounter Registry UnlockedCounter";
    assert_eq!(browser.evaluate(shown), sorted, "by name");
}

#[test]
fn the_theme_can_be_chosen() {
    let Some(mut browser) = browser(LIGHT) else { return };
    let ground = "getComputedStyle(document.body).backgroundColor";
    let light = browser.evaluate(ground);
    browser.click("#theme");
    let dark = browser.evaluate(ground);
    assert_ne!(light, dark, "against the system's preference");
    assert_eq!(browser.text("#theme"), "Light theme", "and back");
    browser.click("#theme");
    assert_eq!(browser.evaluate(ground), light);
}

#[test]
fn hostile_names_stay_text() {
    let Some(mut browser) = browser(LIGHT) else { return };
    let ours = "[document.scripts.length, document.images.length, document.forms.length, \
                document.querySelectorAll('iframe, object, embed, link, base').length]";
    let harmless = ["text"; 4].map(str::to_owned);
    browser.open(&html::of(&hostile(&harmless)), LIGHT);
    let usual = browser.evaluate(ours);
    for text in HOSTILE.iter().filter(|text| !text.is_empty()) {
        browser.open(&html::of(&hostile(&[*text; 4].map(str::to_owned))), LIGHT);
        assert_eq!(browser.evaluate(ours), usual, "{text:?} makes no element");
        browser.click(BACK);
        assert_eq!(browser.evaluate(ours), usual, "{text:?} makes none when stepping either");
        assert_eq!(browser.complaints(), [""; 0], "{text:?} runs nothing");
    }
}

#[test]
fn without_scripts_the_timeline_is_there() {
    let Some(mut browser) = browser(LIGHT) else { return };
    browser.allow_scripts(false);
    browser.open(&html::of(&of_every_end()), LIGHT);
    let seen = |selector: &str| format!("document.querySelector('{selector}').checkVisibility()");
    assert_eq!(browser.evaluate(&seen(".model[open] .events")), true, "the events");
    assert_eq!(browser.evaluate(&seen(".model[open] [data-stepper]")), false, "no dead button");
    assert_eq!(browser.evaluate(&seen("#filters")), false, "no dead filter");
}

#[test]
fn a_page_that_complains_is_heard() {
    let Some(mut browser) = browser(LIGHT) else { return };
    browser.open("<!DOCTYPE html><script>throw new Error('a')</script>", LIGHT);
    assert_eq!(browser.complaints().len(), 1, "an exception");
    let policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'none'\">";
    browser.open(&format!("<!DOCTYPE html>{policy}<script>let a;</script>"), LIGHT);
    assert_eq!(browser.complaints().len(), 1, "a violated policy");
}
