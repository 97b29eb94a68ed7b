//! Several cases of one test side by side: each mostly waits for its phone.

/// Checks each case in a thread of its own; one that panics fails the test.
pub fn each<C: Send>(cases: impl IntoIterator<Item = C>, check: impl Fn(C) + Sync) {
    let check = &check;
    std::thread::scope(|scope| {
        for case in cases {
            scope.spawn(move || check(case));
        }
    });
}
