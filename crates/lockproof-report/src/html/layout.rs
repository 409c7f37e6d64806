//! Layout of a drawn lock order: in layers, so that what is acquired later stands lower, and edges
//! that close a cycle run back up at the side.
//!
//! Deterministic: the same locks and edges in the same order give the same drawing. Layers are by
//! the longest way from the top, leaving out the edges that close a cycle (Sugiyama, Tagawa, Toda,
//! "Methods for Visual Understanding of Hierarchical System Structures", 1981).

/// The height of a node.
pub(super) const HEIGHT: usize = 36;
/// The width that a character of a name takes.
const CHARACTER: usize = 8;
/// Beside the name.
const PADDING: usize = 14;
/// Between nodes of a layer.
const BETWEEN_NODES: usize = 48;
/// Between layers.
const BETWEEN_LAYERS: usize = 72;
/// Around everything; edges that run back up need it.
const MARGIN: usize = 56;

/// A drawing: a box for each node, a path for each edge, in the order in which they were given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Drawing {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) nodes: Vec<LockBox>,
    pub(super) edges: Vec<Arrow>,
}

/// A box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LockBox {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) width: usize,
}

/// A curve from one box to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Arrow {
    /// In the language of SVG paths.
    pub(super) path: String,
    /// The place of its number.
    pub(super) label: (usize, usize),
}

impl Drawing {
    /// Draws nodes with names of these lengths and edges between them, by index.
    pub(super) fn new(names: &[usize], edges: &[(usize, usize)]) -> Self {
        let layers = layers(names.len(), edges);
        let widths: Vec<_> = names.iter().map(|name| name * CHARACTER + 2 * PADDING).collect();
        let (nodes, width) = place(&layers, &widths);
        let deepest = layers.iter().max().map_or(0, |layer| layer + 1);
        let height = 2 * MARGIN / 2 + deepest * HEIGHT + deepest.saturating_sub(1) * BETWEEN_LAYERS;
        let edges = edges.iter().map(|(from, to)| edge(nodes[*from], nodes[*to])).collect();
        Self { width, height, nodes, edges }
    }
}

/// The layer of each node, from the top.
fn layers(count: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let down = without_circles(count, edges);
    let mut layers = vec![0; count];
    // Without cycles the longest way has fewer edges than there are nodes.
    for _ in 0..count {
        for (from, to) in &down {
            layers[*to] = layers[*to].max(layers[*from] + 1);
        }
    }
    layers
}

/// The edges without those that lead back to a node on the way to them, depth first.
fn without_circles(count: usize, edges: &[(usize, usize)]) -> Vec<(usize, usize)> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        OnTheWay,
        Done,
    }
    let mut marks = vec![Mark::New; count];
    let mut kept = Vec::new();
    for root in 0..count {
        let mut way = vec![(root, 0)];
        if marks[root] != Mark::New {
            continue;
        }
        marks[root] = Mark::OnTheWay;
        while let Some((node, next)) = way.pop() {
            let mut outgoing = edges.iter().filter(|(from, _)| *from == node).skip(next);
            let Some((_, to)) = outgoing.next() else {
                marks[node] = Mark::Done;
                continue;
            };
            way.push((node, next + 1));
            if marks[*to] != Mark::OnTheWay {
                kept.push((node, *to));
            }
            if marks[*to] == Mark::New {
                marks[*to] = Mark::OnTheWay;
                way.push((*to, 0));
            }
        }
    }
    kept
}

/// The boxes, each layer in the middle, and the width of it all.
fn place(layers: &[usize], widths: &[usize]) -> (Vec<LockBox>, usize) {
    let of_layer = |layer| layers.iter().enumerate().filter(move |(_, found)| **found == layer);
    let extent = |layer| {
        let nodes = of_layer(layer).map(|(node, _)| widths[node] + BETWEEN_NODES);
        nodes.sum::<usize>().saturating_sub(BETWEEN_NODES)
    };
    let deepest = layers.iter().max().map_or(0, |layer| layer + 1);
    let width = (0..deepest).map(extent).max().unwrap_or(0) + 2 * MARGIN;
    let mut nodes = vec![LockBox { x: 0, y: 0, width: 0 }; layers.len()];
    for layer in 0..deepest {
        let mut x = (width - extent(layer)) / 2;
        let y = MARGIN / 2 + layer * (HEIGHT + BETWEEN_LAYERS);
        for (node, _) in of_layer(layer) {
            nodes[node] = LockBox { x, y, width: widths[node] };
            x += widths[node] + BETWEEN_NODES;
        }
    }
    (nodes, width)
}

/// Down from the bottom to the top of a box; back up, and from a box to itself, at the right.
fn edge(from: LockBox, to: LockBox) -> Arrow {
    if to.y > from.y {
        let (x1, y1) = (from.x + from.width / 2, from.y + HEIGHT);
        let (x2, y2) = (to.x + to.width / 2, to.y);
        let bend = (y2 - y1) / 2;
        let path = format!("M{x1} {y1}C{x1} {} {x2} {} {x2} {y2}", y1 + bend, y2 - bend);
        return Arrow { path, label: (usize::midpoint(x1, x2), usize::midpoint(y1, y2)) };
    }
    let (x1, y1) = (from.x + from.width, from.y + HEIGHT / 2 + 6);
    let (x2, y2) = (to.x + to.width, to.y + HEIGHT / 2 - 6);
    let out = x1.max(x2) + MARGIN - 12;
    let path = format!("M{x1} {y1}C{out} {y1} {out} {y2} {x2} {y2}");
    // The middle of a curve with both handles at the same side.
    let label = ((x1 + x2 + 6 * out) / 8, usize::midpoint(y1, y2));
    Arrow { path, label }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_later_stands_lower() {
        let drawing = Drawing::new(&[3, 3, 3], &[(2, 0), (0, 1), (2, 1)]);
        let y = |node: usize| drawing.nodes[node].y;
        assert!(y(2) < y(0) && y(0) < y(1), "by the longest way: {drawing:?}");
    }

    #[test]
    fn a_circle_runs_back_at_the_side() {
        let drawing = Drawing::new(&[3, 3], &[(0, 1), (1, 0)]);
        assert!(drawing.nodes[0].y < drawing.nodes[1].y, "the first edge goes down: {drawing:?}");
        let right = drawing.nodes[1].x + drawing.nodes[1].width;
        assert!(drawing.edges[1].label.0 > right, "the second goes round: {drawing:?}");
        assert!(drawing.edges[1].label.0 < drawing.width, "and stays on paper: {drawing:?}");
    }

    #[test]
    fn boxes_never_overlap() {
        let drawing = Drawing::new(&[9, 30, 1, 4], &[(0, 1), (0, 2), (0, 3), (3, 3)]);
        for (index, one) in drawing.nodes.iter().enumerate() {
            for other in &drawing.nodes[index + 1..] {
                let apart = one.y != other.y
                    || one.x + one.width < other.x
                    || other.x + other.width < one.x;
                assert!(apart, "{one:?} and {other:?} overlap");
            }
        }
    }

    #[test]
    fn nothing_gives_an_empty_drawing() {
        assert_eq!(Drawing::new(&[], &[]).nodes, []);
    }
}
