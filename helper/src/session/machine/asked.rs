//! What the phone asks our servers besides its firmware, at whatever stage: configurations, for
//! they tell who would lock it again (domain.md 4.1), and what it says about itself
//! (domain.md 5.1).

use shared::check::{CheckName, CheckResult};
use shared::form::Protocol;
use shared::model::Model;
use shared::protocol::ConfigurationRequest;

use super::Machine;
use crate::serve::{Agent, FileEvent};
use crate::session::event::{Offering, Update};

/// Different requests that are kept. A phone asks for five or six names by two protocols
/// (domain.md 4.1, `files`); more is a program that tries names.
const MOST_REQUESTS: usize = 32;
/// Characters of a name that are kept; the longest that is known has 16 (`00085D19E401.cfg`).
const LONGEST_NAME: usize = 120;

/// What was heard so far.
#[derive(Debug, Default)]
pub(super) struct Asked {
    configurations: Vec<ConfigurationRequest>,
    /// What the phone last said about itself.
    agent: Option<String>,
    /// Whether a server of ours stands where a phone asks for its configuration.
    quarantine: bool,
}

impl Asked {
    /// The configurations that the phone asked us for, in words; none when we could not have
    /// heard it.
    pub(super) fn words(&self) -> Option<String> {
        let names = |answered: bool| {
            let asked = self.configurations.iter().filter(|request| request.answered == answered);
            asked.map(|request| request.name.as_str()).collect::<Vec<_>>().join(", ")
        };
        match (names(true), names(false)) {
            (answered, unanswered) if answered.is_empty() && unanswered.is_empty() => {
                self.quarantine.then(|| "it asked this computer for no configuration".to_owned())
            }
            (answered, unanswered) if unanswered.is_empty() => Some(format!("it took {answered} from us")),
            (answered, unanswered) if answered.is_empty() => {
                Some(format!("it asked us for {unanswered} and got nothing"))
            }
            (answered, unanswered) => {
                Some(format!("it took {answered} from us, and asked for {unanswered}, which we do not have"))
            }
        }
    }

    /// Whether it took a configuration of ours, which sets no password.
    pub(super) fn took_ours(&self) -> bool {
        self.configurations.iter().any(|request| request.answered)
    }
}

impl Machine {
    pub(super) fn note_servers(&mut self, offerings: &[Offering]) {
        let mut up = offerings.iter().filter(|offering| offering.expected && offering.port.is_ok());
        self.asked.quarantine |= up.any(|offering| offering.protocol != Protocol::Ftp);
    }

    /// Hears what says nothing about the firmware.
    pub(super) fn note_request(&mut self, event: &FileEvent) {
        if self.is_over() {
            return;
        }
        match event {
            FileEvent::Configuration { protocol, name, answered } => {
                let visible = |character: char| if character.is_control() { '?' } else { character };
                let name = name.chars().map(visible).take(LONGEST_NAME).collect();
                let request = ConfigurationRequest { protocol: *protocol, name, answered: *answered };
                let known = &mut self.asked.configurations;
                if known.len() < MOST_REQUESTS && !known.contains(&request) {
                    known.push(request.clone());
                    self.tell(Update::Configuration(request));
                }
            }
            FileEvent::Introduced { agent } => self.introduced(agent),
            _ => {}
        }
    }

    /// The phone's own word about its model: better than a page's, and it comes with every
    /// request.
    fn introduced(&mut self, agent: &Agent) {
        if self.asked.agent.as_ref() == Some(&agent.text) {
            return;
        }
        self.asked.agent = Some(agent.text.clone());
        let Some(model) = agent.model.as_deref().and_then(Model::find) else { return };
        match self.expected {
            None => {
                self.expected = Some(model);
                self.named = Some(model);
                self.tell(Update::Model(model.name.to_owned()));
            }
            Some(expected) if expected != model => {
                let detail = format!(
                    "the phone says that it is a {}, the firmware is for the {}",
                    model.name, expected.name
                );
                self.check(CheckName::FirmwareFitsModel, CheckResult::Warn, detail);
            }
            Some(_) => {}
        }
    }
}
