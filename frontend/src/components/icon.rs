//! Small signs beside words. They never stand alone, so screen readers skip them.

use leptos::prelude::*;

/// Which sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Done, good.
    Tick,
    /// Failed.
    Cross,
    /// Unusual.
    Bang,
    /// Not known.
    Question,
    /// Still to come.
    Circle,
    /// Going on.
    Spinner,
    /// The power plug.
    Plug,
    /// A file.
    File,
}

/// A sign of 24 by 24, in the colour of the text around it.
#[component]
pub(crate) fn Icon(
    /// Which.
    shape: Shape,
) -> impl IntoView {
    let (class, path) = match shape {
        Shape::Tick => ("icon", "M5 12.5l4.5 4.5L19 7.5"),
        Shape::Cross => ("icon", "M7 7l10 10M17 7L7 17"),
        Shape::Bang => ("icon", "M12 6v7M12 17.5v.1"),
        Shape::Question => ("icon", "M9 9a3 3 0 1 1 4.2 2.8c-.8.4-1.2 1-1.2 2M12 17.5v.1"),
        Shape::Circle => ("icon", "M12 7.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9"),
        Shape::Spinner => ("icon spinner", "M12 4a8 8 0 1 1-8 8"),
        Shape::Plug => ("icon", "M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4"),
        Shape::File => ("icon", "M7 3h7l4 4v14H7zM14 3v4h4"),
    };
    view! {
        <svg class=class viewBox="0 0 24 24" aria-hidden="true">
            <path d=path/>
        </svg>
    }
}
