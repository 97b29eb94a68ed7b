//! The controls of a form, one by one, as the reader comes to them: every kind of input, and the
//! links that are buttons in truth (hypothesis H6, domain.md 1.6).

use shared::form::{Choice, Control, ControlKind};

use super::form_reader::{Into, Kept, NO_VALUE, Reader};
use super::labels::Item;
use super::soup::{Element, fold};

impl Reader {
    pub(super) fn input(&mut self, input: &Element) {
        let kind = match input.text("type").to_ascii_lowercase().as_str() {
            "password" => ControlKind::Password,
            "hidden" => ControlKind::Hidden,
            "radio" => ControlKind::Radio,
            "checkbox" => ControlKind::Checkbox,
            "file" => ControlKind::File,
            "submit" => ControlKind::Submit,
            "image" => ControlKind::Image,
            "button" => ControlKind::Button,
            "reset" => ControlKind::Reset,
            _ => ControlKind::Text,
        };
        // A box that is ticked says "on" when it says nothing (HTML 4.01, 17.4.1).
        let default = if matches!(kind, ControlKind::Radio | ControlKind::Checkbox) { "on" } else { "" };
        let value = input.get("value").unwrap_or(default).to_owned();
        if kind == ControlKind::Radio {
            self.radio(input, value)
        } else {
            self.control(input, kind, &value, None)
        }
    }

    pub(super) fn button(&mut self, button: &Element) {
        let kind = match button.text("type").to_ascii_lowercase().as_str() {
            "button" => ControlKind::Button,
            "reset" => ControlKind::Reset,
            _ => ControlKind::Submit,
        };
        self.control(button, kind, button.get("value").unwrap_or(""), None);
        self.into = Into::Button;
    }

    /// A link that runs a script may be a button; what it does is known when all of the page was
    /// read. Its words are words of the page as well: they may be the label of a field.
    pub(super) fn link(&mut self, link: &Element) {
        self.open_link = None;
        if !is_script_link(link) {
            return;
        }
        let form = self.open;
        let control = Control { id: link.text("id").to_owned(), ..Control::new(ControlKind::Button, "") };
        let controls = self.controls(form);
        controls.push(control);
        let at = controls.len() - 1;
        self.handlers.push((form, at, format!("{};{}", link.text("onclick"), link.text("href"))));
        self.links.push((form, at));
        self.open_link = Some((form, at));
    }

    /// Radio buttons of one name are one control.
    fn radio(&mut self, input: &Element, value: String) {
        let name = input.get("name").unwrap_or("");
        let choice = Choice { value, label: String::new(), selected: input.has("checked") };
        let form = self.owner(input);
        let controls = self.controls(form);
        let known =
            controls.iter().position(|c| c.kind == ControlKind::Radio && c.name == name && !name.is_empty());
        match known {
            Some(known) if !input.has("disabled") => {
                let choices = &mut controls[known].choices;
                choices.push(choice);
                let at = choices.len() - 1;
                // A group of which the first button is disabled is still a group.
                controls[known].disabled = false;
                self.keep(input, form, known, Some(at), true);
            }
            Some(known) => self.keep(input, form, known, None, true),
            None => {
                self.control(input, ControlKind::Radio, "", Some(choice));
            }
        }
    }

    pub(super) fn option(&mut self, option: &Element) {
        // Without a value, the words are the value: set when they are known.
        let value = option.get("value").unwrap_or(NO_VALUE).to_owned();
        let selected = option.has("selected");
        self.into = Into::Select { in_option: true };
        let disabled = option.has("disabled");
        if let Some(control) = self.last_control().filter(|_| !disabled) {
            control.choices.push(Choice { value, label: String::new(), selected });
        } else {
            self.into = Into::Select { in_option: false };
        }
    }

    pub(super) fn control(
        &mut self,
        element: &Element,
        kind: ControlKind,
        value: &str,
        choice: Option<Choice>,
    ) {
        let has_choice = choice.is_some();
        // A picture without words may have them in its file's name.
        let picture = if kind == ControlKind::Image { element.text("src") } else { "" };
        let alt = element.text("alt");
        let control = Control {
            value: value.to_owned(),
            label: fold(if alt.is_empty() { picture } else { alt }),
            id: element.text("id").to_owned(),
            choices: choice.into_iter().collect(),
            checked: element.has("checked"),
            disabled: element.has("disabled"),
            read_only: element.has("readonly"),
            multiple: element.has("multiple"),
            max_length: element.text("maxlength").parse().ok(),
            ..Control::new(kind, element.get("name").unwrap_or(""))
        };
        let form = self.owner(element);
        let controls = self.controls(form);
        controls.push(control);
        let at = controls.len() - 1;
        let handler = format!("{};{}", element.text("onclick"), action_of(element));
        if handler.len() > 1 {
            self.handlers.push((form, at, handler));
        }
        let marked = matches!(kind, ControlKind::Radio | ControlKind::Checkbox);
        self.keep(element, form, at, has_choice.then_some(0), marked);
    }

    /// Notes where a control stands. A hidden one stands nowhere.
    fn keep(
        &mut self,
        element: &Element,
        form: Option<usize>,
        control: usize,
        choice: Option<usize>,
        marked: bool,
    ) {
        let hidden = element.name == "input" && element.text("type").eq_ignore_ascii_case("hidden");
        if !hidden {
            self.items.push((Item::Control { marked }, self.place));
        }
        let legend = self.legends.iter().rev().find(|legend| !legend.is_empty()).cloned().unwrap_or_default();
        let id = element.text("id").to_owned();
        let label = self.open_label.filter(|_| !hidden);
        // A hidden control is kept last in line, and has no label.
        if !hidden {
            let hint = hint_of(element);
            self.kept.push(Kept { form, control, choice, id, legend, label, hint });
        }
    }

    /// The form that a control belongs to: the one that it names, else the one that is open.
    fn owner(&self, element: &Element) -> Option<usize> {
        let named = element.text("form");
        let named = self.ids.iter().position(|id| !named.is_empty() && id == named);
        named.or(self.open)
    }
}

/// A link that runs a script instead of leading somewhere: a button, when the script sends a form.
fn is_script_link(element: &Element) -> bool {
    let href = element.text("href");
    let scheme = href.get(.."javascript:".len()).unwrap_or("");
    scheme.eq_ignore_ascii_case("javascript:") || (element.has("onclick") && matches!(href, "" | "#"))
}

/// What a control says about itself: the weakest of labels.
fn hint_of(element: &Element) -> String {
    let texts = ["aria-label", "placeholder", "title", "accept"].map(|name| element.text(name));
    texts.into_iter().find(|text| !text.is_empty()).map(fold).unwrap_or_default()
}

/// A button that sends the form somewhere of its own (HTML5), in the words of a script.
fn action_of(element: &Element) -> String {
    match element.text("formaction") {
        "" => String::new(),
        action => format!("this.form.action='{}'", action.replace('\'', "%27")),
    }
}
