//! Rooms form no cycle: a room is a child of a module, with all that is in it, and an arrow leads
//! from a room to each of its siblings in which it names a path.
//!
//! What a module's own file names or defines is no arrow of its rooms: parents know their children,
//! and children may use what stands in the files of their ancestors. A name that an ancestor
//! re-exports counts as a name in the room that it comes from.

use std::collections::{BTreeMap, BTreeSet};

use crate::mentions::Mention;
use crate::modules::{Files, ModulePath, Modules};
use crate::nothing_to_object;
use crate::sources::{crates, files};

/// From room to room, with one of the paths that make the arrow.
type Arrows = BTreeMap<(String, String), Mention>;

/// The graphs of a crate: the arrows between the children of each module, by that module.
#[derive(Debug)]
struct Rooms {
    count: usize,
    by_parent: BTreeMap<ModulePath, Arrows>,
}

impl Rooms {
    fn of(modules: &Modules) -> Self {
        let mut by_parent: BTreeMap<ModulePath, Arrows> = BTreeMap::new();
        for (from, module) in &modules.by_path {
            for mention in &module.mentions {
                for target in modules.targets(from, &mention.path) {
                    let common = from.iter().zip(&target).take_while(|(a, b)| a == b).count();
                    if let (Some(a), Some(b)) = (from.get(common), target.get(common)) {
                        let arrows = by_parent.entry(from[..common].to_vec()).or_default();
                        let arrow = (a.clone(), b.clone());
                        arrows.entry(arrow).or_insert_with(|| mention.clone());
                    }
                }
            }
        }
        Self { count: modules.by_path.len() - 1, by_parent }
    }

    /// The number of rooms, of arrows and of cycles.
    fn figures(&self) -> String {
        let arrows: usize = self.by_parent.values().map(BTreeMap::len).sum();
        let cycles: Vec<_> = self.by_parent.values().flat_map(tangles).collect();
        let sizes: Vec<_> = cycles.iter().map(|tangle| tangle.len().to_string()).collect();
        let sizes =
            if sizes.is_empty() { String::new() } else { format!(" of {}", sizes.join(", ")) };
        format!("{} rooms, {arrows} arrows, {} cycles{sizes}", self.count, cycles.len())
    }

    /// What stands against each set of rooms that can reach each other.
    fn objections(&self) -> Vec<String> {
        let mut objections = Vec::new();
        for (parent, arrows) in &self.by_parent {
            for tangle in tangles(arrows) {
                objections.push(describe(parent, arrows, &tangle));
            }
        }
        objections
    }
}

impl Modules {
    /// The modules that a path leads to, if it stays in the crate.
    pub(crate) fn targets(&self, from: &ModulePath, path: &[String]) -> Vec<ModulePath> {
        let mut targets = Vec::new();
        self.follow(from, from, path, 0, &mut targets);
        targets
    }

    /// Follows a path that stands in the module `here`, for the module `from`.
    fn follow(
        &self,
        from: &ModulePath,
        here: &ModulePath,
        path: &[String],
        depth: usize,
        targets: &mut Vec<ModulePath>,
    ) {
        let mut at = here.clone();
        for (index, segment) in path.iter().enumerate() {
            let Some(module) = self.by_path.get(&at) else { return };
            match segment.as_str() {
                "crate" => at.clear(),
                "super" => drop(at.pop()),
                "self" => {}
                name if module.children.contains(name) => at.push(name.to_owned()),
                name => {
                    // The names of siblings are their own: the arrow leads to the sibling.
                    let known = from.starts_with(&at).then(|| module.names.get(name)).flatten();
                    if let Some(meanings) = known.filter(|_| depth < 8) {
                        for meaning in meanings {
                            let whole = [meaning, &path[index + 1..]].concat();
                            self.follow(from, &at, &whole, depth + 1, targets);
                        }
                        return;
                    }
                    if index == 0 {
                        return;
                    }
                    break;
                }
            }
        }
        targets.push(at);
    }
}

/// The sets of rooms of which each can reach each other.
fn tangles(arrows: &Arrows) -> Vec<BTreeSet<String>> {
    let rooms: BTreeSet<_> = arrows.keys().flat_map(|(a, b)| [a.clone(), b.clone()]).collect();
    let reached: BTreeMap<_, _> =
        rooms.iter().map(|room| (room.clone(), reachable(arrows, room))).collect();
    let mut found: Vec<BTreeSet<String>> = Vec::new();
    for room in &rooms {
        let mutual = reached[room].iter().filter(|other| reached[*other].contains(room));
        let tangle: BTreeSet<_> = mutual.cloned().collect();
        if tangle.len() > 1 && !found.contains(&tangle) {
            found.push(tangle);
        }
    }
    found
}

/// The rooms that arrows lead to from `room`.
fn reachable(arrows: &Arrows, room: &str) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut open = vec![room.to_owned()];
    while let Some(from) = open.pop() {
        let next = arrows.keys().filter(|(a, _)| *a == from).map(|(_, b)| b.clone());
        open.extend(next.filter(|room| reached.insert(room.clone())));
    }
    reached
}

/// The rooms of a tangle, and each arrow between them with the place of one import.
fn describe(parent: &ModulePath, arrows: &Arrows, tangle: &BTreeSet<String>) -> String {
    let parent = ["crate".to_owned()].into_iter().chain(parent.iter().cloned());
    let parent = parent.collect::<Vec<_>>().join("::");
    let rooms = tangle.iter().cloned().collect::<Vec<_>>().join(", ");
    let head = format!("{parent}: {} rooms form a cycle: {rooms}", tangle.len());
    let inner =
        arrows.iter().filter(|((a, b), _)| a != b && tangle.contains(a) && tangle.contains(b));
    let lines = inner.map(|((a, b), Mention { path, file, line })| {
        format!("    {a} -> {b}: {file}:{line} names {}", path.join("::"))
    });
    [head].into_iter().chain(lines).collect::<Vec<_>>().join("\n")
}

#[test]
fn rooms_form_no_cycle() {
    let files = files();
    let mut objections = Vec::new();
    for krate in crates(&files) {
        let rooms = Rooms::of(&Modules::of(&files, &format!("crates/{krate}/src")));
        println!("{krate}: {}", rooms.figures());
        objections.extend(rooms.objections().into_iter().map(|text| format!("{krate}: {text}")));
    }
    nothing_to_object(&objections);
}

/// A crate of these files, each with its path below the crate's `src`.
fn rooms_of(sources: &[(&str, &str)]) -> Rooms {
    let file = |(path, text): &(&str, &str)| (format!("src/{path}"), (*text).to_owned());
    let files: Files = sources.iter().map(file).collect();
    Rooms::of(&Modules::of(&files, "src"))
}

#[test]
fn cycles_of_rooms_are_seen() {
    let lib = "mod a; mod b; pub use a::A; use b as alias;";
    for (ways, a, b) in [
        ("imports", "use crate::b::{self as c, B};", "use super::a;"),
        ("paths in code", "fn f() { vec![crate::b::g()]; }", "impl super::a::A {}"),
        ("a name that the parent re-exports", "use crate::b;", "use crate::{A as C};"),
        ("a name that the parent gives", "use crate::alias::B;", "use super::a::A;"),
        ("an inline module", "mod c { use super::super::b::B; }", "use crate::a::c;"),
        ("a name that is imported", "use super as up; fn f() { up::b::B }", "use crate::a;"),
        ("a file by attribute", "#[path = \"far.rs\"] mod near;", "use crate::a;"),
        ("one of two files", "#[cfg_attr(c, path = \"far.rs\")] mod near;", "use crate::a;"),
    ] {
        let far = ("far.rs", "use crate::b::B;");
        let rooms = rooms_of(&[("lib.rs", lib), ("a.rs", a), ("b.rs", b), far]);
        let objections = rooms.objections();
        assert_eq!(objections.len(), 1, "by {ways}: {rooms:?}");
        assert!(objections[0].contains("crate: 2 rooms form a cycle: a, b"), "{objections:?}");
        assert!(objections[0].contains("b -> a: src/b.rs:1 names"), "{objections:?}");
    }
}

#[test]
fn a_cycle_below_the_root_is_seen() {
    let rooms = rooms_of(&[
        ("main.rs", "mod top;"),
        ("top.rs", "mod a;\nmod b;\nmod c;"),
        ("top/a.rs", "use super::b::B;"),
        ("top/b.rs", "use crate::top::c::C;"),
        ("top/c.rs", "\nuse super::a::A;"),
    ]);
    let objections = rooms.objections();
    assert!(objections[0].contains("crate::top: 3 rooms form a cycle: a, b, c"), "{objections:?}");
    assert!(objections[0].contains("src/top/c.rs:2 names super::a::A"), "{objections:?}");
    assert_eq!(rooms.figures(), "4 rooms, 3 arrows, 1 cycles of 3", "they are counted");
}

#[test]
fn rooms_in_order_are_left_alone() {
    let rooms = rooms_of(&[
        ("lib.rs", "mod a; mod b; pub struct Own; pub use b::B; pub use a::A;"),
        ("a.rs", "mod c; mod d; use crate::{B, Own}; use std::b::X; use c::C; pub struct A;"),
        ("a/c.rs", "use super::A; use super::d::D; pub(in crate::a) struct C;"),
        ("b/mutant.rs", "use crate::A;"),
        ("a/d.rs", "#[cfg(test)] mod tests { use super::super::c::C; } fn f() { a.b::<C>() }"),
        (
            "b.rs",
            "use crate::Own; #[cfg(test)] use crate::A; #[test] fn t() { crate::a::f() }\n\
                  #[cfg_attr(test, path = \"b/mutant.rs\")] mod e;",
        ),
        ("b/e.rs", "use super::B;"),
    ]);
    nothing_to_object(&rooms.objections());
    assert_eq!(rooms.figures(), "5 rooms, 2 arrows, 0 cycles", "arrows are seen: {rooms:?}");
}
