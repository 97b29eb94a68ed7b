//! The parts that screens share, one a file.

mod actions;
mod facts;
mod header;
mod heading;
mod icon;
mod keep_plugged_in;
mod milestones;
mod notices;
mod phone;
mod phone_list;
mod progress;
mod report;
mod sent_form;
mod stage;
mod step_bar;
mod window_title;
mod wire;

pub(crate) use actions::Action;
pub(crate) use facts::{Fact, FactState};
pub(crate) use header::Header;
pub(crate) use heading::Heading;
pub(crate) use icon::{Icon, Shape};
pub(crate) use keep_plugged_in::KeepPluggedIn;
pub(crate) use milestones::Milestones;
pub(crate) use notices::Notices;
pub(crate) use phone::Phone;
pub(crate) use phone_list::PhoneList;
pub(crate) use progress::Progress;
pub(crate) use report::KeepReport;
pub(crate) use sent_form::SentForm;
pub(crate) use stage::Stage;
pub(crate) use step_bar::StepBar;
pub(crate) use window_title::WindowTitle;
pub(crate) use wire::Wire;
