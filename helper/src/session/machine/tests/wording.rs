//! What the machine asks for, in words.

use crate::session::event::Action;

pub(super) fn action(action: &Action) -> String {
    match action {
        Action::Inspect => "inspect".into(),
        Action::Look(after) => format!("look after {after:?}"),
        Action::Serve { protocols, .. } => {
            let names: Vec<&str> = protocols.iter().map(|protocol| protocol.name()).collect();
            format!("serve by {}", names.join(", "))
        }
        Action::Remember(way) => format!("remember {}", way.rung),
        Action::Submit { rung, .. } => format!("submit {}", rung.name),
        Action::LogIn(after) => format!("log in after {after:?}"),
        Action::ReadSettings => "read settings".into(),
        Action::Reset(option) => option.body().replace("resetOption=", "reset "),
        Action::Tell(update) => format!("tell {update:?}"),
    }
}
