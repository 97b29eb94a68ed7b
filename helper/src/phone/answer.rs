//! What answered at the address: a phone in Web Recovery, a phone in normal mode, or a
//! stranger (domain.md 5.2, 7.4).

use shared::form::{Certainty, ControlKind, Mapping, Method, Protocol, RecoveryForm, map, speaks_of_erasing};
use shared::model::Model;

use super::form_reader::{Fields, read_fields, visible_text};
use super::page::is_field;
pub use super::page::{FormOnPage, RecoveryPage};
use super::reply::Reply;
use super::resolve::Here;
use super::spoken::title;
use super::verdict::{is_busy, is_working};

/// The name of the maker's own web server in normal mode (domain.md 1.3).
const ARAGORN: &str = "aragorn";
/// The realm of the 480i, which names no maker (domain.md 1.3, NMAP).
const REALM_480I: &str = "Please enter User name and password";
/// The makers' names, which their normal pages say as well.
const MAKERS: [&str; 2] = ["aastra", "mitel"];
/// Words that a recovery page has and a router's login page has not.
const RECOVERY_WORDS: [&str; 10] = [
    "recovery",
    "recover mode",
    "firmware",
    "firmeware",
    "tftp",
    "wiederherstell",
    "récupération",
    "recuperación",
    "micrologiciel",
    "web recover",
];
/// Those of them that no page of normal mode says by the way.
const RECOVERY_ALONE: [&str; 6] =
    ["recovery", "recover mode", "web recover", "wiederherstell", "récupération", "recuperación"];
/// Words that a recovery page may have where it has none of those: enough to ask about its form,
/// not to send it.
const PERHAPS: [&str; 14] = [
    "boot",
    "download",
    "update",
    "upgrade",
    "rescue",
    "flash",
    "geladen",
    "aktualisier",
    "software",
    "logiciel",
    "télécharge",
    "mise à jour",
    "descarg",
    "actualiza",
];
/// How much of a stranger's page is worth telling, in characters.
const SEEN_CHARACTERS: usize = 160;

/// What answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A phone in Web Recovery, with its form.
    Recovery(Box<RecoveryPage>),
    /// A phone in Web Recovery that is downloading already.
    Busy,
    /// A phone that runs its normal software.
    Normal {
        /// Its own words: the realm of its login, or its title.
        name: String,
    },
    /// Something else.
    Stranger {
        /// What it said, as short as it can be told.
        seen: String,
    },
}

/// Says what a page is.
pub fn recognise(reply: &Reply, here: &Here) -> Answer {
    if reply.status == 401 {
        return recognise_login(reply);
    }
    let text = visible_text(&reply.body);
    let lower = text.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if is_another_makers(&reply.body, &lower) {
        return stranger(reply, &text);
    }
    let of_recovery = says(&RECOVERY_WORDS);
    let speaks = of_recovery || says(&MAKERS);
    let fields = read_fields(reply, here);
    let has_fields = fields.can_be_filled();
    if is_busy(&reply.body, has_fields) || (!has_fields && speaks && is_working(&reply.body)) {
        return Answer::Busy;
    }
    let loose = loose_form(&fields, here).filter(|form| {
        let fills = form.controls.iter().any(is_field);
        reply.status < 400 && ((fills && (of_recovery || says(&PERHAPS))) || says(&RECOVERY_ALONE))
    });
    let mut forms = understood(fields, of_recovery, speaks);
    let best = best_of(&forms).map(|at| forms.remove(at));
    let titled = titled_phone(&reply.body).filter(|_| !says(&RECOVERY_ALONE) && !lower.contains("tftp"));
    if let Some(FormOnPage { form, mut mapping }) = best {
        let (.., certainty, _) = understanding(&mapping, &form);
        if let Some(name) = titled.filter(|_| certainty.is_none()) {
            return Answer::Normal { name };
        }
        // A field for an image may be anybody's; a file's name and a server are a boot loader's.
        let by_name = offered(&mapping, &form).any(|protocol| protocol != Protocol::Upload);
        let certain = certainty >= Some(Certainty::Likely) && (by_name || says(&PERHAPS));
        if certain || speaks || (is_riddle(&form) && (text.is_empty() || says(&PERHAPS))) {
            let path = here.path.clone();
            forms.retain(|other| offered(&other.mapping, &other.form).next().is_some());
            doubt_equals(&form, &mut mapping, &forms);
            let page = RecoveryPage { form, mapping, others: forms, text, speaks, path };
            return Answer::Recovery(Box::new(page));
        }
    } else if let Some(name) = titled {
        return Answer::Normal { name };
    }
    if let Some(form) = loose {
        let (mapping, path) = (Mapping::default(), here.path.clone());
        return Answer::Recovery(Box::new(RecoveryPage {
            form,
            mapping,
            others: Vec::new(),
            text,
            speaks,
            path,
        }));
    }
    stranger(reply, &text)
}

fn stranger(reply: &Reply, text: &str) -> Answer {
    let words: String = text.chars().take(SEEN_CHARACTERS).collect();
    let status = if reply.status == 0 { String::new() } else { format!("HTTP {}: ", reply.status) };
    Answer::Stranger { seen: format!("{status}{words}") }
}

/// Whether a page calls itself another device's. Routers and printers take firmware as well, and a
/// phone's file would be the end of them. Only the title and the headings count, and only where
/// nothing speaks of these phones: a switch's name may stand on anybody's page.
fn is_another_makers(html: &str, text: &str) -> bool {
    const DEVICES: [&str; 26] = [
        "router",
        "netgear",
        "zyxel",
        "linksys",
        "d-link",
        "dlink",
        "tp-link",
        "asus",
        "fritz!",
        "speedport",
        "draytek",
        "mikrotik",
        "ubiquiti",
        "cisco",
        "juniper",
        "laserjet",
        "printer",
        "drucker",
        "imprimante",
        "impresora",
        "epson",
        "brother",
        "kyocera",
        "camera",
        "access point",
        "modem",
    ];
    let ours = MAKERS.iter().chain(&RECOVERY_ALONE).any(|word| text.contains(word));
    let own = title(html).unwrap_or_default().to_lowercase();
    !ours && DEVICES.iter().any(|device| own.contains(device))
}

/// What can be filled in and belongs to no form: it is asked about and never sent.
fn loose_form(fields: &Fields, here: &Here) -> Option<RecoveryForm> {
    let controls = fields.stray.clone();
    fields.forms.is_empty().then(|| RecoveryForm {
        action: here.path.clone(),
        controls,
        ..RecoveryForm::default()
    })
}

/// Every form with its mapping. On a page about firmware, the only field for a file is for it; on
/// one that does not say a word of it or of the phone, such a field is a router's as well.
fn understood(fields: Fields, of_recovery: bool, speaks: bool) -> Vec<FormOnPage> {
    let controls = fields.forms.iter().flat_map(|form| &form.controls).chain(&fields.stray);
    let one_file = controls.filter(|control| control.kind == ControlKind::File).count() == 1;
    let read = |form: RecoveryForm| {
        let mut mapping = map(&form);
        match (speaks, of_recovery && one_file) {
            (false, _) => mapping.doubt_upload(),
            (true, true) => mapping.trust_upload(),
            (true, false) => {}
        }
        FormOnPage { form, mapping }
    };
    fields.forms.into_iter().map(read).collect()
}

/// The form that is understood best; of equals the first.
fn best_of(forms: &[FormOnPage]) -> Option<usize> {
    let worth = |at: &usize| understanding(&forms[*at].mapping, &forms[*at].form);
    (0..forms.len()).rev().max_by_key(worth)
}

/// Of two forms that are as good for the same protocol, either may be for something else: that is
/// asked. The same form twice is one form.
fn doubt_equals(form: &RecoveryForm, mapping: &mut Mapping, others: &[FormOnPage]) {
    let names = |form: &RecoveryForm| -> Vec<String> {
        form.controls.iter().filter(|c| is_field(c)).map(|c| c.name.clone()).collect()
    };
    let doubtful: Vec<Protocol> = offered(mapping, form)
        .filter(|protocol| {
            others.iter().any(|other| {
                // A field for a file that nothing speaks of may be the one as well as another.
                let vague = *protocol == Protocol::Upload && !form.speaks_of_firmware();
                other.mapping.offers(&other.form, *protocol)
                    && (vague || other.mapping.certainty(*protocol) >= mapping.certainty(*protocol))
                    && other.form.speaks_of_firmware() >= form.speaks_of_firmware()
                    && (other.form.action != form.action || names(&other.form) != names(form))
            })
        })
        .collect();
    doubtful.into_iter().for_each(|protocol| mapping.doubt(protocol));
}

/// How good an answer is, where a page has several in its frames: how well its form is
/// understood.
pub(super) fn worth(answer: &Answer) -> (u8, Understanding) {
    let nothing = (None, false, None, 0);
    match answer {
        Answer::Busy => (4, nothing),
        Answer::Recovery(page) => (3, understanding(&page.mapping, &page.form)),
        Answer::Normal { .. } => (2, nothing),
        Answer::Stranger { .. } => (1, nothing),
    }
}

/// How well a form is understood: the certainty of its best protocol beyond doubt, whether it
/// speaks of firmware, the certainty of its best protocol at all, and how many of its fields have
/// a role.
pub(super) type Understanding = (Option<Certainty>, bool, Option<Certainty>, usize);

fn understanding(mapping: &Mapping, form: &RecoveryForm) -> Understanding {
    let certainty = offered(mapping, form).filter_map(|protocol| mapping.certainty(protocol)).max();
    (clear(mapping, form), form.speaks_of_firmware(), certainty, mapping.mapped.len())
}

/// The certainty of the best protocol that can be used without a question.
fn clear(mapping: &Mapping, form: &RecoveryForm) -> Option<Certainty> {
    let protocols = offered(mapping, form).filter(|protocol| !mapping.is_tied(*protocol));
    protocols
        .filter_map(|protocol| mapping.certainty(protocol))
        .max()
        .filter(|found| *found > Certainty::Guess)
}

fn offered(mapping: &Mapping, form: &RecoveryForm) -> impl Iterator<Item = Protocol> {
    Protocol::ALL.into_iter().filter(|protocol| mapping.offers(form, *protocol))
}

/// A page that asks whether it is meant: one form with nothing to fill in, and a button that says
/// yes. Sent as it came, with its button, it is the second half of a submission. A page that
/// speaks of erasing is none.
pub fn confirmation(reply: &Reply, here: &Here) -> Option<RecoveryPage> {
    const ASKS: [&str; 14] = [
        "are you sure",
        "confirm",
        "continue",
        "proceed",
        "sicher",
        "fortfahren",
        "bestätig",
        "wirklich",
        "continuer",
        "sûr",
        "seguro",
        "continuar",
        "confirmar",
        "desea",
    ];
    let text = visible_text(&reply.body);
    let lower = text.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let Fields { mut forms, .. } = read_fields(reply, here);
    let form = forms.pop().filter(|_| forms.is_empty() && reply.status < 400)?;
    let is_plain =
        !form.controls.iter().any(|control| control.kind == ControlKind::File || is_field(control));
    let is_ours = form.elsewhere.is_none() && !form.is_for_something_else();
    let yes = form.button(Protocol::Upload).is_some();
    (is_plain && is_ours && yes && says(&ASKS) && !speaks_of_erasing(&text)).then(|| RecoveryPage {
        form,
        mapping: Mapping::default(),
        others: Vec::new(),
        text,
        speaks: true,
        path: here.path.clone(),
    })
}

/// A form that changes something and is no login: what a boot loader's page looks like when it
/// says nothing at all.
fn is_riddle(form: &RecoveryForm) -> bool {
    form.method == Method::Post
        && form.controls.iter().any(|control| control.is_typed() || control.kind == ControlKind::File)
        && form.controls.iter().all(|control| control.kind != ControlKind::Password)
}

fn recognise_login(reply: &Reply) -> Answer {
    let realm = reply.header("www-authenticate").map(realm_of).unwrap_or_default();
    let aragorn = reply.header("server").is_some_and(|server| server.to_ascii_lowercase().contains(ARAGORN));
    let maker = ["aastra", "mitel"].iter().any(|maker| realm.to_ascii_lowercase().starts_with(maker));
    if maker || aragorn || realm == REALM_480I {
        Answer::Normal { name: realm }
    } else {
        Answer::Stranger { seen: format!("HTTP 401: a login for \"{realm}\"") }
    }
}

fn realm_of(header: &str) -> String {
    let start = header.to_ascii_lowercase().find("realm=").map(|at| at + "realm=".len());
    let realm = start.and_then(|start| header.get(start..)).unwrap_or("");
    let realm = match realm.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next().unwrap_or(""),
        None => realm.split(',').next().unwrap_or(""),
    };
    realm.trim().to_owned()
}

/// Some phones answer 200 with `<TITLE>Aastra 57i</TITLE>` (domain.md 1.3, NMAP).
fn titled_phone(html: &str) -> Option<String> {
    let title = title(html)?;
    let lower = title.to_lowercase();
    let is_phone = MAKERS.iter().any(|maker| lower.contains(maker)) && Model::in_text(&title).is_some();
    (is_phone && !RECOVERY_WORDS.iter().any(|word| lower.contains(word))).then_some(title)
}

#[cfg(test)]
mod tests;
