//! The pages themselves: rows `Platform` and `Firmware Version`, the two configurations as text,
//! the reset form (domain.md 4). The words are ours.

use crate::{http::Reply, phone::Core, quirks::PageLayout};

/// Platform, version, address.
pub(super) fn system(core: &Core) -> Reply {
    let (model, version) = core.with(|memory| (memory.model, memory.version.clone()));
    let rows = [
        ("Platform", format!("{model} Revision 0")),
        ("MAC Address", core.config.mac.replace('-', ":")),
        ("IP Address", core.own_address().ip().to_string()),
        ("Firmware Version", version),
        ("Boot Version", "2.2.0.10".to_owned()),
    ];
    page("System Information", &named_values(core.config.quirks.page_layout(), &rows))
}

/// What somebody has typed at the phone or its pages.
pub(super) fn local(core: &Core) -> Reply {
    let lines = core.with(|memory| memory.local_lines());
    page("Local Configuration", &listing(core.config.quirks.page_layout(), &lines))
}

/// What a server has sent.
pub(super) fn server(core: &Core) -> Reply {
    let lines = core.with(|memory| memory.server_lines());
    page("Server Configuration", &listing(core.config.quirks.page_layout(), &lines))
}

/// The three resets.
pub(super) fn reset(_core: &Core) -> Reply {
    page(
        "Reset",
        "<form method=\"post\" action=\"reset.html\">\n\
         <input type=\"radio\" name=\"resetOption\" value=\"0\" checked> Restart Phone<br>\n\
         <input type=\"radio\" name=\"resetOption\" value=\"1\"> Restore to Factory Defaults<br>\n\
         <input type=\"radio\" name=\"resetOption\" value=\"2\"> Remove Local Configuration Settings<br>\n\
         <input type=\"submit\" value=\"OK\">\n</form>\n",
    )
}

/// The answer to a reset that restarts.
pub(super) fn restarting() -> Reply {
    page("Reset", "<p>Restarting the hardware...</p>\n")
}

/// The answer to a reset that does not.
pub(super) fn reset_complete() -> Reply {
    page("Reset", "<p>Done. Restart the phone for the change to take effect.</p>\n")
}

/// The answer to a POST out of nowhere (domain.md 1.4, quirk 2).
pub(super) fn visit_first() -> Reply {
    page("IP Phone", "<p>Please visit <a href=\"sysinfo.html\">sysinfo.html</a>.</p>\n")
}

/// Names and values of the system page.
fn named_values(layout: PageLayout, rows: &[(&str, String)]) -> String {
    let each = |row: fn(&str, &str) -> String| rows.iter().map(|(name, value)| row(name, value)).collect();
    let rows: String = each(match layout {
        PageLayout::Usual => {
            |name, value| format!("<tr>\n<td class=\"name\">{name}</td>\n<td>{value}</td>\n</tr>\n")
        }
        PageLayout::Terms => |name, value| format!("<dt>{name}</dt>\n<dd>{value}</dd>\n"),
        PageLayout::Lines => |name, value| format!("<b>{name}:</b> {value}<br>\n"),
        PageLayout::Nested => {
            |name, value| format!("<TR><TD><TABLE><TR><TD><B>{name}</B><TD>:<TD>{value}</TABLE>\n")
        }
    });
    match layout {
        PageLayout::Usual | PageLayout::Nested => format!("<table>\n{rows}</table>\n"),
        PageLayout::Terms => format!("<dl>\n{rows}</dl>\n"),
        PageLayout::Lines => rows,
    }
}

/// The lines of a configuration, `key: value`.
fn listing(layout: PageLayout, lines: &[String]) -> String {
    let each = |line: fn(&str, &str) -> String| {
        lines.iter().filter_map(|text| text.split_once(": ")).map(|(key, value)| line(key, value)).collect()
    };
    match layout {
        PageLayout::Usual => format!("<pre>\n{}</pre>\n", each(|key, value| format!("{key}: {value}\n"))),
        PageLayout::Terms => {
            format!("<dl>\n{}</dl>\n", each(|key, value| format!("<dt>{key}</dt><dd>{value}</dd>\n")))
        }
        PageLayout::Lines => each(|key, value| format!("{key}: {value}<br>\n")),
        PageLayout::Nested => {
            let rows = each(|key, value| format!("<TR><TD>{key}<TD><INPUT VALUE=\"{value}\">\n"));
            format!("<TABLE><TR><TD><TABLE>\n{rows}</TABLE></TABLE>\n")
        }
    }
}

fn page(title: &str, body: &str) -> Reply {
    Reply::page(&format!(
        "<html>\n<head><title>{title}</title></head>\n<body>\n<h1>{title}</h1>\n{body}</body>\n</html>\n"
    ))
}
