//! What answered at the address: a phone in Web Recovery, a phone in normal mode, or a
//! stranger (domain.md 5.2, 7.4).

use shared::form::{Certainty, ControlKind, Mapping, Method, Protocol, RecoveryForm, map};
use shared::model::Model;

use super::form_reader::{read_forms, visible_text};
use super::reply::Reply;

/// The name of the maker's own web server in normal mode (domain.md 1.3).
const ARAGORN: &str = "aragorn";
/// The realm of the 480i, which names no maker (domain.md 1.3, NMAP).
const REALM_480I: &str = "Please enter User name and password";
/// Words that a recovery page has and a router's login page has not.
const RECOVERY_WORDS: [&str; 5] = ["recovery", "firmware", "aastra", "mitel", "tftp"];
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

/// The page of a phone in Web Recovery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveryPage {
    /// Its form: the one we understand best.
    pub form: RecoveryForm,
    /// What we understood of it.
    pub mapping: Mapping,
    /// The words on the page.
    pub text: String,
    /// Whether they are those of a recovery page. Without them, nothing is sent on a guess: it
    /// might be anybody's form.
    pub speaks: bool,
}

impl RecoveryPage {
    /// The protocols that the form offers, in our order.
    pub fn protocols(&self) -> Vec<Protocol> {
        Protocol::ALL.into_iter().filter(|protocol| self.mapping.offers(&self.form, *protocol)).collect()
    }

    /// The model that the page names, when it does.
    pub fn model(&self) -> Option<&'static Model> {
        Model::in_text(&self.text)
    }
}

/// Says what a page is.
pub fn recognise(reply: &Reply, page_path: &str) -> Answer {
    if reply.status == 401 {
        return recognise_login(reply);
    }
    let text = visible_text(&reply.body);
    let speaks = RECOVERY_WORDS.iter().any(|word| text.to_ascii_lowercase().contains(word));
    if is_downloading(&text) {
        return Answer::Busy;
    }
    let best = read_forms(&reply.body, page_path)
        .into_iter()
        .map(|form| (map(&form), form))
        .max_by_key(|(mapping, form)| understanding(mapping, form));
    if let Some((mapping, form)) = best {
        let certain = understanding(&mapping, &form).0 >= Some(Certainty::Likely);
        if certain || speaks || (text.is_empty() && is_riddle(&form)) {
            return Answer::Recovery(Box::new(RecoveryPage { form, mapping, text, speaks }));
        }
    } else if let Some(name) = titled_phone(&reply.body) {
        return Answer::Normal { name };
    }
    let words: String = text.chars().take(SEEN_CHARACTERS).collect();
    let status = if reply.status == 0 { String::new() } else { format!("HTTP {}: ", reply.status) };
    Answer::Stranger { seen: format!("{status}{words}") }
}

/// What the page says once it took the form (domain.md 1.1), loosely.
pub(super) fn is_downloading(text: &str) -> bool {
    let text = text.to_lowercase();
    text.contains("download") && text.contains("wait") && !text.contains("fail")
}

/// How well a form is understood: the certainty of its best protocol, then how many of its
/// fields have a role.
fn understanding(mapping: &Mapping, form: &RecoveryForm) -> (Option<Certainty>, usize) {
    let certainty = Protocol::ALL
        .into_iter()
        .filter(|protocol| mapping.offers(form, *protocol))
        .filter_map(|protocol| mapping.certainty(protocol))
        .max();
    (certainty, mapping.mapped.len())
}

/// A form that changes something and is no login: what a boot loader's page looks like when it
/// says nothing at all.
fn is_riddle(form: &RecoveryForm) -> bool {
    form.method == Method::Post
        && form.controls.iter().any(|control| control.is_typed())
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
    let lower = html.to_ascii_lowercase();
    let start = lower.find("<title>")? + "<title>".len();
    let end = start + lower.get(start..)?.find('<')?;
    let title = html.get(start..end)?.trim();
    let model = title.strip_prefix("Aastra ").or_else(|| title.strip_prefix("Mitel "))?;
    Model::find(model).map(|_| title.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(status: u16, headers: &[(&str, &str)], body: &str) -> Reply {
        let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        Reply { status, headers, body: body.into() }
    }

    #[test]
    fn a_form_with_the_known_fields_is_a_recovery_page() {
        let html = "<title>Web Recovery 6757i CT</title><form method=post action=/go>\
                    File <input name=file> Server <input name=tftp></form>";
        let Answer::Recovery(page) = recognise(&page(200, &[], html), "/") else { panic!() };
        assert_eq!(page.protocols(), [Protocol::Tftp]);
        assert_eq!(page.model().map(|model| model.name), Some("57i CT"));
    }

    #[test]
    fn the_best_understood_of_several_forms_is_taken() {
        let html = "Firmware <form action=/search><input name=q></form>\
                    <form action=/go><input name=file><input name=tftp></form>";
        let Answer::Recovery(page) = recognise(&page(200, &[], html), "/") else { panic!() };
        assert_eq!(page.form.action, "/go");
    }

    #[test]
    fn a_riddle_on_a_recovery_page_is_still_a_recovery_page() {
        let html = "<h1>Web Recovery</h1><form><input type=checkbox name=x></form>";
        let Answer::Recovery(page) = recognise(&page(200, &[], html), "/") else { panic!() };
        assert_eq!(page.protocols(), []);
    }

    #[test]
    fn a_phone_that_is_downloading_already_says_so() {
        let html = "<b>Firmware Downloading..Please Wait</b>";
        assert_eq!(recognise(&page(200, &[], html), "/"), Answer::Busy);
    }

    #[test]
    fn a_form_without_a_word_is_a_riddle_and_says_so() {
        let html = "<form method=post action=/x><input name=q><input name=w><input name=e></form>";
        let Answer::Recovery(page) = recognise(&page(200, &[], html), "/") else { panic!() };
        assert!(!page.speaks);
    }

    #[test]
    fn a_phone_in_normal_mode_is_known_by_its_login() {
        for (headers, name) in [
            (vec![("www-authenticate", "Basic realm=\"Aastra 6757i\"")], "Aastra 6757i"),
            (vec![("www-authenticate", "Basic realm=\"Mitel 6915\"")], "Mitel 6915"),
            (vec![("www-authenticate", "Basic realm=x"), ("server", "Aragorn")], "x"),
            (vec![("www-authenticate", "Basic realm=\"Please enter User name and password\"")], REALM_480I),
        ] {
            let answer = recognise(&page(401, &headers, ""), "/");
            assert_eq!(answer, Answer::Normal { name: name.into() });
        }
        let titled = recognise(&page(200, &[], "<HTML><TITLE>Aastra 57i</TITLE>"), "/");
        assert_eq!(titled, Answer::Normal { name: "Aastra 57i".into() });
    }

    #[test]
    fn routers_and_printers_are_strangers() {
        for reply in [
            page(401, &[("www-authenticate", "Basic realm=\"Router\"")], ""),
            page(200, &[], "<form method=post>Login <input name=user><input type=password name=pw></form>"),
            page(200, &[], "<form>Search <input name=q></form>"),
            page(200, &[], "<title>NAS</title><form method=post action=/s><input name=q></form>"),
            page(200, &[], "<title>Printer</title>Toner low"),
            page(0, &[], "220 ftp ready"),
            page(404, &[], ""),
        ] {
            let answer = recognise(&reply, "/");
            assert!(matches!(answer, Answer::Stranger { .. }), "{answer:?}");
        }
    }
}
