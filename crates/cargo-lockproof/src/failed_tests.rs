//! Names of failed tests, from the output of Rust's standard test harness.

/// The names of the failed tests; empty if the output has no list of them.
///
/// The list is the last of the sections that begin with `failures:`: a name in each line, set in
/// by four spaces, up to an empty line.
pub(crate) fn in_output(output: &str) -> Vec<&str> {
    let lines: Vec<_> = output.lines().collect();
    let Some(start) = lines.iter().rposition(|line| *line == "failures:") else {
        return Vec::new();
    };
    lines[start + 1..].iter().map_while(|line| line.strip_prefix("    ")).collect()
}

#[cfg(test)]
mod tests {
    use super::in_output;

    #[test]
    fn the_last_list_of_failures_counts() {
        let output = "\
running 2 tests
test counter::loses ... FAILED
test lists_failures ... FAILED

failures:

---- lists_failures stdout ----
failures:
    not_a_test

failures:
    counter::loses
    lists_failures

test result: FAILED. 0 passed; 2 failed
";
        assert_eq!(in_output(output), ["counter::loses", "lists_failures"]);
    }

    #[test]
    fn an_output_without_a_list_has_no_failed_tests() {
        assert_eq!(in_output("memory allocation failed\n"), [""; 0]);
    }
}
